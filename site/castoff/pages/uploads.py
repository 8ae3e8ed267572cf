"""Photos of a charter: what its pages say of sending them, and the slot that each page's form will stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from castoff.contract.slots import Slot, SlotKind
from castoff.pages import wording
from castoff.pages.phase import UploadPhase
from castoff.pages.views import FormView, PhotosView

if TYPE_CHECKING:
    from datetime import datetime

    from castoff.contract.tickets import Audience
    from castoff.pages.phase import Course

FORM: Final = "photos"
"""The name of the slot, on the guest's page and on the crew's."""

_NOTHING: Final = PhotosView(UploadPhase.NONE, opens="", closes="", size="", form=None)


def photos_view(course: Course, phase: UploadPhase, *, year: int, limit: int) -> PhotosView:
    """Return what the pages of a charter in this year say of sending photos of at most `limit` bytes each."""
    if phase is UploadPhase.NONE:
        return _NOTHING
    opens, closes = course.shown(course.opens), course.shown(course.closes)
    return PhotosView(
        phase=phase,
        opens=wording.moment(opens, within=year),
        closes=wording.moment(closes, within=year),
        size=wording.size(limit),
        form=_form(opens, closes, limit) if phase is UploadPhase.OPEN else None,
    )


def photos_slot(booking: str, audience: Audience, photos: PhotosView) -> tuple[Slot, ...]:
    """Return the slot of one audience's page, none while it has no form."""
    form = photos.form
    if form is None:
        return ()
    return (Slot(FORM, SlotKind.UPLOAD, booking, audience, form.opens_iso, form.closes_iso, form.limit),)


def _form(opens: datetime, closes: datetime, limit: int) -> FormView:
    # Our own mark: no text of anybody's is in it.
    slot = Markup(f"<!--castoff:slot {FORM}-->")  # noqa: S704
    return FormView(slot, opens.isoformat(), closes.isoformat(), limit)
