"""Patience: a request begins nothing more after its time, well before anyone gives up on it."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lambdas.service import aws
from lambdas.service.patience import LONGEST, TO_FINISH, finishing, seconds_left, within
from lambdas.service.table import Key, Table

LIFE = 20  # seconds: `Timeout` of the template's Lambdas
GATEWAY = 29


def test_a_bound_within_a_bound_only_shortens() -> None:
    """Who has little time gets no more of it from a larger bound, but for what has to be noted."""
    with within(5), within(60):
        assert 4 < seconds_left() <= 5
        with finishing():
            assert 4 < seconds_left() <= 5
    with within(0), finishing():
        assert TO_FINISH - 1 < seconds_left() <= TO_FINISH


@pytest.mark.parametrize("client", ["dynamodb", "sesv2", "secretsmanager", "keyvaluestore"])
def test_the_last_call_ends_before_the_lambda_does(monkeypatch: pytest.MonkeyPatch, client: str) -> None:
    """Begun at the last moment and never answered, each kind of call is over before a Lambda ends."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    config = getattr(aws, client).__wrapped__().meta.config
    attempts = config.retries["total_max_attempts"]

    longest = attempts * (config.connect_timeout + config.read_timeout) + (attempts - 1)

    assert LONGEST + longest < LIFE < GATEWAY


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
