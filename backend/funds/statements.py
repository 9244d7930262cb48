"""A partner's statement of a fund, under the headings of the ILPA reporting template (A.1 to A.3): a
quarter, the year to date and all since inception, for the partner and for the whole fund.

Every column foots: what a section begins with and what follows makes what it ends with, to the base unit.
The fund's figures are its books. Of what the partner's column shares with the fund (fees, gains, carry) it
has the part of the units held at the period's end; what units that came and went meanwhile, and rounding,
change of that is in "Other Income/(Expense)" (docs/decisions/0109).
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.funds import books, notices, partners
from backend.funds.fund_derived import HOLDING
from backend.funds.partner_schemas import Position
from backend.funds.periods import Period, before
from backend.kit.moment import Moment
from backend.kit.rows import values
from backend.kit.texts import N_

Conn = AsyncConnection

NAV, COMMITMENT, MISCELLANEOUS = (
    N_("A.1 NAV Reconciliation and Summary of Fees, Expenses & Incentive Allocation"),
    N_("A.2 Commitment Reconciliation"),
    N_("A.3 Miscellaneous (included in section A above)"),
)


LINES = (
    # section, heading, what `_column` calls it, whether it sums those above
    (NAV, N_("Beginning NAV - Net of Incentive Allocation"), "beginning", True),
    (NAV, N_("Contributions - Cash & Non-Cash"), "contributions", False),
    (NAV, N_("Distributions - Cash & Non-Cash"), "distributions", False),
    (NAV, N_("Total Cash / Non-Cash Flows"), "flows", True),
    (NAV, N_("(Management Fees - Gross of Offsets, Waivers & Rebates)"), "fees", False),
    (NAV, N_("Other Income/(Expense)"), "other", False),
    (NAV, N_("Total Net Operating Income / (Expense)"), "operating", True),
    (NAV, N_("Realized Gain / (Loss)"), "realised", False),
    (NAV, N_("Change in Unrealized Gain / (Loss)"), "unrealised", False),
    (NAV, N_("(Incentive Allocation - Paid During the Period)"), "carry", False),
    (NAV, N_("(Accrued Incentive Allocation - Periodic Change)"), "carry_change", False),
    (NAV, N_("Ending NAV - Net of Incentive Allocation"), "ending", True),
    (NAV, N_("Accrued Incentive Allocation - Ending Period Balance"), "carry_accrued", False),
    (NAV, N_("Ending NAV - Gross of Accrued Incentive Allocation"), "gross", True),
    (COMMITMENT, N_("Total Commitment"), "commitment", False),
    (COMMITMENT, N_("Beginning Unfunded Commitment"), "unfunded_before", True),
    (COMMITMENT, N_("(Less Contributions)"), "less_contributions", False),
    (COMMITMENT, N_("(Less Expired/Released Commitments)"), "released", False),
    (COMMITMENT, N_("+/- Other Unfunded Adjustment"), "committed", False),
    (COMMITMENT, N_("Ending Unfunded Commitment"), "unfunded", True),
    (MISCELLANEOUS, N_("Late Fees Paid on Top of Contributions"), "late_fees", False),
    (MISCELLANEOUS, N_("Equalisation Premiums Paid"), "premiums_paid", False),
    (MISCELLANEOUS, N_("Equalisation Premiums Received"), "premiums_got", False),
    (MISCELLANEOUS, N_("Distributions and Premiums Not Drawn Yet"), "claimable", False),
    (MISCELLANEOUS, N_("Units Held"), "units", False),
)
"""The template's headings, in its order but for the incentive allocation, which stands where it is taken
off. Those of things that a fund here cannot have (rebates, offsets, placement fees, interest, recallable
distributions) are left out.
"""


@dataclass
class Stand:
    """A fund, or a partner in it, at a moment: base units. All are zero where there was none yet."""

    commitment: int = 0  # standing
    committed: int = 0  # ever, less what was withdrawn
    unfunded: int = 0
    contributed: int = 0
    distributed: int = 0  # without premiums
    fees: int = 0  # taken and due
    gains: int = 0  # less losses, late fees aside
    unrealised: int = 0
    carry: int = 0
    carry_accrued: int = 0
    nav: int = 0
    units: int = 0
    late_fees: int = 0
    premiums_paid: int = 0
    premiums_got: int = 0
    claimable: int = 0


Stands = tuple[Stand, Stand]
"""A partner's and the fund's."""


@dataclass(frozen=True)
class Line:
    """A heading and its sums by column: quarter, year to date, since inception. `total` sums those above."""

    heading: str
    total: bool
    partner: tuple[int, ...]
    fund: tuple[int, ...]


@dataclass(frozen=True)
class Statement:
    """A statement. `ends` is the second until which it reads: the period's end, or the block's time."""

    period: Period
    ends: int
    position: Position
    sections: dict[str, list[Line]]


async def statement(
    conn: Conn, moment: Moment, wallet: bytes, fund: bytes, period: Period
) -> Statement | None:
    """A partner's statement; None where the wallet has nothing to do with the fund by the period's end."""
    end = await before(conn, moment, fund, period.ends)
    held = await partners.positions(conn, end, wallet, fund) if end else []
    if end is None or not held:
        return None
    now = await _stands(conn, end, wallet, fund)
    begins = [await before(conn, moment, fund, time) for time in (period.begins, period.year_begins)]
    then = [await _stands(conn, at, wallet, fund) if at else _NOTHING for at in begins] + [_NOTHING]
    mine, whole = [_of_partner(start, now) for start in then], [_of_fund(start, now) for start in then]
    sections: dict[str, list[Line]] = {}
    for section, heading, name, total in LINES:
        line = Line(heading, total, tuple(c[name] for c in mine), tuple(c[name] for c in whole))
        sections.setdefault(section, []).append(line)
    return Statement(period, min(period.ends, moment.time), held[0], sections)


_NOTHING: Stands = (Stand(), Stand())


async def _stands(conn: Conn, moment: Moment, wallet: bytes, fund: bytes) -> Stands:
    stand = (await books.of_funds(conn, moment, [fund])).get(fund)
    held = await partners.positions(conn, moment, wallet, fund)
    if stand is None:
        return _NOTHING
    ((value, unfunded, claimable, defaulted, premiums, late_fees, mine),) = await values(
        conn,
        f"""
        SELECT coalesce((SELECT sum(value) FROM {moment.of(HOLDING)} h WHERE contract = %(fund)s), 0),
            coalesce(sum(greatest(commitment - paid, 0)), 0), coalesce(sum(claimable), 0),
            coalesce((
                SELECT sum(commitment) FROM {moment.of("partner_defaulted")} d WHERE contract = %(fund)s
            ), 0),
            coalesce(sum(premium), 0), coalesce(sum(late_fee), 0), coalesce((
                SELECT sum(amount) FROM {moment.of("capital_committed")} c
                WHERE contract = %(fund)s AND partner = %(wallet)s
            ), 0) - coalesce((
                SELECT sum(amount) FROM {moment.of("commitment_withdrawn")} w
                WHERE contract = %(fund)s AND partner = %(wallet)s
            ), 0)
        FROM {partners.standing(moment)} p WHERE contract = %(fund)s
        """,
        {"fund": fund, "wallet": wallet},
    )
    net = stand.cash + int(value) - stand.fee_due
    _, nav, _ = stand.nav(int(value))
    whole = Stand(
        commitment=stand.committed,
        committed=stand.committed + int(defaulted),
        unfunded=int(unfunded),
        contributed=stand.contributed,
        distributed=stand.to_partners,
        fees=stand.fees + stand.fee_due,
        gains=stand.gains - stand.losses - int(late_fees),
        unrealised=int(value) - stand.cost,
        carry=stand.to_organisation,
        carry_accrued=net - nav,
        nav=nav,
        units=stand.units,
        late_fees=int(late_fees),
        premiums_paid=int(premiums),
        premiums_got=int(premiums),
        claimable=int(claimable),
    )
    if not held:
        return Stand(), whole
    (position,) = held
    credits = await notices.credited(conn, moment, wallet, fund)
    premiums_got = sum(credit.amount for credit in credits if credit.notice == "premium")
    return Stand(
        commitment=position.commitment,
        committed=int(mine),
        unfunded=position.unfunded,
        contributed=position.paid,
        distributed=position.credited - premiums_got,
        nav=position.nav,
        units=position.units,
        late_fees=position.late_fee,
        premiums_paid=position.premium,
        premiums_got=premiums_got,
        claimable=position.claimable,
    ), whole


def _of_fund(then: Stands, now: Stands) -> dict[str, int]:
    """The fund's column between two moments."""
    a, b = then[1], now[1]
    late_fees = b.late_fees - a.late_fees
    return _column(
        a, b, -(b.fees - a.fees), late_fees, b.gains - a.gains, b.unrealised - a.unrealised,
        -(b.carry - a.carry), -(b.carry_accrued - a.carry_accrued), b.carry_accrued,
    )  # fmt: skip


