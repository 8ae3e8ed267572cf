"""The crew's routes, reached through the distributions: the login page, a magic link's button, and the way in."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from castoff.contract.tickets import cookie_name
from lambdas.service.fields import is_identifier
from lambdas.service.promises import PAGE, answers, reads_body
from lambdas.shipcaptaincrew import pages
from lambdas.shipcaptaincrew.answers import LoginForm
from lambdas.shipcaptaincrew.doors import Door
from lambdas.shipcaptaincrew.links import Refused, is_token
from lambdas.shipcaptaincrew.login import login_cookie
from lambdas.shipcaptaincrew.ports import Service, require_origin, service, viewer_network
from lambdas.shipcaptaincrew.tries import Over

router = APIRouter(dependencies=[Depends(require_origin)])

TheService = Annotated[Service, Depends(service)]

_SPAN = "3600"  # seconds: as long as the limits of a network count
_AS_LONG_AS_A_MAIL = 1.0  # seconds: how long an answer takes must not tell whether a mail was sent


@dataclass(frozen=True)
class Sent:
    """What a form on one of our pages sends; a field that is not there is empty."""

    email: str = ""
    token: str = ""


@reads_body(LoginForm, media="application/x-www-form-urlencoded")
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
@answers(200, media=PAGE)
@answers(410, media=PAGE)
def show(subject: str, token: str = "") -> Response:
    """Show the login page, or a button that spends the token; nothing is looked up, so nothing can be told."""
    if not is_identifier(subject):
        return _html(pages.GONE, pages.nowhere_page())
    if not token:
        return _html(200, pages.login_page(subject))
    if not is_token(token):
        return _html(pages.GONE, pages.refusal_page(Refused.UNKNOWN, subject))
    return _html(200, pages.button_page(subject, token))


@router.head("/crew/{subject}", include_in_schema=False)
def look(subject: str, token: str = "") -> Response:
    """Answer a mail scanner that only asks whether a link leads anywhere."""
    return show(subject, token)


@router.post("/crew/{subject}")
@answers(303)
@answers(410, media=PAGE)
@answers(429, media=PAGE)
def enter(to: TheService, request: Request, subject: str, form: TheForm) -> Response:
    """Spend a token, hand out the cookie and go on to the page behind the door."""
    if not is_identifier(subject):
        return _html(pages.GONE, pages.nowhere_page())
    network, now = viewer_network(request), to.ports.now()
    if to.tries.are_used_up(network, now=now):
        return _too_many()
    door = to.doors.find(subject)
    if door is None:
        return _refused(to, Refused.UNKNOWN, subject=subject, token=form.token, network=network)
    key = to.gate.cookie_key()  # first: a token spent for no cookie would be lost
    spent = to.links.spend(form.token, subject=subject, admits=partial(to.doors.admit, subject), now=now)
    if isinstance(spent, Refused):
        if _is_inside(to, request, door):
            return RedirectResponse(door.path, 303, headers=pages.HEADERS)
        return _refused(to, spent, subject=subject, token=form.token, network=network)
    cookie = login_cookie(spent, until=door.stays_open(now), now=now, key=key)
    return RedirectResponse(door.path, 303, headers={**pages.HEADERS, "Set-Cookie": cookie})


@router.post("/crew/{subject}/link")
@answers(200, media=PAGE)
@answers(410, media=PAGE)
@answers(429, media=PAGE)
def ask_for_link(to: TheService, request: Request, subject: str, form: TheForm) -> Response:
    """Mail a new link to whom it is due, and answer everyone the same."""
    if not is_identifier(subject):
        return _html(pages.GONE, pages.nowhere_page())
    if not to.new_links.may_ask(viewer_network(request)):
        return _too_many()
    begun = to.ports.ticks()
    to.new_links.ask(subject, email=form.email, token=form.token)
    to.ports.pause(max(0.0, _AS_LONG_AS_A_MAIL - (to.ports.ticks() - begun)))
    return _html(200, pages.asked_page(to.ports.settings.link_hours))


@router.get("/crew/{subject}/link")
@answers(303)
@answers(410, media=PAGE)
def show_login(subject: str) -> Response:
    """Send on to the login page who reloads the answer's address."""
    if not is_identifier(subject):
        return _html(pages.GONE, pages.nowhere_page())
    return RedirectResponse(f"/crew/{subject}", 303, headers=pages.HEADERS)


def _refused(to: Service, refused: Refused, *, subject: str, token: str, network: str) -> Response:
    over = to.tries.count(token, subject=subject, network=network, now=to.ports.now())
    if over is not None:
        return _too_many(over)
    return _html(pages.GONE, pages.refusal_page(refused, subject, token=token))


def _too_many(over: Over = Over.NETWORK) -> Response:
    page = pages.too_many_page() if over is Over.NETWORK else pages.worn_out_page()
    answer = _html(pages.TOO_MANY, page)
    answer.headers["Retry-After"] = _SPAN
    return answer


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
