"""What the figures of the network's board are made of, fact by fact.

- A company's value is the latest that an appraiser said: of the latest day, until the end of the year; where
  several funds hold it, it counts once.
- Venture money is what funds pledged (avatars, and others with the source fund), less what they withdrew in
  the cooling-off time.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.funds.board_derived import VENTURE, year_of
from backend.funds.board_schemas import Figure, Trace
from backend.funds.fund_derived import FUND, HOLDING
from backend.kit.moment import Moment
from backend.kit.rows import rows
from backend.projects import campaigns
from backend.projects.money_derived import CAMPAIGN, WITHDRAWN_BY_SOURCE
from backend.projects.names import KINDS, SOURCES, Kind
from backend.projects.registry_derived import PROJECT

Conn = AsyncConnection

_IP = KINDS.index("intellectual_property")
_FUND = SOURCES.index("fund")


def rates(moment: Moment) -> str:
    """Relation `(token, per_rouble)`: base units of a rouble, by the operator's last rate of each token."""
    return f"""(
        SELECT DISTINCT ON (token) token, per_rouble FROM {moment.of("token_set")} k
        WHERE per_rouble > 0 ORDER BY token, block_number DESC, log_index DESC
    )"""


def _years(moment: Moment) -> str:
    """Relation `(year, ends)` of the years until that of the block; `ends` is the first second after."""
    return f"""(
        SELECT year, extract(epoch FROM make_date(year + 1, 1, 1))::bigint AS ends
        FROM generate_series(
            (SELECT {year_of("min(opened_at)")} FROM {moment.of(PROJECT)} p), {year_of(str(moment.time))}
        ) y (year)
    )"""


def _said(moment: Moment) -> str:
    """Relation of the marks that say what a company is worth at the end of each year: one for a project."""
    return f"""(
        SELECT DISTINCT ON (y.year, c.project_id) y.year, c.project_id, f.token, m.*
        FROM {_years(moment)} y JOIN {moment.of("holding_marked")} m ON m.as_of < y.ends AND m.company > 0
        JOIN {moment.of(CAMPAIGN)} c ON c.contract = m.holding
        JOIN {moment.of(FUND)} f ON f.contract = m.contract
        ORDER BY y.year, c.project_id, m.as_of DESC, m.block_number DESC, m.log_index DESC
    )"""


def cells(moment: Moment) -> str:
    """Relation `(figure, city_id, kind, year, token, amount, count)`: all figures in their finest parts."""
    return f"""(
        SELECT CASE WHEN p.kind = {_IP} THEN 'ip_value' ELSE 'companies_value' END AS figure,
            p.city_id, p.kind, s.year, s.token, s.company AS amount, 1::bigint AS count
        FROM {_said(moment)} s JOIN {moment.of(PROJECT)} p USING (project_id)
        UNION ALL SELECT 'invested', c.city_id, p.kind, v.year, c.token, v.invested, v.pledges
        FROM {moment.of(VENTURE)} v JOIN {campaigns.campaigns(moment)} c USING (contract)
        JOIN {moment.of(PROJECT)} p USING (project_id) WHERE c.phase <> 'failed'
        UNION ALL SELECT 'ip', p.city_id, p.kind, y.year, NULL, 0, 1
        FROM {moment.of(PROJECT)} p JOIN {_years(moment)} y ON p.opened_at < y.ends WHERE p.kind = {_IP}
    )"""


async def facts(
    conn: Conn,
    moment: Moment,
    figure: Figure,
    year: int,
    city: int | None = None,
    kind: Kind | None = None,
    after: tuple[int, int] | None = None,
    limit: int = 50,
) -> list[Trace]:
    """The facts of a figure, newest first. Those of the funds' totals are of all years, cities and kinds.

    `after` is block and place of the last one seen.
    """
    block, log = after or (None, None)
    return await rows(
        conn,
        Trace,
        f"""
        SELECT f.fact, f.block_time AS time, f.contract, f.account, f.project_id,
            d.document->'title' AS title, f.token, f.sign, f.amount, f.as_of, f.evidence,
            f.block_number, f.log_index, f.tx_hash
        FROM ({_LISTS[figure](moment)}) f
        LEFT JOIN {moment.of(PROJECT)} p USING (project_id) LEFT JOIN content d ON d.hash = p.content
        WHERE ({figure.startswith("funds_")} OR (
                f.year = %(year)s AND (%(city)s::bigint IS NULL OR p.city_id = %(city)s)
                AND (%(kind)s::integer IS NULL OR p.kind = %(kind)s)
            )) AND (%(block)s::bigint IS NULL OR (f.block_number, f.log_index) < (%(block)s, %(log)s))
        ORDER BY f.block_number DESC, f.log_index DESC LIMIT %(limit)s
        """,
        {
            "year": year,
            "city": city,
            "kind": KINDS.index(kind) if kind else None,
            "block": block,
            "log": log,
            "limit": limit,
        },
    )


