"""Where the calls of a publish go: each place behind a turnstile of its own, so that it can be gone alone."""

from __future__ import annotations

from enum import Enum


class Place(Enum):
    """A host that a publish speaks to."""

    AWS = "AWS"
    SCC = "ShipCaptainCrew"
    DASHBOARD = "the dashboard"
    EDGE = "the site"
