"""A fund as an organisation writes it down: whole tokens, per cent, years and days; faults by field."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.datastructures import FormData

from backend.cities import queries as cities
from backend.funds.mandate import WHOLE, Mandate, Terms
from backend.funds.reasons.avatar import TERMS
from backend.kit.moment import Moment
from backend.kit.texts import N_
from backend.kit.types import parse_address
from backend.merits.tokens import Token
from backend.projects.names import FORMS, KINDS

DAY, YEAR = 86_400, 31_536_000
TEXTS = {"summary": 200, "description": 4000}
"""What is written in both languages, with the most letters each."""
SHARES = (
    "largest_share", "management_fee", "hurdle", "catch_up", "carry", "escrow", "equalisation", "late_fee",
    "forfeit",
)  # fmt: skip
"""Per cent."""
SPANS = {
    "investment_period": YEAR, "life": YEAR, "extension": YEAR,
    "call_notice": DAY, "grace": DAY, "mark_term": DAY,
}  # fmt: skip
"""Years and days."""
USUAL = {
    "largest_share": "20", "investment_period": "5", "life": "10", "extension": "1", "extensions": "2",
    "management_fee": "2", "hurdle": "8", "catch_up": "100", "carry": "20", "escrow": "30",
    "equalisation": "8", "call_notice": "10", "grace": "10", "late_fee": "2", "forfeit": "50",
    "mark_term": "180",
}  # fmt: skip
"""What most funds have."""
TICKED = (("kinds", "intellectual_property"), ("kinds", "startup"), ("forms", "loan"), ("forms", "share"))
CHOICES: dict[str, Sequence[str]] = {"kinds": KINDS, "forms": FORMS}
FIELDS = (
    "name", "symbol", *(f"{text}.{code}" for text in TEXTS for code in ("ru", "en")), "token", "manager",
    "appraiser", "may_commit", "cities", "minimum", "cap", "final_closing", "extensions", *SHARES, *SPANS,
)  # fmt: skip
MOST_CITIES = 256
NUMBER = re.compile(r"(\d{1,30})(?:[.,](\d*))?")

Fault = tuple[str, dict[str, Any]]
"""An English text marked with `N_`, and what it names."""


@dataclass
class Draft:
    """What was filled in (`typed`, by field; `chosen`, of what one ticks), what is wrong with it, and as far
    as nothing is, what it means: the fields of the action `launch_fund`.
    """

    typed: dict[str, str]
    chosen: dict[str, list[str]]
    faults: dict[str, Fault] = field(default_factory=dict)
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def mandate(self) -> Mandate | None:
        return self._meant(Mandate)

    @property
    def terms(self) -> Terms | None:
        return self._meant(Terms)

    def _meant(self, kind: Any) -> Any:
        names = kind.model_fields
        return (
            None if names.keys() & self.faults.keys() else kind(**{name: self.fields[name] for name in names})
        )


def blank(tokens: Sequence[str]) -> FormData:
    """A form with what most funds have."""
    token = tokens[0] if len(tokens) == 1 else ""
    return FormData([*USUAL.items(), ("token", token), *TICKED])


async def read(
    conn: AsyncConnection,
    moment: Moment,
    form: FormData,
    tokens: Mapping[str, Token | None],
    account: bytes | None,
    now: int,
) -> Draft:
    """The draft that a form holds. `tokens`: those that may be used; `account`: of who launches it; `now`:
    seconds since 1970.
    """
    typed = {name: str(form.get(name, "")).replace("\x00", "").strip() for name in FIELDS}
    chosen = {name: [each for each in known if each in form.getlist(name)] for name, known in CHOICES.items()}
    draft = Draft(typed, chosen)
    draft.fields |= chosen | {"may_commit": bool(typed["may_commit"])}
    _read_names(draft)
    _read_people(draft, account)
    _read_sums(draft, tokens)
    _read_numbers(draft)
    _read_last_day(draft)
    await _read_cities(draft, conn, moment)
    _read_sense(draft, now)
    return draft


def _read_names(draft: Draft) -> None:
    for name, most in (("name", 64), ("symbol", 12)):
        length = len(draft.typed[name].encode())
        if not length:
            draft.faults[name] = (N_("Fill this in."), {})
        elif length > most:
            draft.faults[name] = (
                N_("At most %(most)s bytes, of which a Russian letter has two; there are %(length)s."),
                {"most": most, "length": length},
            )
        else:
            draft.fields[name] = draft.typed[name]
    for text, most in TEXTS.items():
        for name in (f"{text}.ru", f"{text}.en"):
            if len(draft.typed[name]) > most:
                values = {"most": most, "length": len(draft.typed[name])}
                draft.faults[name] = (N_("At most %(most)s letters; there are %(length)s."), values)
            elif draft.typed[name]:
                draft.fields[name] = draft.typed[name]


def _read_people(draft: Draft, account: bytes | None) -> None:
    given = {"manager": account}
    for name in ("manager", "appraiser"):
        typed = draft.typed[name]
        if not typed and name == "manager":
            continue
        try:
            given[name] = parse_address(typed)
            draft.fields[name] = typed
        except ValueError as error:
            draft.faults[name] = (str(error) if typed else N_("Fill this in."), {})
    if "appraiser" in given and given["appraiser"] == given["manager"]:
        draft.faults["appraiser"] = (TERMS["appraiser"], {})


def _read_sums(draft: Draft, tokens: Mapping[str, Token | None]) -> None:
    token, decimals = draft.typed["token"], 18  # so that figures are judged before there is a token
    if token in tokens:
        draft.fields["token"] = token
        decimals = known.decimals if (known := tokens[token]) else 0
    else:
        draft.faults["token"] = (N_("Choose a token."), {})
    for name in ("minimum", "cap"):
        _number(draft, name, lambda value: value * 10**decimals, 2**96 - 1)


def _read_numbers(draft: Draft) -> None:
    for name in SHARES:
        _number(draft, name, lambda value: value * 100, WHOLE)
    for name, unit in SPANS.items():
        _number(draft, name, lambda value, unit=unit: value * unit, 2**32 - 1)  # type: ignore[misc]
    _number(draft, "extensions", lambda value: value, 255)


def _number(draft: Draft, name: str, meant: Callable[[Decimal], Decimal], most: int) -> None:
    """A number that comes to a whole one in the contract's unit; an empty field is none."""
    typed = re.sub(r"[\s\u00a0\u202f]", "", draft.typed[name]).removesuffix("%") or "0"
    found = NUMBER.fullmatch(typed)
    value = meant(Decimal(f"{found[1]}.{found[2] or 0}")) if found and typed.isascii() else None
    if value is None:
        draft.faults[name] = (N_("Write it in figures: 12 or 12.5."), {})
    elif value != int(value):
        draft.faults[name] = (N_("This has too many figures after the point."), {})
    elif value > most:
        draft.faults[name] = (TERMS.get(_camel(name)) or N_("This is too much."), {})
    else:
        draft.fields[name] = int(value)


