"""The serial's fence: once a publisher with a higher serial has been seen, an older one can do nothing more.

Every call raises the fence first and reads afterwards, reads included: what it then finds can no longer be changed
by a call with a lower serial, which a fence checked only while writing would allow between a read and its decision.
"""

from collections.abc import Sequence

from lambdas.service.promises import reads_header
from lambdas.service.refusals import RefusalError
from lambdas.service.table import ConditionError, Key, Table, Update

HEADER = "X-Castoff-Serial"
LABEL = "fence"
_LARGEST = 2**53

reads_serial = reads_header(
    HEADER, type="integer", minimum=0, maximum=_LARGEST, description="The publisher's; an older one is refused"
)
"""Notes of a dependency that it reads the serial, of which whatever has a fence makes use."""


def parse_serial(text: str | None) -> int | None:
    """Return the header's serial, None without the header; RefusalError when it is no number."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST)) and int(text) <= _LARGEST):
        raise RefusalError(422, "invalid_field", "must be a whole number, zero or more", field=HEADER)
    return int(text)


def raise_fence(table: Table, subject: str, serial: int | None) -> None:
    """Note that `serial` was seen for a subject (`booking#…`, `member#…`); RefusalError 409 for a lower one."""
    if serial is None:
        return
    try:
        table.write(_raised(subject, serial))
    except ConditionError:
        raise stale_serial() from None


def fence_steps(subject: str, serial: int | None) -> Sequence[Update]:
    """Return what a write adds to its steps so that it leaves its serial, and fails once a higher one has been seen."""
    return () if serial is None else (_raised(subject, serial),)


def stale_serial() -> RefusalError:
    """Return the refusal of a call that is older than one already seen."""
    words = "a publish with a higher serial has been here since; plan anew"
    return RefusalError(409, "stale_serial", words, field=HEADER)


def _raised(subject: str, serial: int) -> Update:
    return Update(
        Key(f"fence#{subject}", "fence"),
        change="SET #serial = :serial",
        condition="attribute_not_exists(#serial) OR #serial <= :serial",
        values={"serial": serial},
        label=LABEL,
    )
