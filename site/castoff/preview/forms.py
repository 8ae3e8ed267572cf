"""The forms in the slots of pages: real ones while someone signs them, else those that say they are only a preview."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from castoff.contract.slots import Form, Slot

SPARE: Final = timedelta(minutes=10)
"""What a form has left when the next one is asked for: longer than a page takes to be looked at and sent."""

REFUSED: Final = timedelta(minutes=1)
"""How long a slot that was refused is not asked for again."""


class UnsignedError(Exception):
    """Nobody signs this form; the words say why."""


class Signer(Protocol):
    """Whoever signs forms, here one moment and gone the next."""

    def present(self) -> str | None:
        """Return what tells whoever is here from everybody before, None for nobody; at no cost, since every page asks.

        What one has signed is worth nothing to the next.
        """
        ...

    def sign(self, slot: Slot) -> Form:
        """Return a form for a slot; raise UnsignedError where it is refused, or nobody answers."""
        ...


class Forms:
    """One form a slot, kept until it nears its end; `clock` is the real one, since signatures die by it."""

    def __init__(self, signer: Signer, *, clock: Callable[[], datetime], say: Callable[[str], None]) -> None:
        self._signer = signer
        self._clock = clock
        self._say = say
        # Guards everything beneath; held for moments, and never while a form is signed.
        self._lock = Lock()
        # Several threads make pages, and each form is signed once: one that takes long holds its own slot alone.
        self._turns: dict[Slot, Lock] = {}
        self._here: str | None = None
        self._kept: dict[Slot, tuple[Form | None, datetime]] = {}
        self._real = False
        self._said: set[str] = set()

    def of(self, slots: Iterable[Slot]) -> dict[str, Form | None]:
        """Return the form of each slot by its name; None is one that sends nothing and says so."""
        return {slot.name: self._form(slot) for slot in slots}

    def _form(self, slot: Slot) -> Form | None:
        with self._lock:
            turn = self._turns.setdefault(slot, Lock())
        with turn:
            here = self._signer.present()
            with self._lock:
                if here != self._here:
                    self._kept.clear()
                    self._here = here
                kept = self._kept.get(slot)
            if here is None:
                self._tell(real=False)
                return None
            if kept is None or self._clock() >= kept[1]:
                kept = self._signed(slot)
                with self._lock:
                    if here == self._here:
                        self._kept[slot] = kept
            return kept[0]

    def _signed(self, slot: Slot) -> tuple[Form | None, datetime]:
        """Return a new form, and until when it is kept."""
        try:
            form = self._signer.sign(slot)
        except UnsignedError as error:
            self._explain(f"a preview of the upload form of {slot.booking} for now: {error}")
            return None, self._clock() + REFUSED
        self._tell(real=True)
        # Without its ticket: a page renews itself with that at an address that a preview does not have.
        return replace(form, ticket=""), datetime.fromisoformat(form.expires) - SPARE

    def _explain(self, words: str) -> None:
        with self._lock:
            known = words in self._said
            self._said.add(words)
        if not known:
            self._say(words)

    def _tell(self, *, real: bool) -> None:
        with self._lock:
            changed = real != self._real
            self._real = real
        if changed:
            self._say("upload forms are real now" if real else "the cloud has stopped: upload forms are previews again")