def _read_last_day(draft: Draft) -> None:
    """Commitments are taken to the end of this day, by UTC."""
    try:
        day = date.fromisoformat(draft.typed["final_closing"])
        ends = datetime.combine(day + timedelta(1), time(), UTC)
        draft.fields["final_closing"] = int(ends.timestamp())
    except (ValueError, OverflowError):
        draft.faults["final_closing"] = (N_("Give a day as 2027-03-31."), {})


async def _read_cities(draft: Draft, conn: AsyncConnection, moment: Moment) -> None:
    """By name or number, one a line or with commas between; none: any."""
    parts = draft.typed["cities"].replace(",", "\n").splitlines()
    wanted = list(dict.fromkeys(part.strip() for part in parts if part.strip()))
    found = await cities.called(conn, moment, wanted) if wanted else {}
    numbers: set[int] = set()
    for part in wanted:
        fitting = found.get(part.lower(), [])
        if len(fitting) > 1:
            values = {"city": part, "numbers": ", ".join(map(str, fitting))}
            draft.faults["cities"] = (
                N_("Several cities are called %(city)s: give a number, %(numbers)s."),
                values,
            )
        elif not fitting:
            draft.faults["cities"] = (N_("No city of the network is called %(city)s."), {"city": part})
        numbers |= set(fitting)
    if len(numbers) > MOST_CITIES:
        draft.faults["cities"] = (TERMS["cities"], {})
    draft.fields["cities"] = sorted(numbers)


def _read_sense(draft: Draft, now: int) -> None:
    """What the contract would say of it (`FundTerms`), as far as it is filled in."""
    given = draft.fields
    rules: dict[str, Callable[[], bool]] = {
        "kinds": lambda: given["kinds"] or given["may_commit"],
        "forms": lambda: given["forms"] or given["may_commit"],
        "largest_share": lambda: given["largest_share"] > 0,
        "minimum": lambda: given["minimum"] > 0,
        "cap": lambda: given["cap"] >= given["minimum"],
        "final_closing": lambda: given["final_closing"] > now,
        "investment_period": lambda: given["investment_period"] > 0,
        "life": lambda: given["life"] >= given["investment_period"],
        "extension": lambda: (given["extension"] == 0) == (given["extensions"] == 0),
        "management_fee": lambda: given["management_fee"] <= WHOLE // 10,
        "catch_up": lambda: not given["catch_up"] or given["catch_up"] > given["carry"],
        "carry": lambda: given["carry"] <= WHOLE // 2,
        "call_notice": lambda: given["call_notice"] >= DAY,
        "mark_term": lambda: given["mark_term"] > 0,
    }
    for name, sensible in rules.items():
        try:
            if name not in draft.faults and not sensible():
                draft.faults[name] = (TERMS[_camel(name)], {})
        except KeyError:  # what it is compared with is not filled in
            continue


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
