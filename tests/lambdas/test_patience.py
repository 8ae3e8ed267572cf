"""Patience: a request begins nothing more after its time, well before anyone gives up on it."""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lambdas.service import aws
from lambdas.service.patience import LONGEST, TO_FINISH, finishing, seconds_left, within
from lambdas.service.table import Key, Table
from lambdas.shipcaptaincrew.tick import SECONDS

GATEWAY = 29


def test_a_bound_within_a_bound_only_shortens() -> None:
    """Who has little time gets no more of it from a larger bound, but for what has to be noted."""
    with within(5), within(60):
        assert 4 < seconds_left() <= 5
        with finishing():
            assert 4 < seconds_left() <= 5
    with within(0), finishing():
        assert TO_FINISH - 1 < seconds_left() <= TO_FINISH


@pytest.fixture
def longest(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], float]:
    """Return for how long a client's call goes on that nobody answers."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")

    def seconds(client: str) -> float:
        config = getattr(aws, client).__wrapped__().meta.config
        attempts = config.retries["total_max_attempts"]
        return float(attempts * (config.connect_timeout + config.read_timeout) + (attempts - 1))

    return seconds


@pytest.fixture
def life() -> float:
    """Return after how many seconds the template ends either Lambda."""
    template = (Path(__file__).parents[2] / "infra" / "stack.yaml").read_text(encoding="utf-8")
    [seconds] = set(re.findall(r"^      Timeout: ([0-9]+)$", template, re.MULTILINE))
    return float(seconds)


@pytest.mark.parametrize("client", ["dynamodb", "sesv2", "secretsmanager", "keyvaluestore"])
def test_the_last_call_ends_before_the_lambda_does(longest: Callable[[str], float], life: float, client: str) -> None:
    """Begun at the last moment and never answered, each kind of call is over before a Lambda ends."""
    assert LONGEST + longest(client) < life < GATEWAY


@pytest.mark.parametrize("begins", [LONGEST, SECONDS], ids=["request", "tick"])
def test_the_last_mail_is_noted_before_the_lambda_ends(
    longest: Callable[[str], float], life: float, begins: float
) -> None:
    """A claim begun at the last moment, the mail, and the last attempt to note it, each as slow as can be, fit in."""
    claim, mail, note = longest("dynamodb"), longest("sesv2"), TO_FINISH + longest("dynamodb")

    assert begins + claim + mail + note < life


def test_a_slow_table_is_no_slow_answer(make_scc: Callable[..., TestClient], dynamodb: Any, table_name: str) -> None:
    """A request whose parts are slow is answered in its time, with a word to ask again."""

    class Slow(Table):
        """A table whose every reading takes a second more than a request has."""

        def get(self, key: Key) -> Any:
            """Read, late."""
            read.append(key)
            time.sleep(max(0.0, seconds_left() - LONGEST + 0.05))
            with within(0):
                return super().get(key)

    read: list[Key] = []
    slow = make_scc(storage=Slow(lambda: dynamodb, table_name))

    answer = slow.get("/events/ev-1")

    assert (answer.status_code, answer.json()["error"], answer.headers["Retry-After"]) == (503, "unavailable", "2")
    assert len(read) == 1
