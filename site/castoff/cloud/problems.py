"""What the cloud cannot go on from, in words for the person at the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path


_BY_HAND: Final = (
    "see what is in its way with `aws cloudformation describe-stack-events --stack-name {stack}`,"
    " remove the stack with `aws cloudformation delete-stack --stack-name {stack}`, then run it again"
)
_AFTER_FAILURE: Final = {
    "ROLLBACK_COMPLETE": "what was half made has been taken back: mend the first cause, then run it again",
    "UPDATE_ROLLBACK_COMPLETE": "the stack is as it was before: mend the first cause, then run it again",
    "UPDATE_ROLLBACK_FAILED": (
        "mend the first cause, then `aws cloudformation continue-update-rollback --stack-name {stack}`"
    ),
    "CREATE_FAILED": _BY_HAND,
    "ROLLBACK_FAILED": _BY_HAND,
    "DELETE_FAILED": _BY_HAND,
}


class CloudError(Exception):
    """What went wrong, and the one thing to do about it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class ProgramMissingError(CloudError):
    """The embedded cloud's program is nowhere to be found."""

    def __init__(self, looked_at: Iterable[str]) -> None:
        super().__init__(
            f"no embedded cloud is installed (looked at {', '.join(looked_at)})",
            hint="`make setup` installs it",
        )


class PortTakenError(CloudError):
    """Another program listens where the embedded cloud would."""

    def __init__(self, port: int, *, option: str) -> None:
        super().__init__(
            f"port {port} on 127.0.0.1 is taken by another program",
            hint=f"stop that program, or choose another port with `{option}`",
        )
        self.port = port


class RunsElsewhereError(CloudError):
    """A program of the embedded cloud runs already, and not where it is wanted."""

    def __init__(self, port: int, *, option: str) -> None:
        super().__init__(
            f"it runs already, at port {port}",
            hint=f"`castoff cloud stop` it first, then start it with `{option}`",
        )


class NotHealthyError(CloudError):
    """A program of the embedded cloud ended, or never answered, while it was starting."""

    def __init__(self, what: str, *, log: Path, last_lines: str) -> None:
        super().__init__(
            f"{what} did not come up" + (f":\n{last_lines}" if last_lines else ""),
            hint=f"the whole log is {log}",
        )


class PackagingError(CloudError):
    """The Lambdas' code or packages could not be put together."""


class StackError(CloudError):
    """CloudFormation gave up; the events say why."""

    def __init__(self, stack: str, *, status: str, reasons: tuple[str, ...]) -> None:
        told = "".join(f"\n  {reason}" for reason in reasons)
        super().__init__(
            f"stack `{stack}` ended as {status}{told}", hint=_AFTER_FAILURE.get(status, "").format(stack=stack)
        )
        self.status = status
        self.reasons = reasons


class SecretError(CloudError):
    """A secret holds something else than it should; what it holds is not said."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"secret `{name}`: {why}", hint="Secrets Manager keeps its previous version: put that back")


class CallError(CloudError):
    """AWS refused a call, or never answered it."""

    def __init__(self, operation: str, what: str, why: str, *, hint: str = "") -> None:
        super().__init__(f"{what}: {operation} failed: {why}", hint=hint)


class RivalError(CloudError):
    """Another deployment kept changing what this one had brought about."""

    def __init__(self, name: str) -> None:
        super().__init__(f"secret `{name}`: it kept changing", hint="deploy again once no other deploy is under way")


class TooSoonError(CloudError):
    """The key before the present one may still be in use."""

    def __init__(self, kind: str, *, until: datetime) -> None:
        super().__init__(
            f"the {kind} key was changed a short time ago, and what the one before it opened may be in use until "
            f"{until:%Y-%m-%d}",
            hint="wait until then; or `--leaked`, if the present key leaked: it ends both at once",
        )


class FactsError(CloudError):
    """The facts file is not one that this version wrote."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}", hint="`castoff cloud reset` starts afresh")
