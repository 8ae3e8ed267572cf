"""What is looked at: a target with its account, its sites and its services."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from castoff.cloud.account import Account
    from castoff.cloud.template import Template

EDGE_REGION: Final = "us-east-1"
"""Where CloudFront looks for its certificates."""


@dataclass(frozen=True, slots=True)
class Told:
    """An HTTP answer: status, headers in lower case, the JSON object in its body where there is one, its text."""

    status: int
    headers: Mapping[str, str]
    value: Mapping[str, Any] | None
    text: str = field(default="", repr=False)


class Ask(Protocol):
    """A service, asked with its key or without; why there was no answer is told as text."""

    def __call__(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, keyed: bool) -> Told | str:
        """Ask once more where no answer came."""
        ...


@dataclass(frozen=True, slots=True)
class Site:
    """One of the sites: what it is called in castoff.yaml, its host, its bucket, its distribution."""

    name: str
    domain: str
    bucket: str
    distribution: str


@dataclass(frozen=True, slots=True)
class Service:
    """A service: what it is called, the header with its key, a path that it answers, its list, its address."""

    name: str
    header: str
    path: str
    lists: str
    url: str
    ask: Ask


@dataclass
class Patient:
    """One target; `stack` is the name of its stack, where it has one of castoff's.

    `function` is the edge's code as it stands here, and `template` the stack's. `send` posts bytes of a kind to a URL;
    `present` returns the certificate that a host presents (as `ssl` has it), or why there is none; `wall` is the
    machine's clock.
    """

    target: str
    embedded: bool
    account: Account
    sites: tuple[Site, ...]
    state: str
    uploads: str
    scc: Service
    dashboard: Service
    function: str
    template: Template
    unlisted: bool
    stack: str
    send: Callable[[str, str, bytes], Told | str]
    present: Callable[[str], Mapping[str, Any] | str]
    wall: Callable[[], datetime]
    _clients: dict[tuple[str, str | None], Any] = field(default_factory=dict)
    _making: Lock = field(default_factory=Lock)

    def client(self, service: str, region: str | None = None) -> Any:
        """Return a client that asks twice at most and waits a few seconds; boto3 makes one at a time."""
        from botocore.config import Config  # noqa: PLC0415, the SDK is slow to import

        with self._making:
            if (service, region) not in self._clients:
                brief = Config(connect_timeout=3, read_timeout=6, retries={"total_max_attempts": 2})
                make: Any = self.account.session.client
                self._clients[service, region] = make(
                    service,
                    region_name=region or self.account.region,
                    **{**self.account.options, "config": self.account.options["config"].merge(brief)},
                )
            return self._clients[service, region]

    @property
    def setup(self) -> str:
        """The command that brings the stack about."""
        return "castoff cloud start" if self.embedded else f"castoff setup --target {self.target}"
