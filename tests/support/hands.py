"""Somebody at the services by hand: with the right keys, and past every publish."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from castoff.cli.releasing import embedded_target
from castoff.cloud.facts import load_facts
from publisher.adapters.plain import PlainServices, plain_services

if TYPE_CHECKING:
    from support.projects import Project


@dataclass(frozen=True)
class Hands:
    """The services of a project's cloud, and its guest bucket."""

    project: Project

    @cached_property
    def services(self) -> PlainServices:
        """Both services, asked without a serial."""
        return plain_services(embedded_target("local", self._facts))

    def edit_event(self, booking: str, **fields: Any) -> None:
        """Change fields of a booking's event."""
        crew = self.services.crew
        reply = crew("GET", f"/events?booking_id={booking}")
        event = (reply.value or {})["events"][0]["event_id"]
        assert crew("PATCH", f"/events/{event}", fields).well

    def forget_member(self, member: str) -> None:
        """Let a crew member go at ShipCaptainCrew."""
        assert self.services.crew("DELETE", f"/crew-members/{member}").well

    def remove_entry(self, booking: str) -> None:
        """Take a booking out of the calendar."""
        assert self.services.calendar("DELETE", f"/calendar/{booking}").well

    def write(self, key: str, body: bytes) -> None:
        """Put an object into the guest bucket, which the edge keeps for a day, as it does a guest page."""
        kept = {"ContentType": "text/html", "CacheControl": "s-maxage=86400"}
        self._s3.put_object(Bucket=self._facts.outputs["GuestBucket"], Key=key, Body=body, **kept)

    def rewrite(self, key: str, body: bytes) -> None:
        """Put other bytes in an object's place in the guest bucket, under the headers that it has."""
        bucket = self._facts.outputs["GuestBucket"]
        there = self._s3.head_object(Bucket=bucket, Key=key)
        kept = {name: there[name] for name in ("ContentType", "CacheControl")}
        self._s3.put_object(Bucket=bucket, Key=key, Body=body, **kept)

    def invalidate(self, path: str) -> None:
        """Let the guest site's caches forget a path."""
        self._client("cloudfront").create_invalidation(
            DistributionId=self._facts.outputs["GuestDistribution"],
            InvalidationBatch={"Paths": {"Quantity": 1, "Items": [path]}, "CallerReference": f"{time.time_ns()}"},
        )

    def edit_entry(self, booking: str, **fields: Any) -> None:
        """Change fields of a booking's calendar entry."""
        calendar = self.services.calendar
        entry = (calendar("GET", f"/calendar?booking_id={booking}").value or {})["entries"][0]
        kept = {name: value for name, value in entry.items() if name not in {"conflicts", "revision", "updated"}}
        assert calendar("PUT", f"/calendar/{booking}", {**kept, **fields}).well

    def delete(self, key: str) -> None:
        """Delete an object of the guest bucket."""
        self._s3.delete_object(Bucket=self._facts.outputs["GuestBucket"], Key=key)

    def lose_state(self) -> None:
        """Empty the bucket of the published state."""
        bucket = self._facts.outputs["StateBucket"]
        for item in self._s3.list_objects_v2(Bucket=bucket).get("Contents", ()):
            self._s3.delete_object(Bucket=bucket, Key=item["Key"])

    def forget_event(self, booking: str) -> None:
        """Take a booking's event out of ShipCaptainCrew's table, as one that was restored from long ago lacks it."""
        key = hashlib.sha256(f"event:{booking}".encode()).hexdigest()
        self._lose(f"booking#{booking}", f"request#{key}", f"event#ev-{booking}-")

    def lose_event(self, booking: str) -> None:
        """Take a booking's event alone out of the table, which goes on saying that there is one."""
        self._lose(f"event#ev-{booking}-")

    def _lose(self, *beginnings: str) -> None:
        table, name = self._client("dynamodb"), self._facts.outputs["SccTable"]
        for item in table.scan(TableName=name, ConsistentRead=True)["Items"]:
            if item["pk"]["S"].startswith(beginnings):
                table.delete_item(TableName=name, Key={part: item[part] for part in ("pk", "sk")})

    @cached_property
    def _facts(self) -> Any:
        return load_facts(self.project.root / ".castoff" / "cloud.json")

    @cached_property
    def _s3(self) -> Any:
        return self._client("s3")

    def _client(self, service: str) -> Any:
        admin = self._facts.credentials["admin"]
        session: Any = boto3.Session(admin.key, admin.secret, region_name=self._facts.region)
        nearby = Config(s3={"addressing_style": "path"})
        return session.client(service, endpoint_url=self._facts.endpoint, config=nearby)
