"""Objects: each put over what the last publish left there, upload forms filled in; each deleted if it still is that."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from castoff.contract.document import DocumentError
from castoff.contract.slots import fill
from publisher.errors import PublishError
from publisher.planning.diff import lasts
from publisher.ports import End, Write

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from castoff.contract.plan import Delete, Put
    from castoff.contract.slots import Form, Slot
    from castoff.contract.state import PublishedFile
    from publisher.applying.outcome import Outcome
    from publisher.folder import ReleaseFolder
    from publisher.ports import Doing, Stored, World

LONGEST_SIGNATURE: Final = timedelta(days=7)
"""How long a signature of SigV4 can live."""


class Pages:
    """The objects of one release, written with a publish's serial; `outcome` has each as soon as it is confirmed.

    `before` is what stands at each path, as it was planned from. The bytes of those whose paths are in `kept` are kept
    in `filled`.
    """

    def __init__(
        self,
        folder: ReleaseFolder,
        world: World,
        outcome: Outcome,
        *,
        before: Mapping[str, PublishedFile],
        serial: int,
        kept: Collection[str],
        example: bool,
    ) -> None:
        self._folder = folder
        self._release = folder.release
        self._world = world
        self._before = before
        self._serial = serial
        self._outcome = outcome
        self._kept = kept
        self._example = example
        self.filled: dict[str, bytes] = {}

    def put(self, action: Put) -> None:
        """Write one object, its forms asked for just before."""
        slots = self._release.files[action.subject].slots
        forms = {slot.name: self._form(slot, action) for slot in slots}
        write = self.write_of(action, forms)
        stored = self._world.objects.put(write)
        if slots:
            ends = [form.expires if (form := forms[slot.name]) else self._until(slot) for slot in slots]
            self._outcome.forms[action.subject] = min(ends, key=datetime.fromisoformat)
        self.written(action, write, stored)

    def writes(self) -> PagesUnderWay:
        """Return what writes many objects at once, of those that have no forms."""
        return PagesUnderWay(self, self._world.objects.writes())

    def write_of(self, action: Put, forms: Mapping[str, Form | None]) -> Write:
        """Return an object as it shall stand."""
        file = self._release.files[action.subject]
        try:
            body = fill(self._folder.body(file), forms=forms, serial=self._serial)
        except DocumentError as error:
            raise PublishError(f"{action.subject} cannot be filled: {error}", hint="run `castoff check`") from error
        before = self._before.get(action.subject)
        etag = before.etag if before else None
        return Write(file.site, file.key, body, file.content_type, file.cache_control, etag)

    def written(self, action: Put, write: Write, stored: Stored) -> None:
        """Note that an object stands as it shall."""
        if action.subject in self._kept:
            self.filled[action.subject] = write.body
        self._outcome.written[action.subject] = stored

    def left_of(self, actions: Iterable[Delete]) -> list[Delete]:
        """Return what is still to be deleted: what a broken publish had deleted already needs no request."""
        actions = list(actions)
        gone = {action.subject for action in actions if self._before[action.subject].etag is None}
        self._outcome.deleted |= gone
        return [action for action in actions if action.subject not in gone]

    def delete(self, action: Delete) -> None:
        """Delete one object, if it still is what was seen there."""
        etag = self._before[action.subject].etag
        if etag is None:
            raise AssertionError(action.subject)
        self._world.objects.delete(action.site, action.key, etag=etag)
        self._outcome.deleted.add(action.subject)

    def _until(self, slot: Slot) -> str:
        """Return until when a form is to live: for as long as can be signed, but not after its window."""
        longest = datetime.fromisoformat(self._release.as_of) + LONGEST_SIGNATURE
        return min(longest, datetime.fromisoformat(slot.closes)).isoformat()

    def _form(self, slot: Slot, action: Put) -> Form | None:
        """Return a form that lives until the next run; None on an example site, when that is over by the real clock."""
        until = self._until(slot)
        if datetime.fromisoformat(until).timestamp() <= self._world.clock.now():
            if self._example:
                return None
            raise PublishError(
                f"the upload form of {action.subject} would be dead: {until} has passed",
                hint="publish without `--as-of`",
            )
        form = self._world.crew.presign(slot, until=until)
        if not lasts(form.expires, slot, next_run=self._release.next_run):
            raise PublishError(
                f"the upload form of {action.subject} would die at {form.expires},"
                f" before the next run at {self._release.next_run}",
                hint="publish more often, and say so in castoff.yaml (`uploads.next_run`)",
            )
        return form


class PagesUnderWay:
    """Objects without forms that are being written."""

    def __init__(self, pages: Pages, doing: Doing[Write, Stored]) -> None:
        self._pages = pages
        self._doing = doing
        self._actions: dict[Write, Put] = {}

    def begin(self, action: Put) -> None:
        """Begin to write an object."""
        write = self._pages.write_of(action, {})
        self._actions[write] = action
        self._doing.begin(write)

    def ended(self, seconds: float) -> list[End[Put, Stored]]:
        """Return which have ended since the last look, as soon as one has, or so many seconds after."""
        return [self._end(end) for end in self._doing.ended(seconds)]

    def close(self) -> None:
        """Let go of what is under way."""
        self._doing.close()

    def _end(self, end: End[Write, Stored]) -> End[Put, Stored]:
        action = self._actions.pop(end.piece)
        if not isinstance(end.came, BaseException):
            self._pages.written(action, end.piece, end.came)
        return End(action, end.came, end.seconds)
