"""A witness: what the services themselves say is there, asked with their own keys and never through the publisher."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode, urlsplit

import boto3
import urllib3
from botocore.config import Config
from support.gateway import Caller

from castoff.cloud.facts import Credentials

if TYPE_CHECKING:
    from collections.abc import Mapping

_BUCKETS: Final = {"guest": "GuestBucket", "ops": "OpsBucket"}
_SERIAL: Final = re.compile(rb"castoff:serial:\d+")
_LINK: Final = re.compile(r"http://\S+/crew/\S+")


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as it was sent."""

    to: str
    subject: str
    text: str

    @property
    def link(self) -> str:
        """The magic link in it."""
        found = _LINK.search(self.text)
        assert found, self.text
        return found[0]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a browser gets, redirects not followed."""

    status: int
    headers: Mapping[str, str]
    text: str


class Witness:
    """Asks one running cloud; `endpoint` is where it really answers."""

    def __init__(self, facts: Mapping[str, Any], *, endpoint: str) -> None:
        self._facts = facts
        self._outputs = facts["outputs"]
        self._endpoint = endpoint
        self._pool = urllib3.PoolManager(timeout=urllib3.Timeout(30), retries=False)

    def close(self) -> None:
        """Let go of every connection."""
        self._pool.clear()
        self._s3.close()

    def objects(self) -> dict[str, bytes]:
        """Return every object of both sites by path, the serial of its publish as 0."""
        found = {}
        for site, output in _BUCKETS.items():
            bucket = self._outputs[output]
            for item in self._s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
                body = self._s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
                found[f"{site}/{item['Key']}"] = without_serial(body)
        return found

    def paths(self) -> set[str]:
        """Return the paths of all objects of both sites, however many."""
        pages = {site: self._s3.get_paginator("list_objects_v2") for site in _BUCKETS}
        return {
            f"{site}/{item['Key']}"
            for site, lister in pages.items()
            for page in lister.paginate(Bucket=self._outputs[_BUCKETS[site]])
            for item in page.get("Contents", ())
        }

    def stored(self, path: str) -> tuple[str, bytes]:
        """Return ETag and bytes of one object."""
        site, _, key = path.partition("/")
        answer = self._s3.get_object(Bucket=self._outputs[_BUCKETS[site]], Key=key)
        return answer["ETag"], answer["Body"].read()

    def uploads(self, booking: str) -> dict[str, tuple[bytes, str]]:
        """Return what was uploaded for a booking: bytes and type by key."""
        bucket, found = self._outputs["UploadsBucket"], {}
        for item in self._s3.list_objects_v2(Bucket=bucket, Prefix=f"uploads/{booking}/").get("Contents", ()):
            stored = self._s3.get_object(Bucket=bucket, Key=item["Key"])
            found[item["Key"]] = (stored["Body"].read(), stored["ContentType"])
        return found

    def unsigned(self, key: str) -> int:
        """Return the status of what was uploaded, asked for at its bucket by someone without a key."""
        bucket = self._outputs["UploadsBucket"]
        return self._pool.request("GET", f"{self._endpoint}/{bucket}/{quote(key)}").status

    def state(self) -> dict[str, Any]:
        """Return the published state as it lies in its bucket: beside records of publishes, alone."""
        keys = self._s3.list_objects_v2(Bucket=self._outputs["StateBucket"]).get("Contents", ())
        (key,) = (item["Key"] for item in keys if not item["Key"].startswith("history/"))
        return self._gunzipped(key)

    def records(self) -> list[dict[str, Any]]:
        """Return the records of publishes, the oldest first."""
        bucket = self._outputs["StateBucket"]
        listed = self._s3.list_objects_v2(Bucket=bucket, Prefix="history/").get("Contents", ())
        return [self._gunzipped(item["Key"]) for item in listed]

    def _gunzipped(self, key: str) -> dict[str, Any]:
        body = self._s3.get_object(Bucket=self._outputs["StateBucket"], Key=key)["Body"].read()
        document: dict[str, Any] = json.loads(gzip.decompress(body))
        return document

    def events(self, booking: str) -> list[dict[str, Any]]:
        """Return the events that ShipCaptainCrew has of a booking."""
        events: list[dict[str, Any]] = self._ask("SccUrl", "/events", booking_id=booking)["events"]
        return events

    def entries(self, booking: str) -> list[dict[str, Any]]:
        """Return the entries that the dashboard's calendar has of a booking."""
        entries: list[dict[str, Any]] = self._ask("DashboardUrl", "/calendar", booking_id=booking)["entries"]
        return entries

    def mails(self, about: str = "") -> list[Mail]:
        """Return the mails with these words in them, or all, in the order in which they were sent."""
        answer = self._pool.request("GET", f"{self._endpoint}/_ministack/ses/messages").json()["messages"]
        sent = sorted((mail for mails in answer.values() for mail in mails), key=lambda mail: mail["Timestamp"])
        return [
            Mail(mail["To"][0], mail["Subject"], mail["BodyText"].replace("\r\n", "\n"))
            for mail in sent
            if about in mail["BodyText"]
        ]

    def visit(self, path: str, *, site: str = "guest", method: str = "GET", **form: str) -> Seen:
        """Ask the edge as a browser does."""
        edge = urlsplit(self._facts["edge"])
        answer = self._pool.request(
            method,
            f"{self._facts['edge']}{path}",
            headers={"Host": f"{site}.localhost:{edge.port}"},
            body=urlencode(form) if form else None,
            redirect=False,
        )
        return Seen(answer.status, answer.headers, answer.data.decode())

    def _ask(self, output: str, path: str, **query: str) -> dict[str, Any]:
        """Ask an API as its operator does: at API Gateway, as the publisher, with the key that the stack made."""
        lent = self._facts["credentials"]["publisher"]
        signing = Credentials(lent["key"], lent["secret"], lent["token"])
        operator = Caller(self._endpoint, self._outputs[output], signing, tuple(self._keys[output].items()))
        answer = operator.ask("GET", f"{path}?{urlencode(query)}")
        assert answer.status == 200, answer.text
        asked: dict[str, Any] = json.loads(answer.text)
        return asked

    @cached_property
    def _keys(self) -> dict[str, dict[str, str]]:
        secrets = self._client("secretsmanager")
        try:
            scc, dashboard = (
                json.loads(secrets.get_secret_value(SecretId=self._outputs[name])["SecretString"])
                for name in ("SccSecret", "DashboardSecret")
            )
        finally:
            secrets.close()
        return {
            "SccUrl": {"X-Service-Key": scc["service_key"]},
            "DashboardUrl": {"X-Dashboard-Token": dashboard["token"]},
        }

    @cached_property
    def _s3(self) -> Any:
        return self._client("s3")

    def _client(self, service: str) -> Any:
        admin = self._facts["credentials"]["admin"]
        session: Any = boto3.Session(admin["key"], admin["secret"], region_name=self._facts["region"])
        nearby = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 2})
        return session.client(service, endpoint_url=self._endpoint, config=nearby)


def without_serial(body: bytes) -> bytes:
    """Return a page or a calendar file as it was built, whichever publish wrote it."""
    return _SERIAL.sub(b"castoff:serial:0", body)