def _of_partner(then: Stands, now: Stands) -> dict[str, int]:
    """The partner's: of what is the fund's, the part of the units at the end."""
    whole = _of_fund(then, now)
    (a, _), (b, fund) = then, now

    def part(name: str) -> int:
        """Rounded towards zero."""
        share = abs(whole[name]) * b.units // fund.units if fund.units else 0
        return share if whole[name] >= 0 else -share

    shared = {name: part(name) for name in ("fees", "realised", "unrealised", "carry", "carry_change")}
    flows = (b.contributed - a.contributed) - (b.distributed - a.distributed)
    other = b.nav - a.nav - flows - sum(shared.values())
    return _column(
        a, b, shared["fees"], other, shared["realised"], shared["unrealised"], shared["carry"],
        shared["carry_change"], part("carry_accrued"),
    )  # fmt: skip


def _column(
    a: Stand, b: Stand, fees: int, other: int, realised: int, unrealised: int, carry: int, carry_change: int,
    carry_accrued: int,
) -> dict[str, int]:  # fmt: skip
    contributions, distributions = b.contributed - a.contributed, a.distributed - b.distributed
    committed = b.committed - a.committed
    return {
        "beginning": a.nav,
        "contributions": contributions,
        "distributions": distributions,
        "flows": contributions + distributions,
        "fees": fees,
        "other": other,
        "operating": fees + other,
        "realised": realised,
        "unrealised": unrealised,
        "carry": carry,
        "carry_change": carry_change,
        "ending": b.nav,
        "carry_accrued": carry_accrued,
        "gross": b.nav + carry_accrued,
        "commitment": b.commitment,
        "unfunded_before": a.unfunded,
        "less_contributions": -contributions,
        "released": b.unfunded - a.unfunded + contributions - committed,
        "committed": committed,
        "unfunded": b.unfunded,
        "late_fees": b.late_fees - a.late_fees,
        "premiums_paid": b.premiums_paid - a.premiums_paid,
        "premiums_got": b.premiums_got - a.premiums_got,
        "claimable": b.claimable,
        "units": b.units,
    }
