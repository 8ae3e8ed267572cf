"""The crew's routes, reached through the distributions: the login page, a magic link's button, and the way in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from castoff.contract.tickets import cookie_name
from lambdas.service.fields import is_identifier
from lambdas.shipcaptaincrew import pages
from lambdas.shipcaptaincrew.doors import Door
from lambdas.shipcaptaincrew.links import Refused, is_token
from lambdas.shipcaptaincrew.login import login_cookie
from lambdas.shipcaptaincrew.ports import Service, require_origin, service, viewer_network

router = APIRouter(dependencies=[Depends(require_origin)])

TheService = Annotated[Service, Depends(service)]

_AS_LONG_AS_A_MAIL = 1.0  # seconds: how long an answer takes must not tell whether a mail was sent


@dataclass(frozen=True)
class Sent:
    """What a form on one of our pages sends; a field that is not there is empty."""

    email: str = ""
    token: str = ""


async def sent(request: Request) -> Sent:
    """Return the fields of a submitted form."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return Sent()
    try:
        form = parse_qs((await request.body()).decode("ascii"), max_num_fields=4)
    except ValueError:
        return Sent()
    return Sent(email=_first(form, "email"), token=_first(form, "token"))


TheForm = Annotated[Sent, Depends(sent)]


@router.get("/crew/{subject}")
def show(subject: str, token: str = "") -> Response:
    """Show the login page, or a button that spends the token; nothing is looked up, so nothing can be told."""
    if not is_identifier(subject):
        return _html(pages.GONE, pages.nowhere_page())
    if not token:
        return _html(200, pages.login_page(subject))
    if not is_token(token):
        return _html(pages.GONE, pages.refusal_page(Refused.UNKNOWN, subject))
    return _html(200, pages.button_page(subject, token))


@router.post("/crew/{subject}")
def enter(to: TheService, request: Request, subject: str, form: TheForm) -> Response:
    """Spend a token, hand out the cookie and go on to the page behind the door."""
    if not is_identifier(subject):
        return _html(pages.GONE, pages.nowhere_page())
    door = to.doors.find(subject)
    if door is None:
        return _html(pages.GONE, pages.refusal_page(Refused.UNKNOWN, subject))
    key, now = to.gate.cookie_key(), to.ports.now()  # the key first: a token spent for no cookie would be lost
    spent = to.links.spend(form.token, subject=subject, admits=door.admits, now=now)
    if isinstance(spent, Refused):
        if _is_inside(to, request, door):
            return RedirectResponse(door.path, 303, headers=pages.HEADERS)
        return _html(pages.GONE, pages.refusal_page(spent, subject, token=form.token))
    cookie = login_cookie(spent, until=door.stays_open(now), now=now, key=key)
    return RedirectResponse(door.path, 303, headers={**pages.HEADERS, "Set-Cookie": cookie})


@router.post("/crew/{subject}/link")
def ask_for_link(to: TheService, request: Request, subject: str, form: TheForm) -> Response:
    """Mail a new link to whom it is due, and answer everyone the same."""
    if not is_identifier(subject):
        return _html(pages.GONE, pages.nowhere_page())
    if to.new_links.may_ask(viewer_network(request)):
        begun = to.ports.ticks()
        to.new_links.ask(subject, email=form.email, token=form.token)
        to.ports.pause(max(0.0, _AS_LONG_AS_A_MAIL - (to.ports.ticks() - begun)))
    return _html(200, pages.asked_page(to.ports.settings.link_hours))


@router.get("/crew/{subject}/link")
def show_login(subject: str) -> Response:
    """Send on to the login page who reloads the answer's address."""
    if not is_identifier(subject):
        return _html(pages.GONE, pages.nowhere_page())
    return RedirectResponse(f"/crew/{subject}", 303, headers=pages.HEADERS)


def _is_inside(to: Service, request: Request, door: Door) -> bool:
    """Tell whether a browser has a good cookie already: it went back, or pressed the button of an older link."""
    cookie = to.gate.read_cookie(request.cookies.get(cookie_name(door.subject), ""))
    if cookie is None or cookie.subject != door.subject or cookie.expires <= to.ports.now().timestamp():
        return False
    member = to.members.find(cookie.member)
    return member is not None and member.epoch == cookie.epoch and door.admits(member)


def _first(form: Mapping[str, list[str]], field: str) -> str:
    return form.get(field, [""])[0]


def _html(status: int, page: str) -> HTMLResponse:
    return HTMLResponse(page, status, headers=pages.HEADERS)
