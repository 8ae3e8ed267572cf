"""`castoff link`: a guest's link, ready to send; a crew member's, which is mailed to them; a calendar's address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from castoff.cli.errors import told
from castoff.cli.feeds import show_feeds
from castoff.cli.messages import message, message_of_live
from castoff.cli.project import find_root, refuse, this_instant
from castoff.cli.releasing import addresses_of, open_project
from castoff.cli.terminal import fail, result, result_json, say
from castoff.cloud.facts import load_facts
from castoff.cloud.place import place_of
from castoff.contract.document import Fields
from castoff.contract.keys import address_of
from castoff.contract.state import REMOVED
from castoff.contract.tickets import OPS
from castoff.fleet.carry import Carry, row_of
from castoff.fleet.charters import load_project
from castoff.fleet.settings import addresses
from castoff.fleet.shelf import parse_shelf
from castoff.fleet.sources import read_sources
from castoff.pages.phase import CharterPhase, course_of
from castoff.pages.wording import day_and_year
from castoff.problems import nearest
from publisher.adapters.world import connect
from publisher.errors import UnknownMemberError

if TYPE_CHECKING:
    from pathlib import Path

    from castoff.cli.releasing import Project
    from castoff.contract.state import PublishedBooking
    from castoff.fleet.charter import Charter
    from castoff.fleet.targets import TargetSettings


@click.command()
@click.argument("booking", metavar="[ID]", required=False)
@click.option("--crew", "member", metavar="MEMBER", help="Mail a crew member a new link instead.")
@click.option("--calendar", "label", metavar="LABEL", help="Make a calendar's address to subscribe to instead.")
@click.option("--calendars", is_flag=True, help="List the calendars' addresses that were made.")
@click.option("--revoke", "feed", metavar="ID", help="End one of them.")
@click.option("--target", default="production", show_default=True, help="Of which target of castoff.yaml.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.pass_obj
def command(
    directory: str,
    booking: str | None,
    member: str | None,
    *,
    label: str | None,
    calendars: bool,
    feed: str | None,
    target: str,
    as_json: bool,
) -> None:
    """Print a guest's link, with a message ready to send; or mail a crew member a new link of theirs.

    A crew member's link goes to their address on file, never to this terminal: to the crew page of booking ID,
    or without one to the ops board. A calendar's address is printed once, and whoever has it reads all charters: make
    one for each device, with a LABEL to know it by.

    \b
    Example:
      castoff link xhqgmdh
      castoff link xhqgmdh --crew crew-001
      castoff link --crew ops-001
      castoff link --calendar "Ana's phone"
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    of_calendars = [label is not None, calendars, feed is not None]
    if sum([*of_calendars, booking is not None or member is not None]) > 1:
        raise click.UsageError("ask for one thing: a booking or member, --calendar, --calendars or --revoke")
    if not any(of_calendars) and booking is None and member is None:
        raise click.UsageError("name a booking, or with --crew a member of the crew")
    if label is not None and not label.strip():
        raise click.UsageError('--calendar needs a label to know it by, such as `--calendar "Ana\'s phone"`')
    with told():
        project = open_project(find_root(directory), target=target, as_of=None)
        if any(of_calendars):
            show_feeds(project, label=label, revoked=feed, as_json=as_json)
            return
        if member is not None:
            _mail(project, member, booking or OPS)
            if as_json:
                result_json({"member": member, "subject": booking or OPS})
            return
        if booking is None:
            raise AssertionError("refused above")
        charter = _charter(project.root, booking)
        live, brand = _live(project, booking), project.settings.brand
        slug = charter.slug if live is None else row_of(live.carry).slug
        url = address_of(slug, site=_guest_site(project.root, project.settings.targets[target]))
        if live is not None:
            _say_ahead(charter, live)
            words = message_of_live(live.carry, url=url, brand=brand)
        else:
            say(f"this is an example, of which nothing is at {target}: the link leads nowhere")
            lead, status = charter.booking.guests.lead, charter.booking.status
            words = message(lead, charter.starts, status=status, vessel=charter.vessel.name, url=url, brand=brand)
    if as_json:
        result_json({"booking": booking, "url": url, "message": words})
    else:
        result(words)


def _mail(project: Project, member: str, subject: str) -> None:
    try:
        connect(project.destination()).crew.send_link(member, subject=subject)
    except UnknownMemberError as error:
        error.hint = _meant(project.root, member) or error.hint
        raise
    page = "the ops board" if subject == OPS else f"the crew page of {subject}"
    say(f"a link to {page} is on its way to the address on file of {member}")


def _meant(root: Path, member: str) -> str | None:
    """Return whom a mistyped id or the beginning of a name means, as a question; None where nobody comes near."""
    crew = parse_shelf(read_sources(root)).crew
    if member in crew:
        return None
    named = [key for key, one in crew.items() if one.name.casefold().startswith(member.casefold())]
    meant = named[0] if len(named) == 1 else nearest(member, crew)
    return f"did you mean `{meant}`, {crew[meant].name}?" if meant else None


def _live(project: Project, booking: str) -> PublishedBooking | None:
    """Return a booking as it is live; None where nothing is for real, on an example site; end where it is not yet."""
    if project.settings.standing_clock is not None and not project.embedded:
        return None
    live = connect(project.destination()).states.load().state.bookings.get(booking)
    if live is None or not live.since or live.status == REMOVED:
        fail(
            f"booking `{booking}` is not published yet: its guest has no page",
            hint=f"`castoff publish --target {project.target}` makes it",
        )
    return live


def _say_ahead(charter: Charter, live: PublishedBooking) -> None:
    """Say where a file is ahead of what is live."""
    known = Carry.from_json(Fields(dict(live.carry), "carry")).facts
    told = (charter.booking.status.value, charter.starts.isoformat(), charter.dock.name)
    if told != (known.status, known.starts, known.dock):
        say(f"bookings/{charter.id}.yaml says otherwise, and is not published yet: this is about what is live")


def _charter(root: Path, booking: str) -> Charter:
    fleet, problems = load_project(root, as_of=this_instant())
    if fleet is None:
        refuse(problems)
        raise AssertionError("a fleet without a problem is there")
    charters = {charter.id: charter for charter in fleet.charters}
    if booking not in charters:
        meant = nearest(booking, charters)
        otherwise = f"see bookings/; of one that is gone, `castoff history {booking}` tells its life"
        fail(f"there is no booking `{booking}`", hint=f"did you mean `{meant}`?" if meant else otherwise)
    if not charters[booking].booking.status.public:
        fail(f"booking `{booking}` is a {charters[booking].booking.status.value}: its guest has no page yet")
    course = course_of(charters[booking], fleet.settings)
    if course.standing(fleet.settings.standing_clock or this_instant()).charter is CharterPhase.RETIRED:
        gone = course.shown(course.retires)
        fail(
            f"booking `{booking}` is long over: its page is gone since {day_and_year(gone)}",
            hint="`retention` in castoff.yaml says how long pages stay",
        )
    return charters[booking]


def _guest_site(root: Path, target: TargetSettings) -> str:
    facts = load_facts(place_of(root).facts) if target.embedded else None
    return (addresses_of(facts) if facts else addresses(target)).guest
