"""`castoff status` while it looks: Ctrl-C is heard, however long the calls take that are under way."""

from __future__ import annotations

import signal

import pytest

from castoff.cli.status import look
from castoff.cli.terminal import Progress
from castoff.contract.release import Site
from castoff.contract.state import State
from publisher.seen import Wish
from publisher.target import Credentials, ServiceTarget, SiteTarget, Target

NOBODY = "http://127.0.0.1:9"


class Pressed(Progress):
    """A progress at whose first step somebody presses Ctrl-C."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed = False

    def step(self, words: str, *, done: int = 0, total: int = 0, sent: int = 0, size: int = 0) -> None:
        """Press it once: twice ends the program."""
        super().step(words, done=done, total=total, sent=sent, size=size)
        if not self.pressed:
            self.pressed = True
            signal.raise_signal(signal.SIGINT)


def test_ctrl_c_is_heard_while_it_looks(capfd: pytest.CaptureFixture[str]) -> None:
    """It is answered at once, what is under way is finished, nothing else begins; and nothing was changed."""
    target = Target(
        name="tried",
        sites={site: SiteTarget(NOBODY, f"{site.value}-pages", "E1EXAMPLE") for site in Site},
        state="s3://state/",
        scc=ServiceTarget(NOBODY, "env:NOBODY"),
        dashboard=ServiceTarget(NOBODY, "env:NOBODY"),
        region="us-west-2",
        endpoint=NOBODY,
        credentials=Credentials("key", "secret"),
    )

    with pytest.raises(SystemExit) as ended:
        look(target, Wish((), {}, ("2024-05-01", "2024-06-01")), State(), Pressed())

    assert ended.value.code == 130
    assert capfd.readouterr().err == (
        "\nstopping: what is under way is finished, and nothing else begins; once more stops at once\n"
        "error: stopped, as asked\n"
        "  hint: nothing was changed: it only looks\n"
    )
