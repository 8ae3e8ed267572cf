"""The least Python that lays castoff's pages out: PyYAML, Jinja and a loop; no validation, no privacy, no state.

`python loop.py PROJECT OUT`. `PROJECT/almanac.json` holds what is worked out beforehand: the calendar's time zones by
year, and sunset and last light by dock and day.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

import yaml
from jinja2 import Environment, FileSystemLoader
from markdown import markdown
from markupsafe import Markup

LAYOUTS = Path(__file__).resolve().parents[2] / "layouts"
SITE = "http://guest.localhost:8080"
OPENS, CLOSES, NEXT_RUN = timedelta(hours=12), timedelta(days=14), timedelta(hours=26)
ALARM = "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:{}\nTRIGGER:-P{}\nEND:VALARM\n"
ALARMS = {"guest": ("1D", "T2H"), "crew": ("T12H", "T1H")}
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def main(project: Path, out: Path) -> None:
    """Lay every public booking out."""
    settings = load((project / "castoff.yaml").read_text())
    shelf = {name: content(project / "content" / name) for name in ("vessels", "docks", "crew", "guest", "checklists")}
    for dock in shelf["docks"].values():
        where = quote_plus(f"{dock['location']['lat']},{dock['location']['lon']}")
        dock["directions"] = f"https://www.google.com/maps/dir/?api=1&destination={where}"
        dock["tides"] = f"https://tidesandcurrents.noaa.gov/noaatidepredictions.html?id={dock['tide_station']}"
    for checklist in shelf["checklists"].values():
        lines = re.findall(r"- \[ \] (.+?) \{#(.+)\}", checklist["text"])
        checklist["items"] = [{"id": f"{checklist['id']}.{name}", "words": words} for words, name in lines]
    captains = {name: member | {"name": member["name"].split()[0]} for name, member in shelf["crew"].items()}
    # Of a dict, Jinja would take `.items` for the method.
    checklists = {name: SimpleNamespace(**checklist) for name, checklist in shelf["checklists"].items()}
    lists = {name: [checklists[one] for one in vessel["checklists"]] for name, vessel in shelf["vessels"].items()}
    render = renderer(settings["brand"], shelf["guest"])
    almanac = json.loads((project / "almanac.json").read_text())
    (out / "g").mkdir(parents=True)
    for path in sorted((project / "bookings").glob("*.yaml")):
        booking = load(path.read_text())
        if booking["status"] not in {"confirmed", "cancelled"}:
            continue
        crew = [shelf["crew"][member] for member in booking["crew"]]
        vessel, dock, captain = (
            shelf["vessels"][booking["vessel"]],
            shelf["docks"][booking["dock"]],
            booking["captain"],
        )
        view = seen(booking, vessel, settings) | {"vessel": vessel, "dock": dock, "captain": captains[captain]}
        view["sun"] = sun(almanac["sun"][booking["dock"]][booking["starts"][:10]], view["at"])
        slug, crew_page = view["slug"], f"{booking['id']}-crew"
        sailing = view | {"captain": shelf["crew"][captain]["name"], "captain_phone": shelf["crew"][captain]["phone"]}
        sailing |= {
            "captain_phone_link": dialled(sailing["captain_phone"]),
            "crew": crew,
            "checklists": lists[booking["vessel"]],
        }
        forward = {"link": f"/g/{slug}.html", "address": view["address"]}
        pages = {
            f"{slug}.html": render("guest.html", view),
            f"{crew_page}.html": render("crew.html", sailing),
            f"{slug}.ics": appointment(view, sailing, "guest", settings, almanac["zones"]),
            f"{crew_page}.ics": appointment(view, sailing, "crew", settings, almanac["zones"]),
            **{
                f"{name}.html": render("forward.html", forward) for name in (booking["id"], *booking.get("aliases", ()))
            },
        }
        for name, text in pages.items():
            (out / "g" / name).write_text(text, newline="")


def load(text: str) -> Any:
    """Read YAML by libyaml."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


