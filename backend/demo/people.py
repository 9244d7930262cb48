"""The people of the demo whom anybody may be: found in the ledger by the addresses of their keys."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncConnection

from backend import directory
from backend.cities.derived import CITY, ROLE
from backend.cities.queries import current
from backend.content.documents import Text
from backend.demo import catalogue
from backend.demo.avatars import AVATARS
from backend.demo.scenario import FULL
from backend.demo.signing import address_of, key_of
from backend.demo.town import EXPERT, MODERATOR, PARTNER, TREASURER, VERIFIER
from backend.funds.fund_derived import FUND
from backend.kit.moment import Moment
from backend.kit.rows import values
from backend.kit.types import Address, checksum, parse_address
from backend.projects.registry_derived import PROJECT

Role = Literal[
    "citizen", "business", "verifier", "steward",
    "backer", "author", "moderator", "expert", "treasurer",
    "manager", "partner", "appraiser", "organisation",
]  # fmt: skip

CITIZENS = 4 * FULL.newcomers
"""The most that a city of the demo registers."""
OFFERED = 3
"""Citizens of a city who are offered; the others are as they are."""
OF_FUNDS = {
    "seed": ("organisation", "manager", "appraiser", "partner 1", "partner 2"),
    "pilot": ("organisation",),
    "roads": ("manager",),
    "rvc": ("manager", "partner 1"),
    "rvi": ("manager",),
    "craft": ("manager", "partner 1"),
}
"""Who of funds are offered: the seed fund's second partner is late, the pilot's organisation owes carry."""

BUSINESSES = {
    "coffee": Text(ru="Кофейня", en="Café"),
    "museum": Text(ru="Музей", en="Museum"),
    "pool": Text(ru="Бассейн", en="Pool"),
    "theatre": Text(ru="Театр", en="Theatre"),
    "bicycle": Text(ru="Прокат велосипедов", en="Bicycle hire"),
}


OTHERS: tuple[tuple[str, Role, str, str], ...] = (
    ("verifier 1", "verifier", "Проверяющий", "Verifier"),
    ("steward", "steward", "Управляющий", "Steward"),
    ("moderator", "moderator", "Модератор", "Moderator"),
    ("treasurer", "treasurer", "Казначей", "Treasurer"),
    ("expert 1", "expert", "Эксперт 1", "Expert 1"),
    ("expert 2", "expert", "Эксперт 2", "Expert 2"),
    ("author 1", "author", "Автор 1", "Author 1"),
    ("author 2", "author", "Автор 2", "Author 2"),
    ("author 3", "author", "Автор 3", "Author 3"),
    ("backer 1", "backer", "Инвестор 1", "Investor 1"),
    ("backer 2", "backer", "Инвестор 2", "Investor 2"),
    ("fund", "backer", "Фонд, квалифицированный инвестор", "A fund, qualified investor"),
)
"""Whom `Town` has besides: name, role, and what people read."""

PAGES: dict[Role, str] = {
    "citizen": "wallet",
    "business": "business",
    "verifier": "cities/{city_id}/desk",
    "steward": "cities/{city_id}/desk",
    "backer": "portfolio",
    "author": "projects?city={city_id}",
    "moderator": "projects?city={city_id}&stage=premoderation",
    "expert": "projects?city={city_id}&stage=expertise",
    "treasurer": "projects?city={city_id}",
    "manager": "funds/{fund}/desk",
    "partner": "partners/{account}",
    "appraiser": "funds/{fund}/desk",
    "organisation": "funds/new",
}
FUND_ROLES: dict[str, Text] = {
    "organisation": Text(ru="Организация", en="Organisation"),
    "manager": Text(ru="Управляющий", en="Manager"),
    "appraiser": Text(ru="Оценщик", en="Appraiser"),
    "partner": Text(ru="Партнёр", en="Partner"),
}
NETWORK: frozenset[str] = frozenset(("backer", *FUND_ROLES))
"""Roles that are of no city: the play names investors after one, and funds are offered with the first."""


@dataclass(frozen=True)
class Persona:
    """Somebody whom the play may have: `name` makes the key, `title` is what people read."""

    name: str
    title: Text
    role: Role
    code: bytes

    @property
    def page(self) -> str:
        """What such a person does first, `{city_id}`, `{account}` and `{fund}` to be filled in."""
        return PAGES[self.role]


class Person(BaseModel):
    """Somebody of the demo. The key is made from a name that everybody knows: it guards nothing."""

    account: Address
    name: Text = Field(examples=[{"ru": "Горожанин 1 (демо)", "en": "Citizen 1 (demo)"}])
    role: Role
    city_id: int = Field(examples=[1])
    city: Text = Field(examples=[{"ru": "Казань", "en": "Kazan"}])
    page: str = Field(
        description="What such a person does: a page, without the language.", examples=["wallet"]
    )


@cache
def cast() -> dict[bytes, Persona]:
    """Everybody whom a demo of any size may have, by address. Takes half a second when first called."""
    return {
        parse_address(address_of(key_of(persona.name))): persona
        for town in _towns().values()
        for persona in _people(town)
    } | {parse_address(address_of(key_of(persona.name))): persona for persona in _of_funds()}


async def people(conn: AsyncConnection, moment: Moment) -> list[Person]:
    """Those whom this demo has and offers, by city: citizens, businesses, who works for the city, authors,
    investors.
    """
    everybody, towns = cast(), _towns()
    found = await values(
        conn,
        f"""
        SELECT p.account, p.city_id, c.code, p.posts, p.fund FROM (
            SELECT wallet AS account, city_id, '{{citizen}}'::text[] AS posts, NULL::bytea AS fund
            FROM {current(moment)} w
            UNION ALL SELECT account, city_id, array_remove(ARRAY[
                CASE WHEN roles & {PARTNER} <> 0 THEN 'business' END,
                CASE WHEN roles & {VERIFIER} <> 0 THEN 'verifier' END,
                CASE WHEN roles & {MODERATOR} <> 0 THEN 'moderator' END,
                CASE WHEN roles & {EXPERT} <> 0 THEN 'expert' END,
                CASE WHEN roles & {TREASURER} <> 0 THEN 'treasurer' END
            ], NULL), NULL FROM {moment.of(ROLE)} r
            UNION ALL SELECT steward, city_id, '{{steward}}', NULL FROM {moment.of(CITY)} s
            UNION ALL SELECT DISTINCT author, city_id, '{{author}}'::text[], NULL::bytea
            FROM {moment.of(PROJECT)} a
            UNION ALL SELECT wallet, NULL, '{{backer}}', NULL FROM {moment.of("investor_set")} i
            UNION ALL SELECT manager, NULL, '{{manager}}', contract FROM {moment.of(FUND)} m
            UNION ALL SELECT appraiser, NULL, '{{appraiser}}', contract FROM {moment.of(FUND)} v
            UNION ALL SELECT organisation, NULL, '{{organisation}}', contract FROM {moment.of(FUND)} o
            UNION ALL SELECT partner, NULL, '{{partner}}', contract FROM {moment.of("partner_admitted")} n
        ) p LEFT JOIN {moment.of(CITY)} c ON c.city_id = p.city_id WHERE p.account = ANY(%(accounts)s)
        """,
        {"accounts": list(everybody)},
    )
    numbers = {bytes(code): number for _, number, code, _, _ in found if code}
    posts = {
        (bytes(account), bytes(code) if code else None): (number, held, fund)
        for account, number, code, held, fund in found
    }
    offered: list[Person] = []
    citizens: dict[int, int] = {}
    for account, persona in everybody.items():
        where = None if persona.role in NETWORK else persona.code
        city, held, fund = posts.get((account, where), (0, (), None))
        if persona.role not in held:
            continue
        city = city or numbers.get(persona.code, 0)
        if persona.role == "citizen":
            citizens[city] = citizens.get(city, 0) + 1
            if citizens[city] > OFFERED:
                continue
        town = towns[persona.code]
        offered.append(
            Person(
                account=checksum(account),
                name=persona.title,
                role=persona.role,
                city_id=city,
                city=Text(ru=town.name_ru, en=town.name_en),
                page=persona.page.format(
                    city_id=city, account=checksum(account), fund=checksum(fund) if fund else ""
                ),
            )
        )
    return offered


@cache
def _towns() -> dict[bytes, directory.City]:
    known = {city.code: city for city in directory.load()}
    return {code.encode().ljust(32, b"\0"): known[code] for code in catalogue.CITIES}


def _people(town: directory.City) -> list[Persona]:
    """The names are those of `Town` and `Play`."""
    code, place = town.code.encode().ljust(32, b"\0"), town.name_en
    made = []
    for i in range(1, CITIZENS + 1):
        title = Text(ru=f"Горожанин {i} (демо)", en=f"Citizen {i} (demo)")
        for name in (f"citizen {i} of {place}", f"citizen {i} of {place}, new wallet"):
            made.append(Persona(name, title, "citizen", code))
    for business, title in BUSINESSES.items():
        labelled = Text(ru=f"{title.ru} (демо)", en=f"{title.en} (demo)")
        made.append(Persona(f"{business} of {place}", labelled, "business", code))
    for name, role, ru, en in OTHERS:
        title = Text(ru=f"{ru} (демо)", en=f"{en} (demo)")
        made.append(Persona(f"{name} of {place}", title, role, code))
    return made


def _of_funds() -> list[Persona]:
    """The names are those of `Office`."""
    first = next(iter(_towns()))
    made = []
    for plan in AVATARS:
        of = plan.document.title
        for name in OF_FUNDS[plan.key]:
            role, space, number = name.partition(" ")
            title, which = FUND_ROLES[role], space + number
            labelled = Text(ru=f"{title.ru}{which}. {of.ru}", en=f"{title.en}{which}. {of.en}")
            made.append(Persona(f"{name} of the {plan.key} fund", labelled, role, first))  # type: ignore[arg-type]
    return made
