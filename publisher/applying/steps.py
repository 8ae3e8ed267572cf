"""The steps of an apply, by the names under which progress is told and a log of requests is itemised."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """One step, in the order in which an apply takes them."""

    GATE = "asking at the gate"
    MEMBERS = "crew members"
    ASSETS = "assets"
    PAGES = "pages"
    FORMS = "pages with upload forms"
    REMOVING = "removing"
    CACHES = "invalidation"
    LIVE = "seeing pages live"
    CHANGES = "changes and cancellations"
    CALLS = "crew calls"
    CALENDAR = "calendar"
    LEFT = "crew members who left"
