"""What an audit asks about funds and their holdings. The rules stand in words in `docs/invariants.md`."""

from functools import cache
from typing import Any

from backend.chain.contract import Contract
from backend.chain.deployment import abi
from backend.funds import books, funds
from backend.funds.fund_derived import FUND, FUND_SUM, HOLDING, PARTNER_TERMS, TERMS
from backend.funds.names import PHASES
from backend.kit.checks import Confirm, Query, Row, Rule
from backend.kit.moment import Moment
from backend.relay.permit import token


@cache
def _kind() -> Contract:
    return Contract("FundAvatar", None, abi("IFundAvatar"))


def _fund(
    name: str, function: str, key: tuple[str, ...], values: tuple[str, ...], query: Query, **more: Any
) -> Confirm:
    """A view of each fund; the first of `key` is its address."""
    return Confirm(name, "FundAvatar", function, key, values, query, each=lambda a: _kind().at(a), **more)


# ------------------------------------------------------------------------ money

_MADE = f"{books.RATES}, c.changes"
"""What `books.standing_of` takes."""


def _books(moment: Moment) -> str:
    return f"""
        SELECT f.contract, coalesce(f.closed_at, 0), {funds.FINALLY_CLOSED.format(now=moment.time)},
            coalesce(f.ends_at, 0), f.called, coalesce(f.due_at, 0), f.value, {moment.time}, {_MADE}
        FROM {funds.funds(moment)} f LEFT JOIN {books.changes(moment)} c USING (contract)
    """


_STANDING = (
    "cash", "cost", "value", "contributed", "gains", "losses", "fees", "fee_due", "to_partners",
    "to_organisation", "escrow", "clawback", "unreturned", "preferred", "accruing",
)  # fmt: skip
BOOKS = ("closed_at", "finally_closed", "ends_at", "committed", "called", "due_at", *_STANDING)


def _booked(row: Row) -> Row:
    closed_at, finally_closed, ends_at, called, due_at, value, now, *made = row
    stands = books.standing_of(made, now)
    figures = (value if name == "value" else getattr(stands, name) for name in _STANDING)
    return (closed_at, finally_closed, ends_at, stands.committed, called, due_at, *figures)


def _navs(moment: Moment) -> str:
    return f"""
        SELECT f.contract, f.value, {moment.time}, {_MADE}
        FROM {funds.funds(moment)} f LEFT JOIN {books.changes(moment)} c USING (contract)
    """


def _nav(row: Row) -> Row:
    value, now, *made = row
    return books.standing_of(made, now).nav(int(value))


def _splits(moment: Moment) -> str:
    """Of half of what was contributed, of a little more than all, and of much more."""
    return f"""
        SELECT f.contract, s.amount, s.amount, {moment.time}, {_MADE}
        FROM {funds.funds(moment)} f LEFT JOIN {books.changes(moment)} c USING (contract)
        CROSS JOIN LATERAL (
            VALUES (div(f.contributed, 2)), (div(f.contributed * 11, 10) + 1), (f.contributed * 3 + 7)
        ) s (amount)
    """


def _split(row: Row) -> Row:
    amount, now, *made = row
    parts = books.standing_of(made, now).split(int(amount))
    return parts.capital, parts.hurdle, parts.catch_up, parts.rest, parts.carry


_HELD = """s.cash + s.premiums + s.to_partners + s.to_organisation + s.returned + s.fees - s.claimed
    - s.credited"""
"""What must be in a fund: its cash, and what was credited and not taken."""


def _balances(moment: Moment) -> str:
    return f"""
        SELECT f.token, f.contract, {_HELD}
        FROM {moment.of(FUND)} f JOIN {moment.of(FUND_SUM)} s USING (contract)
    """


# --------------------------------------------------------------------- holdings


def _holdings(moment: Moment) -> str:
    """`drawn`: what the position in the campaign had drawn when proceeds were last taken into the books."""
    return f"""
        SELECT h.contract, h.holding, h.is_fund, coalesce(h.project_id, 0), h.principal, h.commitment, h.cost,
            h.value, coalesce((
                SELECT sum(d.amount) FROM (
                    SELECT contract, backer, amount, block_number, log_index
                    FROM {moment.of("proceeds_claimed")} p
                    UNION ALL SELECT contract, new_wallet, drawn, block_number, log_index
                    FROM {moment.of("pledge_moved")} m
                ) d WHERE d.contract = h.holding AND d.backer = h.contract
                    AND (d.block_number, d.log_index) < (l.block_number, l.log_index)
            ), 0), coalesce(h.marked_as_of, 0)
        FROM {moment.of(HOLDING)} h LEFT JOIN (
            SELECT DISTINCT ON (contract, holding) contract, holding, block_number, log_index
            FROM {moment.of("proceeds_collected")} c WHERE amount > 0 AND principal = 0
            ORDER BY contract, holding, block_number DESC, log_index DESC
        ) l USING (contract, holding)
    """


def _exposures(moment: Moment) -> str:
    return f"""
        SELECT contract, project_id, sum(principal) FROM {moment.of(HOLDING)} h
        WHERE NOT is_fund GROUP BY contract, project_id
    """


def _motions(moment: Moment) -> str:
    return f"""
        SELECT m.contract, m.number, m.matter, m.subject, m.until, c.number IS NOT NULL,
            coalesce(s.consents, 0)
        FROM {moment.of("motion_proposed")} m
        LEFT JOIN {moment.of("motion_carried")} c USING (contract, number)
        LEFT JOIN (
            SELECT contract, number, max(consents) AS consents FROM {moment.of("motion_supported")} x
            GROUP BY contract, number
        ) s USING (contract, number)
    """


