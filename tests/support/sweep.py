"""The sweep of a harbour: every secret that its cloud holds, and money, looked for in all that anybody gets to see.

Secrets are read from the cloud itself and outputs from wherever they come to lie, so neither is a list to be kept.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from support.said import said

from castoff.cloud.account import account_in
from castoff.cloud.facts import load_facts
from castoff.cloud.place import place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from support.harbour import Harbour

    from castoff.cloud.account import Account
    from castoff.cloud.facts import Facts

MONEY: Final = "840.75"
"""The revenue of every booking of `Project.book`."""

_SHORTEST: Final = 12
"""Signs of the shortest secret that is looked for: less comes up by chance."""

_OPEN: Final = re.compile(r"(?:[_#]id|_hash|_hashes)$")
"""Fields beside a secret that may be seen: the id of a key stands in each upload form."""

_MONEY_STAYS: Final = re.compile(r"private\.json$|^bookings/")
"""Files in which money belongs: the operator's own, and what is read by the one action that hands it on."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What nobody may see, by where it is kept."""

    kept: Mapping[str, str]

    def __add__(self, others: Secrets) -> Secrets:
        """Return both: a key that was rotated away is still nobody's business."""
        return Secrets({**others.kept, **self.kept})

    def leaks(self, places: Iterable[tuple[str, str | bytes]]) -> list[str]:
        """Return where something of it shows, without saying it again."""
        spelled = {spelling: name for name, value in self.kept.items() for spelling in _spellings(value)}
        found = set()
        for place, text in places:
            body = text.encode() if isinstance(text, str) else text
            found |= {f"{place} shows {name}" for spelling, name in spelled.items() if spelling in body}
        return sorted(found)


def secrets_of(harbour: Harbour) -> Secrets:
    """Return every secret that the cloud holds now or held before, and every credential of its facts."""
    facts = _facts(harbour)
    kept = {}
    for who, held in facts.credentials.items():
        kept[f"the secret key of {who}"] = held.secret
        kept[f"the session token of {who}"] = held.token or ""
    vault = _client(_admin(harbour), "secretsmanager")
    for page in vault.get_paginator("list_secrets").paginate():
        for secret in page["SecretList"]:
            for version in vault.list_secret_version_ids(SecretId=secret["ARN"], IncludeDeprecated=True)["Versions"]:
                whole = vault.get_secret_value(SecretId=secret["ARN"], VersionId=version["VersionId"])
                for field, value in _fields(whole.get("SecretString", "")):
                    kept[f"{secret['Name']}{field} ({version['VersionId'][:8]})"] = value
    return Secrets({name: value for name, value in kept.items() if len(value) >= _SHORTEST})


def sweep(harbour: Harbour, secrets: Secrets) -> list[str]:
    """Return where a secret or money shows, in all that programs said and services wrote, sent and logged."""
    seen = list(seen_in(harbour))
    money = Secrets({"what guests paid": MONEY})
    return secrets.leaks(seen) + money.leaks((place, text) for place, text in seen if not _MONEY_STAYS.search(place))


def seen_in(harbour: Harbour) -> Iterator[tuple[str, str | bytes]]:
    """Yield all that somebody may get to see of a harbour, with where it lies."""
    yield from (("what a program said", text) for text in said())
    yield "what was asked for", "\n".join(harbour.turnstile.passed)
    account = _admin(harbour)
    outputs = harbour.project.facts["outputs"]
    for bucket in ("GuestBucket", "OpsBucket", "StateBucket"):
        yield from _objects(_client(account, "s3"), outputs[bucket], name=bucket)
    for mail in harbour.witness.mails():
        yield f"the mail `{mail.subject}`", f"{mail.subject}\n{mail.text}"
    logs = _client(account, "logs")
    for page in logs.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
                yield group["logGroupName"], "\n".join(event["message"] for event in events["events"])
    root = harbour.project.root
    for folder in (".castoff/publish", ".castoff/status", "build"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file():
                yield str(path.relative_to(root)), path.read_bytes()
    place = place_of(root)
    yield from ((f"the log of the {name}", place.log(name).read_bytes()) for name in ("cloud", "edge"))


def _objects(s3: Any, bucket: str, *, name: str) -> Iterator[tuple[str, bytes]]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for item in page.get("Contents", ()):
            body = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
            yield f"{name}: {item['Key']}", gzip.decompress(body) if item["Key"].endswith(".gz") else body


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """Yield the texts in a secret: of its fields, or the whole of one that has none."""
    try:
        value: Any = json.loads(text)
    except ValueError:
        value = text
    yield from _texts("", value)


def _texts(at: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case str() if not _OPEN.search(at):
            yield at, value
        case dict():
            for name, inner in value.items():
                yield from _texts(f"{at}#{name}", inner)
        case list():
            for inner in value:
                yield from _texts(at, inner)


def _spellings(value: str) -> set[bytes]:
    """Return a secret as it may come: plain, within JSON, in an address, or as base64 from its beginning on."""
    plain = value.encode()
    begun = base64.b64encode(plain)[: len(plain) // 3 * 4]
    return {plain, json.dumps(value)[1:-1].encode(), quote(value, safe="").encode(), begun}


def _admin(harbour: Harbour) -> Account:
    return account_in(replace(_facts(harbour), endpoint=harbour.behind), "admin")


def _facts(harbour: Harbour) -> Facts:
    facts = load_facts(harbour.project.root / ".castoff" / "cloud.json")
    assert facts is not None, "the cloud is gone, and nobody can say what was secret"
    return facts


def _client(account: Account, service: str) -> Any:
    return account.session.client(service, **account.options)  # type: ignore[call-overload]
