"""The command that shows a folded plan whole is of the same plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from castoff.cli.plans import whole_plan
from castoff.cli.publishing import Asked
from publisher.looks import Look
from publisher.planning.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

ASKED: Final = Asked(
    target="production",
    as_of="2024-05-30 09:00",
    full=True,
    look=Look.SWEEP,
    yes=False,
    expect=None,
    limits=Limits(),
    force_from=None,
    lease=None,
    summary=None,
    as_json=False,
)


@pytest.mark.parametrize(
    ("options", "command"),
    [
        ({}, "castoff plan --whole"),
        ({"against": "origin/main"}, "castoff plan --against origin/main --whole"),
        ({"full": True}, "castoff plan --full --whole"),
        ({"look": Look.REPAIR}, "castoff plan --repair --whole"),
        ({"look": Look.SWEEP}, "castoff plan --repair --remove-strays --whole"),
        ({"limits": Limits(max_removed=9)}, "castoff plan --max-removed 9 --whole"),
        ({"limits": Limits(allow_empty=True)}, "castoff plan --allow-empty --whole"),
        ({"as_of": "2024-05-30 09:00"}, "castoff plan --as-of '2024-05-30 09:00' --whole"),
        ({"look": Look.ADOPT}, ""),
    ],
)
def test_the_same_options_are_given_again(options: Mapping[str, Any], command: str) -> None:
    """Whoever copies it sees that plan; where no command shows it, none is named."""
    assert whole_plan(**options) == command


@pytest.mark.parametrize(
    ("asked", "command"),
    [
        pytest.param({}, "castoff plan --as-of '2024-05-30 09:00' --full --repair --remove-strays --whole", id="asked"),
        pytest.param({"yes": True}, "", id="once it is applied none of it is left to plan"),
        pytest.param({"force_from": "main"}, "", id="of a history since rewritten"),
    ],
)
def test_a_publish_names_the_plan_that_it_asks_about(asked: dict[str, Any], command: str) -> None:
    """With the options that it was given itself."""
    assert replace(ASKED, **asked).more == command
