"""Answers by HTTP, and what makes one AWS's own and whole: a proxy's, or one that was cut, looks much the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

Answered = TypeVar("Answered", bound=Mapping[str, Any])

SIGNS: Final = frozenset({"x-amz-request-id", "x-amzn-requestid"})
"""Headers of which AWS's own answers have one."""


_REDIRECT: Final = 300
_REFUSAL: Final = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer: status, body, and the headers by their names in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_cut(self) -> bool:
        """Whether it breaks off within its headers."""
        if self.status < _REDIRECT:
            return not self.body
        return self.status < _REFUSAL and "location" not in self.headers

    def json(self) -> dict[str, Any] | None:
        """Return the body as a JSON object, or None where it is none."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None


class StrangeAnswerError(Exception):
    """What answered is not AWS, or its answer was cut before what makes it one."""


def whole(answer: Answered, *steps: str) -> Answered:
    """Return an answer that has what these steps lead to: botocore takes a body that was cut for an empty one."""
    found: Any = answer
    for step in steps:
        found = found.get(step)
        if found is None:
            raise StrangeAnswerError
    return answer


_ABSENT: Final = {"NoSuchKey", "404", "NotFound"}


def is_absent(error: Any) -> bool:
    """Tell whether a ClientError is S3's word that there is no such object; a bare 404 is anyone's."""
    headers = error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return code_of(error) in _ABSENT and bool(SIGNS & headers.keys())


def code_of(error: Any) -> str:
    """Return the error code of a ClientError, such as `NoSuchKey`."""
    return str(error.response.get("Error", {}).get("Code", ""))
