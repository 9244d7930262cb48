"""An offer as a business writes it down: days by the city's clock, cities by their names, faults by field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities import queries as cities
from backend.cities.schemas import Duties
from backend.kit.moment import Moment
from backend.kit.texts import N_
from backend.merits import queries

DAY = 86_400
TEXTS = {"title": 120, "description": 1000, "terms": 4000}
"""What is written in both languages, with the most letters each."""
NUMBERS = {
    "price": (1, 2**32 - 1),
    "stock": (1, 2**24 - 1),
    "limit": (0, 2**16 - 1),
    "term": (1, (2**32 - 1) // DAY),
}
"""Whole numbers, with the least and the most: those of the contract."""
WRITTEN = tuple(f"{text}.{language}" for text in TEXTS for language in ("ru", "en"))
FIELDS = ("city_id", *WRITTEN, *NUMBERS, "opens", "closes", "accepts")
MOST_CITIES = 200
SEVERAL = N_("Several cities are called %(city)s: give a number, %(numbers)s.")

Fault = tuple[str, dict[str, Any]]
"""An English text marked with `N_`, and what it names."""


@dataclass
class Draft:
    """What was filled in (`typed`, by field), what is wrong with it, and where nothing is, what it means.

    `fields` are those of the action `publish_offer`; `time_zone` is the one whose days count, `cities` those
    whose merits are accepted, the offer's own first.
    """

    typed: dict[str, str]
    faults: dict[str, Fault] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)
    time_zone: str = "UTC"
    cities: list[int] = field(default_factory=list)


def blank(duties: list[Duties]) -> Draft:
    """An empty form, with what most offers have."""
    typed = dict.fromkeys(FIELDS, "") | {"term": "30"}
    return Draft(typed | {"city_id": str(duties[0].city_id) if duties else ""})


async def read(
    conn: AsyncConnection, moment: Moment, form: Mapping[str, Any], duties: list[Duties], now: int
) -> Draft:
    """The draft that a form holds. `now`: seconds since 1970; `duties`: the cities whose partner it is."""
    typed = {name: str(form.get(name, "")).replace("\x00", "").strip() for name in FIELDS}
    draft = Draft(typed)
    _read_city(draft, duties)
    _read_texts(draft)
    _read_numbers(draft)
    await _read_days(draft, conn, moment, now)
    await _read_accepted(draft, conn, moment)
    return draft


def _read_city(draft: Draft, duties: list[Duties]) -> None:
    chosen = [duty.city_id for duty in duties if str(duty.city_id) == draft.typed["city_id"]]
    if chosen:
        draft.fields["city_id"] = chosen[0]
    else:
        draft.faults["city_id"] = (N_("Choose a city whose partner you are."), {})


def _read_texts(draft: Draft) -> None:
    for text, most in TEXTS.items():
        for name in (f"{text}.ru", f"{text}.en"):
            said = draft.typed[name]
            if len(said) > most:
                values = {"most": most, "length": len(said)}
                draft.faults[name] = (N_("At most %(most)s letters; there are %(length)s."), values)
            elif said:
                draft.fields[name] = said
    if not draft.typed["title.ru"] and not draft.typed["title.en"]:
        draft.faults["title.ru"] = (N_("Say in a few words what the citizen gets."), {})


def _read_numbers(draft: Draft) -> None:
    for name, (least, most) in NUMBERS.items():
        typed = "".join(draft.typed[name].split())
        if not typed and least == 0:
            typed = "0"
        if typed.isascii() and typed.isdigit() and len(typed) < 20 and least <= int(typed) <= most:
            draft.fields[name] = int(typed)
        else:
            values = {"least": least, "most": most}
            draft.faults[name] = (N_("A whole number from %(least)s to %(most)s."), values)
    if "term" in draft.fields:
        draft.fields["term"] *= DAY


async def _read_days(draft: Draft, conn: AsyncConnection, moment: Moment, now: int) -> None:
    city_id = draft.fields.get("city_id")
    city = await cities.city(conn, moment, queries.issued(moment), city_id) if city_id else None
    clock = _clock(city.time_zone if city else None)
    draft.time_zone = str(clock)
    first = _day(draft, "opens") if draft.typed["opens"] else None
    last = _day(draft, "closes")
    if first:
        draft.fields["opens"] = _midnight(first, clock)
    if last:
        closes = _midnight(last + timedelta(1), clock)
        draft.fields["closes"] = closes
        if closes <= now:
            draft.faults["closes"] = (N_("This day is over already."), {})
        elif first and last < first:
            draft.faults["closes"] = (N_("The last day lies before the first."), {})


def _day(draft: Draft, name: str) -> date | None:
    try:
        day = date.fromisoformat(draft.typed[name])
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year < 9999:
        draft.faults[name] = (N_("Give a day as 2027-03-31."), {})
        return None
    return day


def _clock(zone: str | None) -> tzinfo:
    """The clock of a time zone by its IANA name; UTC where the city names none that is known here."""
    try:
        return ZoneInfo(zone) if zone else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def _midnight(day: date, clock: tzinfo) -> int:
    """The second at which a day begins."""
    return int(datetime.combine(day, time(), clock).timestamp())


async def _read_accepted(draft: Draft, conn: AsyncConnection, moment: Moment) -> None:
    """Further cities, by name or number, one a line or with commas between."""
    own = draft.fields.get("city_id")
    wanted = list(
        dict.fromkeys(part.strip() for part in draft.typed["accepts"].replace(",", "\n").splitlines())
    )
    wanted = [part for part in wanted if part]
    found = await cities.called(conn, moment, wanted) if wanted else {}
    numbers: list[int] = []
    for part in wanted:
        fitting = found.get(part.lower(), [])
        if len(fitting) == 1:
            numbers += fitting
        elif fitting:
            values = {"city": part, "numbers": ", ".join(map(str, fitting))}
            draft.faults["accepts"] = (
                N_("Several cities are called %(city)s: give a number, %(numbers)s."),
                values,
            )
        else:
            draft.faults["accepts"] = (N_("No city of the network is called %(city)s."), {"city": part})
    further = [number for number in dict.fromkeys(numbers) if number != own]
    if len(further) > MOST_CITIES:
        draft.faults["accepts"] = (N_("At most %(most)s further cities."), {"most": MOST_CITIES})
    draft.fields["accepts"] = further
    draft.cities = [*([own] if own else []), *further]
