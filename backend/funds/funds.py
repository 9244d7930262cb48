"""Reading funds. Every function takes a connection and the moment at which to look."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.cities.queries import words_of
from backend.funds import books
from backend.funds.fund_derived import FUND, FUND_SUM, HOLDING
from backend.funds.mandate import Mandate, unmask
from backend.funds.performance import multiples
from backend.funds.schemas import FundSummary
from backend.funds.waterfall import ONE, Standing
from backend.kit.moment import Moment
from backend.kit.rows import rows, values
from backend.projects.names import FORMS, KINDS, Form, Kind

Conn = AsyncConnection

PHASE = """CASE
    WHEN f.concluded_at IS NOT NULL THEN 'ended'
    WHEN f.closed_at IS NULL AND {now} < f.final_closing THEN 'forming'
    WHEN f.closed_at IS NULL THEN 'lapsed'
    WHEN {now} >= f.ends_at THEN 'winding'
    WHEN {now} < f.closed_at + f.investment_period THEN 'investing'
    ELSE 'harvesting' END"""
"""The rule of `FundTerms.phase`: time and what was done name exactly one."""

FINALLY_CLOSED = """(f.finally_closed_at IS NOT NULL OR {now} >= f.final_closing
    OR f.to_partners + f.to_organisation > 0 OR f.gains > f.late_fees)"""
"""Whether nobody commits any more: said so, too late, something was distributed, or a holding has gained."""

_SUMS = (
    "committed", "contributed", "units", "premiums", "late_fees", "invested", "gains", "to_partners",
    "to_organisation", "claimed",
)  # fmt: skip


def funds(moment: Moment) -> str:
    """Relation of all funds: the columns of `fund` and sums of `fund_sum`, with `phase`, `vintage` (year of
    the first closing, null before) and `value`, that of all holdings at their marks.
    """
    sums = ", ".join(f"coalesce(s.{name}, 0) AS {name}" for name in _SUMS)
    return f"""(
        SELECT f.*, {sums}, coalesce(h.value, 0) AS value, {PHASE.format(now=moment.time)} AS phase,
            extract(year FROM to_timestamp(f.closed_at) AT TIME ZONE 'UTC')::integer AS vintage
        FROM {moment.of(FUND)} f LEFT JOIN {moment.of(FUND_SUM)} s USING (contract)
        LEFT JOIN (
            SELECT contract, sum(value) AS value FROM {moment.of(HOLDING)} x GROUP BY contract
        ) h USING (contract)
    )"""


async def listed(
    conn: Conn,
    moment: Moment,
    search: str = "",
    organisation: bytes | None = None,
    kind: Kind | None = None,
    form: Form | None = None,
    city: int | None = None,
    vintage: int | None = None,
    phase: str | None = None,
    after: tuple[int, str] | None = None,
    limit: int = 50,
) -> list[FundSummary]:
    """Funds, the last one launched first.

    Unless all are wanted: those whose name or texts, in either language, have words that begin as those of
    `search`; of an organisation; whose mandate has a kind, a form, a city (or any); of a vintage; in a phase.
    `after` is when the last fund seen was launched, and its address in hex.
    """
    words = words_of(search)
    if search and not words:
        return []
    conditions = {
        "(t.words @@ to_tsquery('russian', %(words)s)"
        " OR to_tsvector('russian', f.name || ' ' || f.symbol) @@ to_tsquery('russian', %(words)s))": words,
        "f.organisation = %(organisation)s": organisation,
        "(f.kinds >> %(kind)s) & 1 = 1": kind,
        "(f.forms >> %(form)s) & 1 = 1": form,
        "(f.cities = '[]' OR f.cities @> to_jsonb(%(city)s::bigint))": city,
        "f.vintage = %(vintage)s": vintage,
        "f.phase = %(phase)s": phase,
        "(f.launched_at, f.contract) < (%(launched)s::bigint, decode(%(seen)s, 'hex'))": after,
    }
    launched, seen = after or (None, None)
    return await _read(
        conn,
        moment,
        " AND ".join(condition for condition, wanted in conditions.items() if wanted) or "true",
        {
            "words": words,
            "organisation": organisation,
            "kind": KINDS.index(kind) if kind else None,
            "form": FORMS.index(form) if form else None,
            "city": city,
            "vintage": vintage,
            "phase": phase,
            "launched": launched,
            "seen": seen,
            "limit": limit,
        },
    )


async def summaries(conn: Conn, moment: Moment, contracts: Sequence[bytes]) -> list[FundSummary]:
    """These funds, the last one launched first."""
    return await _read(
        conn, moment, "f.contract = ANY(%(funds)s)", {"funds": list(contracts), "limit": len(contracts)}
    )


async def exists(conn: Conn, moment: Moment, contract: bytes) -> bool:
    """Whether there is a fund at this address."""
    return bool(await values(conn, f"SELECT 1 FROM {moment.of(FUND)} f WHERE contract = %s", (contract,)))


async def vintages(conn: Conn, moment: Moment) -> list[int]:
    """The years in which funds began, the last one first."""
    found = f"SELECT DISTINCT vintage FROM {funds(moment)} f WHERE vintage IS NOT NULL ORDER BY 1 DESC"
    return [vintage for (vintage,) in await values(conn, found)]


async def cities(conn: Conn, moment: Moment) -> list[int]:
    """The cities that mandates name."""
    found = f"SELECT DISTINCT jsonb_array_elements(cities)::bigint FROM {moment.of(FUND)} f ORDER BY 1"
    return [city_id for (city_id,) in await values(conn, found)]


async def _read(conn: Conn, moment: Moment, where: str, parameters: dict[str, Any]) -> list[FundSummary]:
    found = await rows(
        conn,
        dict,
        f"""
        SELECT f.contract, f.name, f.symbol, t.document->'title' AS title, t.document->'summary' AS summary,
            f.organisation, f.manager, f.token, f.phase, f.launched_at, f.closed_at, f.vintage, f.ends_at,
            f.kinds, f.forms, f.largest_share, f.may_commit, f.cities, f.committed, f.called, f.contributed,
            f.invested, f.to_partners, f.value
        FROM {funds(moment)} f LEFT JOIN content t ON t.hash = f.content
        WHERE {where} ORDER BY f.launched_at DESC, f.contract DESC LIMIT %(limit)s
        """,
        parameters,
    )
    stand = await books.of_funds(conn, moment, [fund["contract"] for fund in found]) if found else {}
    return [summary(fund, stand[bytes(fund["contract"])]) for fund in found]


def summary(row: dict[str, Any], stands: Standing) -> FundSummary:
    """A fund in a list, of its columns and its books."""
    nav, partners, _ = stands.nav(int(row["value"]))
    return FundSummary(
        **{name: row[name] for name in FundSummary.model_fields if name in row and name != "called"},
        mandate=mandate_of(row),
        called=int(row["committed"]) * int(row["called"]) // ONE,
        paid=row["contributed"],
        nav=nav,
        nav_of_partners=partners,
        distributed=row["to_partners"],
        multiples=multiples(int(row["contributed"]), int(row["to_partners"]), partners),
    )


def mandate_of(row: dict[str, Any]) -> Mandate:
    """The mandate of a row of `fund`."""
    return Mandate(
        kinds=unmask(row["kinds"], KINDS),
        forms=unmask(row["forms"], FORMS),
        largest_share=row["largest_share"],
        may_commit=row["may_commit"],
        cities=row["cities"],
    )
