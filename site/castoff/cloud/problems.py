"""What the cloud cannot go on from, in words for the person at the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


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
        super().__init__(f"stack `{stack}` ended as {status}{told}")
        self.status = status
        self.reasons = reasons


class SecretError(CloudError):
    """A secret holds something else than it should; what it holds is not said."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"secret `{name}`: {why}", hint="Secrets Manager keeps its previous version: put that back")


class CallError(CloudError):
    """AWS refused a call, or never answered it."""

    def __init__(self, operation: str, what: str, why: str) -> None:
        super().__init__(f"{what}: {operation} failed: {why}")


class RivalError(CloudError):
    """Another deployment kept changing what this one had brought about."""

    def __init__(self, name: str) -> None:
        super().__init__(f"secret `{name}`: it kept changing", hint="deploy again once no other deploy is under way")


class FactsError(CloudError):
    """The facts file is not one that this version wrote."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}", hint="`castoff cloud reset` starts afresh")
