"""Somebody at the services by hand: with the right keys, and past every publish."""

from __future__ import annotations

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

    def remove_entry(self, booking: str) -> None:
        """Take a booking out of the calendar."""
        assert self.services.calendar("DELETE", f"/calendar/{booking}").well

    def write(self, key: str, body: bytes) -> None:
        """Put an object into the guest bucket, which the edge keeps for a day, as it does a guest page."""
        kept = {"ContentType": "text/html", "CacheControl": "s-maxage=86400"}
        self._s3.put_object(Bucket=self._facts.outputs["GuestBucket"], Key=key, Body=body, **kept)

    @cached_property
    def _facts(self) -> Any:
        return load_facts(self.project.root / ".castoff" / "cloud.json")

    @cached_property
    def _s3(self) -> Any:
        admin = self._facts.credentials["admin"]
        session: Any = boto3.Session(admin.key, admin.secret, region_name=self._facts.region)
        return session.client("s3", endpoint_url=self._facts.endpoint, config=Config(s3={"addressing_style": "path"}))
