"""Records of publishes in the embedded S3, under the publisher's own role: written once, listed in time's order."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from castoff.cli.releasing import embedded_target
from publisher.adapters.aws import Aws
from publisher.adapters.clock import SystemClock
from publisher.adapters.patience import Patience
from publisher.adapters.records import S3Records
from publisher.errors import ConflictError, PublishError
from publisher.fates import Fate
from publisher.record import Deed, Record

if TYPE_CHECKING:
    from castoff.cloud.facts import Facts

RECORD = Record(
    serial=1_716_900_000,
    at="2024-05-28T12:00:00+00:00",
    by="publish",
    commit="c0ffee",
    as_of="2024-05-28T12:00:00-07:00",
    broke_off=False,
    actions=1,
    bookings={"xhqgmdh": Deed(Fate.NEW, "confirmed")},
)


@pytest.fixture
def records(cloud: Facts) -> S3Records:
    """Return the records below a prefix that no other test uses."""
    aws = Aws(embedded_target("local", cloud), clock=SystemClock(), patience=Patience())
    return S3Records(aws, cloud.outputs["StateBucket"], f"{secrets.token_hex(4)}/")


def test_what_was_written_is_read(records: S3Records) -> None:
    """The same record; written again, too, as after an answer that was lost."""
    records.write(RECORD)
    records.write(RECORD)

    assert records.read(RECORD.serial) == RECORD


def test_another_record_of_the_same_serial_is_refused(records: S3Records) -> None:
    """No publish writes over what another says that it did."""
    records.write(RECORD)

    with pytest.raises(ConflictError):
        records.write(replace(RECORD, commit="beef"))

    assert records.read(RECORD.serial) == RECORD


def test_serials_are_listed_in_their_order(records: S3Records) -> None:
    """Numbers of any length go by time, not by the alphabet, and those up to one can be left out."""
    for serial in (1_716_900_000, 7, 10_000_000_000):
        records.write(replace(RECORD, serial=serial))

    assert records.serials() == [7, 1_716_900_000, 10_000_000_000]
    assert records.serials(after=7) == [1_716_900_000, 10_000_000_000]


def test_a_record_that_is_not_there_says_where(records: S3Records) -> None:
    """In words, with its place."""
    with pytest.raises(PublishError, match=r"GetObject on s3://.*/history/000000000007\.json\.gz"):
        records.read(7)
