"""Forms for a preview, signed by ShipCaptainCrew in the embedded cloud, as long as that runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from castoff.cli.releasing import embedded_target
from castoff.cloud.embedded import fresh_facts
from castoff.cloud.problems import CloudError
from castoff.cloud.processes import is_ours
from castoff.preview.forms import UnsignedError
from publisher.adapters.patience import Patience
from publisher.adapters.world import connect
from publisher.errors import PublishError

if TYPE_CHECKING:
    from castoff.cloud.place import Place
    from castoff.contract.slots import Form, Slot

_LONGEST: Final = timedelta(days=7)
"""How long a signature can live (AWS, SigV4)."""
_PATIENCE: Final = Patience(connect=1, read=10, tries=1)
"""A page waits for its form, and comes without it rather than late."""


class EmbeddedSigner:
    """Asks the embedded cloud of a project, wherever it has got to: it may start, stop, and start anew meanwhile."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def present(self) -> str | None:
        """Return the process that the cloud is and when it was started, None where it does not run."""
        program = self._place.program("cloud")
        if program is None or not self._place.facts.exists() or not is_ours(program.pid, mark=self._place.mark):
            return None
        try:
            started = self._place.note("cloud").stat().st_mtime_ns
        except FileNotFoundError:
            return None  # it has just been stopped
        return f"{program.pid}.{started}"

    def sign(self, slot: Slot) -> Form:
        """Return a form for a slot, good until its window closes, or for as long as a signature can live."""
        now, closes = datetime.now(UTC), datetime.fromisoformat(slot.closes)
        if closes <= now:
            raise UnsignedError("its window is over, by the clock that signatures go by")
        try:
            facts = fresh_facts(self._place)
            if facts is None:
                raise UnsignedError("the embedded cloud does not answer")
            crew = connect(embedded_target("local", facts), patience=_PATIENCE).crew
            return crew.presign(slot, until=min(closes, now + _LONGEST).isoformat())
        except CloudError as error:
            raise UnsignedError(error.message) from error
        except PublishError as error:
            raise UnsignedError(error.words) from error