def _fact(
    name: str, source: str, token: str, account: str = "NULL::bytea", amount: str = "f.amount", sign: int = 1,
    project: str = "NULL::bigint", year: str = "0", mark: bool = False, contract: str = "f.contract",
    where: str = "true",
) -> str:  # fmt: skip
    """A part of a list: rows of `source`, which names the fact `f`, as `facts` shows them."""
    of_mark = "f.as_of, f.evidence" if mark else "NULL::bigint AS as_of, NULL::bytea AS evidence"
    return f"""
        SELECT '{name}' AS fact, f.block_time, {contract} AS contract, {account} AS account,
            {project} AS project_id, {token} AS token, {sign} AS sign, {amount} AS amount, {of_mark},
            {year} AS year, f.block_number, f.log_index, f.tx_hash
        FROM {source} WHERE {where}
    """


def _values(moment: Moment, condition: str) -> str:
    source = f"{_said(moment)} f JOIN {moment.of(PROJECT)} p USING (project_id)"
    return _fact(
        "holding_marked", source, "f.token", "f.holding", "f.company", project="f.project_id", year="f.year",
        mark=True, where=condition,
    )  # fmt: skip


def _invested(moment: Moment) -> str:
    campaign = f"JOIN {campaigns.campaigns(moment)} c ON c.contract = f.contract AND c.phase <> 'failed'"
    withdrawn = WITHDRAWN_BY_SOURCE % {"lo": 0, "hi": moment.number}
    taken = f"(SELECT * FROM ({withdrawn}) w WHERE source = {_FUND})"
    shown = {"project": "c.project_id", "year": year_of("f.block_time")}
    return " UNION ALL ".join(
        (
            _fact(
                "pledged", f"{moment.of('pledged')} f {campaign}", "c.token", "f.backer",
                where=f"f.source = {_FUND}", **shown,
            ),
            _fact(
                "pledge_withdrawn", f"{taken} f {campaign}", "c.token", "f.backer", "-f.raised", -1, **shown
            ),
        )
    )  # fmt: skip


def _ip(moment: Moment) -> str:
    source = f"""{moment.of("project_opened")} f JOIN {moment.of(PROJECT)} p USING (project_id)
        JOIN {_years(moment)} y ON f.block_time < y.ends"""
    return _fact(
        "project_opened", source, "NULL::bytea", "f.author", "0", project="f.project_id", year="y.year",
        contract="NULL::bytea", where=f"p.kind = {_IP}",
    )  # fmt: skip


def _of_funds(moment: Moment, **facts: tuple[str, str, int]) -> str:
    """Facts of funds: each with the column of the account that must be no fund (empty: any), that of the
    amount, and the sign.
    """
    no_fund = f"NOT IN (SELECT contract FROM {moment.of(FUND)} x)"
    return " UNION ALL ".join(
        _fact(
            fact, f"{moment.of(fact)} f JOIN {moment.of(FUND)} u ON u.contract = f.contract", "u.token",
            f"f.{account}" if account else "NULL::bytea", f"f.{amount}", sign,
            where=f"f.{amount} > 0 AND " + (f"f.{account} {no_fund}" if account else "true"),
        )
        for fact, (account, amount, sign) in facts.items()
    )  # fmt: skip


def _value(moment: Moment) -> str:
    """Each holding in a campaign, with the last fact that says something of its value."""
    source = f"""
        {moment.of(HOLDING)} h JOIN {moment.of(FUND)} u USING (contract) JOIN LATERAL (
            SELECT * FROM (
                SELECT 'holding_marked' AS fact, contract, holding, as_of, evidence, block_time, block_number,
                    log_index, tx_hash
                FROM {moment.of("holding_marked")} m WHERE m.contract = h.contract AND m.holding = h.holding
                UNION ALL SELECT 'invested', contract, campaign, NULL, NULL, block_time, block_number,
                    log_index, tx_hash
                FROM {moment.of("invested")} i WHERE i.contract = h.contract AND i.campaign = h.holding
            ) l ORDER BY l.fact, l.block_number DESC, l.log_index DESC LIMIT 1
        ) f ON true
    """
    shown = _fact(
        "holding_marked", source, "u.token", "f.holding", "h.value", project="h.project_id", mark=True,
        where="NOT h.is_fund AND h.value > 0",
    )  # fmt: skip
    return shown.replace("'holding_marked' AS fact, f.block_time", "f.fact, f.block_time")


_LISTS = {
    "companies_value": lambda m: _values(m, f"p.kind <> {_IP}"),
    "ip_value": lambda m: _values(m, f"p.kind = {_IP}"),
    "invested": _invested,
    "ip": _ip,
    "funds_committed": lambda m: _of_funds(
        m, capital_committed=("partner", "amount", 1), commitment_withdrawn=("partner", "amount", -1),
        partner_defaulted=("partner", "commitment", -1),
    ),
    "funds_contributed": lambda m: _of_funds(
        m, capital_committed=("partner", "capital", 1), call_paid=("partner", "amount", 1)
    ),
    "funds_invested": lambda m: _of_funds(m, invested=("campaign", "amount", 1)) + " UNION ALL "
    + _of_funds(m, investment_withdrawn=("campaign", "amount", -1)),
    "funds_value": _value,
    "funds_distributed": lambda m: _of_funds(m, distribution_claimed=("partner", "amount", 1)),
    "funds_fees": lambda m: _of_funds(m, fee_taken=("", "amount", 1)),
    "funds_carry": lambda m: _of_funds(
        m, proceeds_distributed=("", "carry", 1), carry_returned=("", "amount", -1),
        fund_concluded=("", "from_escrow", -1),
    ),
}  # fmt: skip
