"""How loans stand. The rules are those of `LoanCampaign`: interest is simple, on the principal outstanding,
rounded up
whenever it changes; a repayment pays interest first; instalment `i` of `n` asks for `released × i ÷ n` in
all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.kit.moment import Moment
from backend.kit.rows import values
from backend.projects.money_derived import CAMPAIGN
from backend.projects.money_schemas import Instalment, Loan

Conn = AsyncConnection

YEAR = 365 * 86_400
WHOLE = 10_000
MOST = 2**96 - 1

Change = tuple[int, int, int]
"""Time, principal released then, money repaid then."""


@dataclass(frozen=True)
class Standing:
    """A loan at a moment, amounts in base units of its token; `late_since` is zero where nothing is late."""

    released: int
    principal: int
    interest: int
    repaid: int
    interest_paid: int
    first_release: int
    late_since: int

    @property
    def principal_repaid(self) -> int:
        return self.released - self.principal


@dataclass(frozen=True)
class Terms:
    """As `ICampaign.LoanTerms`."""

    rate: int
    instalments: int
    interval: int
    grace: int
    default_after: int


def standing(terms: Terms, changes: Sequence[Change], now: int) -> Standing:
    """How a loan stands after its changes, in the order of the chain, at a time."""
    released = principal = interest = repaid = interest_paid = since = first = 0
    for time, more, paid in [*changes, (now, 0, 0)]:
        running = principal * terms.rate * (time - since)
        interest = min(interest - (-running // (WHOLE * YEAR)), MOST - principal)
        since = time
        first = first or (time if more else 0)
        of_interest = min(paid, interest)
        interest -= of_interest
        interest_paid += of_interest
        repaid += paid
        released += more
        principal += more - (paid - of_interest)
    late = 0
    if principal:
        unpaid = (released - principal) * terms.instalments // released + 1
        late = first + unpaid * terms.interval + terms.grace
    return Standing(released, principal, interest, repaid, interest_paid, first, late if now >= late else 0)


def schedule(terms: Terms, loan: Standing, now: int) -> list[Instalment]:
    """The instalments of what was released, none before anything was."""
    made, before = [], 0
    for number in range(1, terms.instalments + 1) if loan.released else ():
        upto = -(-loan.released * number // terms.instalments)
        due = loan.first_release + number * terms.interval
        made.append(
            Instalment(
                number=number,
                due=due,
                principal=upto - before,
                state=_state(loan.principal_repaid >= upto, due, due + terms.grace, now),
            )
        )
        before = upto
    return made


def _state(paid: bool, due: int, late: int, now: int) -> Literal["paid", "due", "grace", "late"]:
    if paid:
        return "paid"
    return "due" if now < due else "grace" if now < late else "late"


def loans(moment: Moment) -> str:
    """Relation `(contract, rate, instalments, interval, grace, default_after, changes, defaulted_at)` of
    all loans;
    `changes` is an array of `Change`.
    """
    return f"""(
        SELECT c.contract, c.rate, c.instalments, c."interval", c.grace, c.default_after,
            coalesce(x.changes, '[]')
            AS changes, c.defaulted_at
        FROM {moment.of(CAMPAIGN)} c LEFT JOIN (
            SELECT contract, jsonb_agg(
                jsonb_build_array(block_time, released, repaid) ORDER BY block_number, log_index
            ) AS changes
            FROM (
                SELECT contract, block_number, log_index, block_time, amount AS released, 0 AS repaid
                FROM {moment.of("tranche_released")} t
                UNION ALL SELECT contract, block_number, log_index, block_time, 0, amount
                FROM {moment.of("loan_repaid")} r
            ) change GROUP BY contract
        ) x USING (contract) WHERE c.rate IS NOT NULL
    )"""


async def loan(conn: Conn, moment: Moment, contract: bytes) -> Loan | None:
    """One loan, None where the campaign is none."""
    found = await values(
        conn,
        f'SELECT rate, instalments, "interval", grace, default_after, changes, defaulted_at'
        f" FROM {loans(moment)} l WHERE contract = %s",
        (contract,),
    )
    if not found:
        return None
    *given, changes, defaulted_at = found[0]
    terms = Terms(*given)
    stands = standing(terms, changes, moment.time)
    return Loan(
        **vars(terms),
        principal=stands.principal,
        interest=stands.interest,
        repaid=stands.repaid,
        interest_paid=stands.interest_paid,
        late_since=stands.late_since or None,
        defaulted_at=defaulted_at,
        schedule=schedule(terms, stands, moment.time),
    )


def loan_of(row: tuple[Any, ...], now: int) -> tuple[int, int, int, bool]:
    """What `loanOf` answers for a row of `loans` without its contract."""
    *given, changes, defaulted_at = row
    stands = standing(Terms(*given), changes, now)
    return stands.principal, stands.interest, stands.late_since, defaulted_at is not None