def content(folder: Path) -> dict[str, dict[str, Any]]:
    """Read a folder of Markdown files with fields at their heads, by name."""
    found = {}
    for path in sorted(folder.glob("*.md")):
        _, head, body = path.read_text().split("---\n", 2)
        html = Markup(markdown(body, extensions=["sane_lists"]))  # noqa: S704 - our own content
        found[path.stem] = {"photo": None} | load(head) | {"id": path.stem, "text": body, "body": html}
    return found


def renderer(brand: dict[str, Any], snippets: dict[str, dict[str, Any]]) -> Any:
    """Return what renders a layout, with the parts that repeat kept."""
    environment = Environment(loader=FileSystemLoader(LAYOUTS), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    kept: dict[tuple[str, int], Markup] = {}

    def fragment(name: str, view: Any) -> Markup:
        if (name, id(view)) not in kept:
            html = environment.get_template(name).render(view=view)
            kept[name, id(view)] = Markup(html)  # noqa: S704 - our own layout's output
        return kept[name, id(view)]

    site = brand | {
        "address": SITE,
        "brand": brand["name"],
        "phone_link": dialled(brand["phone"]),
        "text_link": dialled(brand["text"]),
        "bring": snippets["what-to-bring"],
        "snippets": [snippets[name] for name in ("weather", "safety", "faq")],
    }
    environment.globals.update(
        site=site, fragment=fragment, asset=lambda name: f"/castoff/{name}", serial_mark="", origin_mark="", names=()
    )
    environment.filters["raster"] = lambda _name: False
    return lambda name, view: environment.get_template(name).render(view=view)


def seen(booking: dict[str, Any], vessel: dict[str, Any], settings: dict[str, Any]) -> dict[str, Any]:
    """Return what pages show of a booking."""
    starts = datetime.strptime(booking["starts"], "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(settings["timezone"]))
    ends = starts + length(booking["duration"])
    boards = starts - length(booking.get("boarding", vessel["boarding"]))
    calls = starts - length(booking.get("crew_call", vessel["crew_call"]))
    guests, slug = booking["guests"], booking.get("slug", f"{booking['vessel']}-guest-{booking['id']}")
    hours, minutes = divmod(int(length(booking["duration"]).total_seconds() // 60), 60)
    words = guests["lead"].split()
    times = {"calls": calls, "boards": boards, "starts": starts, "ends": ends}
    return {
        "id": booking["id"],
        "slug": slug,
        "address": f"{SITE}/g/{slug}",
        "guest_address": f"{SITE}/g/{slug}",
        "phase": "before",
        "cancelled": booking.get("cancelled"),
        "lead": f"{words[0]} {words[-1][0]}." if len(words) > 1 else words[0],
        "guests": f"{guests['count']} guest{'' if guests['count'] == 1 else 's'}",
        "allergies": " and ".join(
            filter(None, (", ".join(guests.get("allergies", [])[:-1]), *guests.get("allergies", [])[-1:]))
        ),
        "changes": (),
        "times": {name: clock(time) for name, time in times.items()}
        | {f"{name}_iso": time.isoformat() for name, time in times.items()}
        | {"day": f"{day(starts)}, {starts.year}", "today_iso": f"{starts:%Y-%m-%dT00:00:00%z}"}
        | {"span": f"{hours}{'½' if minutes else ''} hours"},
        "at": times,
        "waiver": booking["waiver"],
        "requests": booking.get("requests"),
        "photos": photos(booking, starts, ends, settings),
        "notes": booking.get("notes", "").strip(),
    }


def photos(booking: dict[str, Any], starts: datetime, ends: datetime, settings: dict[str, Any]) -> dict[str, Any]:
    """Return what pages say of sending photos, before they can be sent and with the form."""
    if "cancelled" in booking:
        return {"form": None}
    opens, closes = (
        (instant.astimezone(UTC) + by).astimezone(starts.tzinfo) for instant, by in ((starts, -OPENS), (ends, CLOSES))
    )
    as_of = datetime.strptime(settings["as_of"], "%Y-%m-%d %H:%M").replace(tzinfo=starts.tzinfo)
    form = {"slot": Markup("<!--castoff:slot photos-->"), "opens_iso": opens.isoformat(), "limit": 25_000_000}
    return {
        "phase": "before",
        "opens": said(opens, starts.year),
        "closes": said(closes, starts.year),
        "size": settings["uploads"]["max_size"],
        "form": form | {"closes_iso": closes.isoformat()} if opens - NEXT_RUN <= as_of else None,
    }


def sun(evening: list[dict[str, str]], at: dict[str, datetime]) -> list[dict[str, Any]]:
    """Return what the sun does in the evening, and whether that is while they sail."""
    found = []
    for turn in evening:
        instant = datetime.fromisoformat(turn["iso"])
        during = at["starts"] <= instant < at["ends"]
        found.append({"name": turn["name"], "time": clock(instant), "time_iso": turn["iso"], "during": during})
    return found


def appointment(
    view: dict[str, Any], sailing: dict[str, Any], audience: str, settings: dict[str, Any], zones: dict[str, str]
) -> str:
    """Return a calendar file."""
    times, dock, vessel, guest = view["times"], view["dock"], view["vessel"]["name"], audience == "guest"
    page = view["address"] if guest else f"{SITE}/g/{view['id']}-crew"
    lines = (
        (
            f"Be at the dock by {times['boards']}. We cast off at {times['starts']} and are back at {times['ends']}.",
            f"Directions: {dock['directions']}",
            f"Everything else: {page}",
        )
        if guest
        else (
            f"Call {times['calls']}, guests board {times['boards']}, start {times['starts']}, back {times['ends']}.",
            f"{view['guests']}, captain {sailing['captain']}.",
            f"Crew page: {page}",
        )
    )
    lost, summary = view["cancelled"], f"Sailing on {vessel}" if guest else f"{vessel}, {view['guests']}"
    description = "\n".join(("This charter is cancelled.", lines[-1]) if lost else lines)
    summary = summary.translate(ESCAPES)
    starts, zone = view["at"]["boards" if guest else "calls"], settings["timezone"]
    body = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//castoff//charters//EN
CALSCALE:GREGORIAN
METHOD:{"CANCEL" if lost else "PUBLISH"}
X-CASTOFF:castoff:serial:0
{zones[str(starts.year)]}BEGIN:VEVENT
UID:{view["id"]}-{audience}@guest.localhost
SEQUENCE:0
DTSTAMP:{starts.year}0101T000000Z
DTSTART;TZID={zone}:{starts:%Y%m%dT%H%M%S}
DTEND;TZID={zone}:{view["at"]["ends"]:%Y%m%dT%H%M%S}
SUMMARY:{"Cancelled: " if lost else ""}{summary}
DESCRIPTION:{description.translate(ESCAPES)}
LOCATION:{f"{dock['name']}, {dock['address']}".translate(ESCAPES)}
GEO:{dock["location"]["lat"]:.6f};{dock["location"]["lon"]:.6f}
URL:{page}
ORGANIZER;CN="{settings["brand"]["name"]}":mailto:{settings["brand"]["email"]}
STATUS:{"CANCELLED" if lost else "CONFIRMED"}
TRANSP:{"TRANSPARENT" if lost else "OPAQUE"}
{"" if lost else "".join(ALARM.format(summary, before) for before in ALARMS[audience])}END:VEVENT
END:VCALENDAR
"""
    return body.replace("\n", "\r\n")


def length(text: str) -> timedelta:
    """Read a duration such as 1h30m."""
    hours, minutes = re.findall(r"(?:(\d+)h)?(?:(\d+)m)?", text)[0]
    return timedelta(hours=int(hours or 0), minutes=int(minutes or 0))


def clock(moment: datetime) -> str:
    """Say a time."""
    if moment.minute == 0 and moment.hour % 12 == 0:
        return "noon" if moment.hour else "midnight"
    return moment.strftime("%-I:%M %p" if moment.minute else "%-I %p")


def day(moment: datetime) -> str:
    """Say a day."""
    return moment.strftime("%A, %B %-d")


def said(moment: datetime, year: int) -> str:
    """Say a time and its day, with the year where it is another."""
    return f"{clock(moment)} on {day(moment)}" + ("" if moment.year == year else f", {moment.year}")


def dialled(phone: str) -> str:
    """Return a number as links want it."""
    return phone.replace(" ", "")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