CONFIRMS = (
    Confirm(
        "funds", "FundFactory", "fundOf", ("fund",), ("token", "may_commit"),
        lambda m: f"SELECT contract, token, may_commit FROM {m.of(FUND)} f",
    ),
    *(
        _fund(
            "fund", function, ("fund",), (column,),
            lambda m, column=column: f"SELECT contract, {column} FROM {m.of(FUND)} f",
        )
        for function, column in (
            ("organisation", "organisation"), ("token", "token"), ("manager", "manager"),
            ("appraiser", "appraiser"), ("name", "name"), ("symbol", "symbol"),
        )
    ),
    _fund(
        "fund", "phase", ("fund",), ("phase",),
        lambda m: f"SELECT contract, phase FROM {funds.funds(m)} f",
        expected=lambda row: (PHASES.index(row[0]),),
    ),
    _fund(
        "fund", "mandate", ("fund",), ("kinds", "forms", "largest_share", "may_commit", "cities"),
        lambda m: f"SELECT contract, kinds, forms, largest_share, may_commit, cities FROM {m.of(FUND)} f",
    ),
    _fund(
        "fund", "terms", ("fund",), (*TERMS, *PARTNER_TERMS),
        lambda m: f"SELECT contract, {', '.join((*TERMS, *PARTNER_TERMS))} FROM {m.of(FUND)} f",
    ),
    _fund("fund books", "booksOf", ("fund",), BOOKS, _books, expected=_booked),
    _fund("fund nav", "navOf", ("fund",), ("nav", "partners", "per_unit"), _navs, expected=_nav),
    _fund(
        "fund split", "splitOf", ("fund", "amount"), ("capital", "hurdle", "catch_up", "rest", "carry"),
        _splits, expected=_split,
    ),
    _fund(
        "fund units", "totalSupply", ("fund",), ("units",),
        lambda m: f"SELECT contract, units FROM {m.of(FUND_SUM)} s",
    ),
    _fund(
        "holding", "holdingOf", ("fund", "holding"),
        (
            "is_fund", "project_id", "principal", "commitment", "cost", "value", "drawn", "marked_as_of",
        ),
        _holdings,
    ),
    _fund("holding", "exposureTo", ("fund", "project_id"), ("exposure",), _exposures),
    _fund(
        "motion", "motionOf", ("fund", "number"), ("matter", "subject", "until", "carried", "consents"),
        _motions,
    ),
    Confirm(
        "balance", "ERC20", "balanceOf", ("token", "fund"), ("balance",), _balances,
        each=lambda address: token(address), at_least=True,
    ),
)  # fmt: skip


def _broken(name: str, left: str, right: str, columns: tuple[str, str]) -> Rule:
    """A rule about the sums `s` of each fund, with those of its holdings `h` and of its units' moves `u`: two
    figures that are one.
    """
    return Rule(
        name, ("fund",), left, right,
        lambda m: f"""
            SELECT contract, {columns[0]}, {columns[1]}
            FROM {m.of(FUND)} f JOIN {m.of(FUND_SUM)} s USING (contract)
            LEFT JOIN (
                SELECT contract, sum(cost) AS cost, sum(invested) AS invested,
                    sum(collected) AS collected, sum(commitment) AS commitment
                FROM {m.of(HOLDING)} x GROUP BY contract
            ) h USING (contract)
            LEFT JOIN (
                SELECT contract, sum(CASE WHEN "from" = {_NOBODY} THEN value ELSE 0 END)
                    - sum(CASE WHEN "to" = {_NOBODY} THEN value ELSE 0 END) AS units
                FROM {m.of("transfer")} x GROUP BY contract
            ) u USING (contract)
            WHERE {columns[0]} <> {columns[1]}
        """,
    )  # fmt: skip


_NOBODY = "'\\x" + "00" * 20 + "'::bytea"

RULES = (
    _broken(
        "a fund's books balance", "cash, cost, fees and distributed", "contributed and gains less losses",
        (
            "s.cash + s.cost + s.fees + s.to_partners + s.to_organisation",
            "s.contributed + s.gains - s.losses",
        ),
    ),
    _broken(
        "holdings cost what the fund says", "all holdings", "the fund", ("coalesce(h.cost, 0)", "s.cost")
    ),
    _broken(
        "what went into holdings came from the fund", "all holdings", "the fund",
        ("coalesce(h.invested, 0)", "s.invested"),
    ),
    _broken(
        "what holdings gave is in the fund", "all holdings", "the fund",
        ("coalesce(h.collected, 0)", "s.collected"),
    ),
    _broken("units are what was paid", "units moved", "units paid for", ("coalesce(u.units, 0)", "s.units")),
    Rule(
        "no fund is committed more than its cap", ("fund",), "committed", "the cap",
        lambda m: f"""SELECT contract, s.committed, f.cap FROM {m.of(FUND)} f
            JOIN {m.of(FUND_SUM)} s USING (contract) WHERE s.committed > f.cap""",
    ),
    Rule(
        "no more is claimed of a fund than was credited", ("fund",), "claimed", "credited",
        lambda m: f"""SELECT contract, claimed, to_partners + premiums FROM {m.of(FUND_SUM)} s
            WHERE claimed > to_partners + premiums""",
    ),
)  # fmt: skip
