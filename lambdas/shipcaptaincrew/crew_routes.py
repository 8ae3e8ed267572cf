"""The crew's routes, reached through the distributions: a magic link's button, and the way in."""

from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from lambdas.service.fields import is_identifier
from lambdas.shipcaptaincrew.links import Refused, is_token
from lambdas.shipcaptaincrew.pages import HEADERS, button_page, mail_page, refusal_page
from lambdas.shipcaptaincrew.ports import Service, require_origin, service

router = APIRouter(dependencies=[Depends(require_origin)])

TheService = Annotated[Service, Depends(service)]


async def form_token(request: Request) -> str:
    """Return the token of a submitted form, empty without one."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return ""
    try:
        form = parse_qs((await request.body()).decode("ascii"), max_num_fields=4)
    except ValueError:
        return ""
    return form.get("token", [""])[0]


@router.get("/crew/{booking_id}")
def show_button(booking_id: str, token: str = "") -> Response:
    """Show a button that spends the token, or the word where to find one; nothing is looked up."""
    if not token:
        return _html(200, mail_page())
    if not (is_identifier(booking_id) and is_token(token)):
        return _html(*refusal_page(Refused.UNKNOWN))
    return _html(200, button_page(booking_id, token))


@router.post("/crew/{booking_id}")
def enter(to: TheService, booking_id: str, token: Annotated[str, Depends(form_token)]) -> Response:
    """Spend a token and go on to the booking's crew page."""
    events = to.events.of_booking(booking_id) if is_identifier(booking_id) else []
    if not events:
        return _html(*refusal_page(Refused.UNKNOWN))
    event = events[0]
    spent = to.links.spend(
        token,
        booking_id=booking_id,
        aboard=lambda member_id: member_id in event.member_ids,
        now=to.ports.now(),
    )
    if isinstance(spent, Refused):
        return _html(*refusal_page(spent))
    return RedirectResponse(urlsplit(event.crew_page).path, 303, headers=HEADERS)


def _html(status: int, page: str) -> HTMLResponse:
    return HTMLResponse(page, status, headers=HEADERS)
