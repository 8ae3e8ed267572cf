"""The running cloud's values, as other programs of the project read them: `.castoff/cloud.json`."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from castoff.cloud.problems import FactsError

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 1


@dataclass(frozen=True)
class Credentials:
    """A key of one principal; `token` and `expires` for one that was lent by a role."""

    key: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
    expires: datetime | None = None


@dataclass(frozen=True)
class Facts:
    """Where the embedded cloud answers, what the stack is called, and who may do what there."""

    endpoint: str
    region: str
    edge: str
    pids: Mapping[str, int]
    stack: str
    outputs: Mapping[str, str]
    credentials: Mapping[str, Credentials]


def parse_facts(text: str) -> Facts:
    """Read the file's JSON; ValueError or KeyError where it is another thing."""
    document = json.loads(text)
    if document.get("format") != FORMAT:
        raise ValueError(f"format is {document.get('format')!r}, not {FORMAT}")
    return Facts(
        endpoint=document["endpoint"],
        region=document["region"],
        edge=document["edge"],
        pids=document["pids"],
        stack=document["stack"],
        outputs=document["outputs"],
        credentials={who: _credentials(lent) for who, lent in document["credentials"].items()},
    )


def facts_text(facts: Facts) -> str:
    """Write the facts as JSON, sorted, newline at the end."""
    document: dict[str, Any] = {"format": FORMAT, **asdict(facts)}
    for lent in document["credentials"].values():
        lent["expires"] = lent["expires"].isoformat() if lent["expires"] else None
        for absent in [name for name, value in lent.items() if value is None]:
            del lent[absent]
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def load_facts(path: Path) -> Facts | None:
    """Read the facts file, None where there is none; FactsError where it is another thing."""
    try:
        text = path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        return parse_facts(text)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FactsError(path, f"not the facts of a running cloud ({error})") from error


def save_facts(facts: Facts, path: Path) -> None:
    """Put the facts in place in one step; they hold keys, so nobody else may read them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, written = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600 already
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(facts_text(facts))
        Path(written).replace(path)
    except BaseException:
        Path(written).unlink(missing_ok=True)
        raise


def _credentials(lent: Mapping[str, str]) -> Credentials:
    expires = lent.get("expires")
    return Credentials(
        key=lent["key"],
        secret=lent["secret"],
        token=lent.get("token"),
        expires=datetime.fromisoformat(expires) if expires else None,
    )
