"""A check of one thing, what it found, and what others may go on from."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from castoff.cloud.calls import call
from castoff.cloud.problems import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from castoff.cloud.doctor.patient import Patient

    Look: TypeAlias = "Callable[[Patient, Mapping[str, Any]], Finding]"


class Verdict(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warning"
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says, and in `hint` the one thing to do; `found` is what others go on from, None for nothing."""

    verdict: Verdict
    words: str
    hint: str = ""
    found: Any = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at; it is looked at once all that it `needs` have found something."""

    group: str
    name: str
    title: str
    look: Look
    needs: tuple[str, ...] = ()


class UnseenError(Exception):
    """Whoever runs this may not look; `action` is what would have to be allowed."""

    def __init__(self, action: str, what: str) -> None:
        super().__init__(f"{what}: not allowed to look ({action})")
        self.action = action
        self.what = what


def ok(words: str, *, found: Any = True) -> Finding:
    """Return that all is well."""
    return Finding(Verdict.OK, words, found=found)


def warn(words: str, hint: str, *, found: Any = True) -> Finding:
    """Return what is well for now."""
    return Finding(Verdict.WARN, words, hint, found)


def wrong(words: str, hint: str, *, found: Any = None) -> Finding:
    """Return what is wrong, and the one thing to do."""
    return Finding(Verdict.WRONG, words, hint, found)


def skipped(why: str, *, found: Any = None) -> Finding:
    """Return why this was not looked at."""
    return Finding(Verdict.SKIPPED, f"not looked at: {why}", found=found)


@contextmanager
def looking(action: str, what: str, *, passing: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Ask AWS: what is forbidden is UnseenError, which names the action to allow; all else CallError."""
    from botocore.exceptions import ClientError  # noqa: PLC0415, the SDK is slow to import

    with call(action.partition(":")[2], what, passing=passing):
        try:
            yield
        except (ClientError, CallError) as error:
            refusal = error.__cause__ if isinstance(error, CallError) else error
            if code_of(refusal) in _FORBIDDEN:
                raise UnseenError(action, what) from error
            raise


def code_of(error: Any) -> str:
    """Return AWS's code in a ClientError; nothing for what is none."""
    return str(getattr(error, "response", {}).get("Error", {}).get("Code", ""))


_FORBIDDEN: Final = frozenset(
    {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "403"}
)
