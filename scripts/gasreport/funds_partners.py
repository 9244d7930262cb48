"""How a fund is launched, and what its partners do: commit, pay, default, claim, pass units on."""

from scripts.gasreport.campaigns import permit
from scripts.gasreport.floor import account, change, clone, new, passing, read, signature
from scripts.gasreport.funding import COMMITMENT, YEAR, Funding
from scripts.gasreport.funds_waterfall import (
    CALLS,
    CAPITAL,
    CASH,
    CLONE,
    COST,
    FEES,
    HELD,
    HURDLE,
    LIFE,
    MANAGER,
    PER_UNIT,
    RATES,
    SEAT,
    TOKEN,
    UNITS,
)
from scripts.gasreport.raising import UNIT
from scripts.gasreport.table import Table
from scripts.gasreport.world import DAY, World, some, wallet

SUMS, LATE = "least, most and last day of commitments", "grace, late fee and forfeit of the terms"
BEFORE, ACCOUNT = "calls before the last", "account of the partner"
HOLDINGS = account("code for holdings")
ALLOWANCE = change("token: allowance")
ARRIVES = [TOKEN, change("token: held by the payer"), change("token: held by the fund")]


def measure(world: World, table: Table) -> None:
    funding = Funding(world)
    launches(funding, table)
    commitments(funding, table)
    calls(funding, table)
    entries(funding, table)
    defaults(funding, table)
    units(funding, table)


def launches(funding: Funding, table: Table) -> None:
    world = funding.world
    kept = (
        *(LIFE, MANAGER, "appraiser of the fund", CASH, SUMS, RATES, LATE),
        *("mandate", "name of the fund", "symbol of its units"),
    )
    launch = [
        *(clone("the fund"), CLONE, HOLDINGS, account("campaign factory"), read("rate of the token")),
        *(new("whether it is a fund"), *(new(what) for what in kept)),
    ]
    sent = table.add(
        "launch, of any city",
        world.funds.call("launch", *funding.launching()),
        funding.organisation,
        [*launch, read("number of cities")],
    )
    table.add(
        "launch, of eight cities",
        world.funds.call("launch", *funding.launching({"cities": list(range(1, 9))})),
        funding.organisation,
        [*launch, new("number of cities"), new("cities")],
    )
    count, fund = 100, funding.made(sent)
    table.add(
        f"admit, each of {count}",
        fund.call("admit", [wallet(f"partner {i}") for i in range(count)], True),
        funding.manager,
        [CLONE, read(MANAGER), new(SEAT) * count],
        per=count,
    )


def commitments(funding: Funding, table: Table) -> None:
    fund = funding.launch()
    common = [CLONE, read(LIFE), read(SUMS), change(SEAT)]
    # The seat is there since the admission; nothing was called.
    asked = [read(PER_UNIT), read(UNITS)]
    for times in (new, change):
        table.add(
            f"commit, while forming, {'first' if times is new else 'later'}",
            fund.call("commit", COMMITMENT, 0),
            funding.partners[0],
            [*common, times(CALLS), *asked],
        )
    table.add(
        "withdrawCommitment",
        fund.call("withdrawCommitment"),
        funding.partners[0],
        [*common, change(CALLS)],
    )
    funding.do(funding.partners[0], fund, "commit", COMMITMENT, 0)
    closing = [CLONE, change(LIFE), read(MANAGER), read(CALLS), read(SUMS), read(RATES)]
    table.add("close, first", fund.call("close"), funding.manager, closing)
    table.add("close, finally", fund.call("close"), funding.manager, closing)


def calls(funding: Funding, table: Table) -> None:
    """Four partners, of whom the third call finds one late."""
    world, fund = funding.world, funding.closed()
    first, partner, _ = funding.partners
    signer = world.signer.address
    funding.do(funding.manager, fund, "admit", [signer], True)
    funding.do(signer, fund, "commit", COMMITMENT, 0)
    funding.do(world.sponsor, funding.token, "mint", signer, 10 * COMMITMENT)
    part = COMMITMENT // 4
    paid = [CLONE, read(LIFE), change(SEAT), read(RATES), read(PER_UNIT), read(ACCOUNT), *ARRIVES]
    paid += [change(CAPITAL), change(HURDLE), change(CASH), change(UNITS)]
    # Whatever was measured before, the signer has spent a permit of this token.
    value, *spent = permit(funding.raising, fund, 0)
    funding.do(signer, funding.token, "permit", signer, fund.address, value, *spent)
    for times in (new, change):
        number = "first" if times is new else "later"
        table.add(
            f"callCapital, {number}",
            fund.call("callCapital", COMMITMENT, world.chain.now + 11 * DAY, some("notice")),
            funding.manager,
            [CLONE, read(LIFE), read(MANAGER), read(RATES), change(CALLS), times(BEFORE)],
        )
        for one in (first, partner):
            funding.give(one, COMMITMENT, str(fund.address))
        funding.do(first, fund, "pay", first, part)
        world.chain.travel(60)
        table.add(
            f"pay, a partner's {number}",
            fund.call("pay", partner, part),
            partner,
            [*paid, read(CALLS), read(BEFORE), ALLOWANCE, times(HELD)],
        )
        world.chain.travel(60)
        table.add(
            f"payWithPermit, a partner's {number}",
            fund.call("payWithPermit", part, permit(funding.raising, fund, part)),
            signer,
            [
                *(*paid, read(CALLS), read(BEFORE), times(HELD)),
                *(passing("token: allowance"), signature("of the permit")),
                change("token: nonce of the partner"),
            ],
        )
        world.chain.travel(12 * DAY)
    funding.called(fund, COMMITMENT)
    world.chain.travel(12 * DAY)
    table.add(
        "pay, late",
        fund.call("pay", partner, part),
        partner,
        [*paid, change(CALLS), read(LATE), new("gains and losses"), ALLOWANCE, change(HELD)],
    )


def entries(funding: Funding, table: Table) -> None:
    """A partner who comes half a year after others paid; then commits more."""
    world, fund = funding.world, funding.closed()
    funding.paid(fund, COMMITMENT)
    world.chain.travel(YEAR // 2)
    later, signer = wallet("later partner"), world.signer.address
    funding.do(funding.manager, fund, "admit", [later, signer], True)
    funding.give(later, COMMITMENT, str(fund.address))
    funding.do(world.sponsor, funding.token, "mint", signer, 10 * COMMITMENT)
    common = [CLONE, read(LIFE), read(SUMS), read(RATES), change(CALLS), read(BEFORE), change(SEAT)]
    common += [change(UNITS), change(CAPITAL), change(HURDLE), change(CASH), *ARRIVES]
    for times in (new, change):
        own = [times(ACCOUNT), times(HELD)]
        table.add(
            f"commit, after others paid, {'first' if times is new else 'later'}",
            fund.call("commit", COMMITMENT, COMMITMENT),
            later,
            [*common, *own, times(FEES), times(COST), times(PER_UNIT), ALLOWANCE],
        )
        world.chain.travel(DAY)
    table.add(
        "commitWithPermit, after others paid, first",
        fund.call("commitWithPermit", UNIT, UNIT, permit(funding.raising, fund, UNIT)),
        signer,
        [
            *(*common, new(ACCOUNT), new(HELD), change(FEES), change(COST), change(PER_UNIT)),
            *(new("token: allowance"), signature("of the permit"), change("token: nonce of the partner")),
        ],
    )


def defaults(funding: Funding, table: Table) -> None:
    world, fund = funding.world, funding.closed()
    funding.paid(fund, COMMITMENT)
    funding.called(fund, COMMITMENT)
    world.chain.travel(60 * DAY)
    table.add(
        "declareDefault",
        fund.call("declareDefault", funding.partners[0]),
        funding.manager,
        [
            *(CLONE, read(MANAGER), read(LIFE), read(RATES), read(LATE), change(SEAT), change(CALLS)),
            *(new(FEES), new(COST), change(HELD), change(UNITS), read(PER_UNIT), read(ACCOUNT)),
        ],
    )


def units(funding: Funding, table: Table) -> None:
    """Something was distributed before; the receiver of units has some, and an account."""
    world, fund = funding.world, funding.closed()
    funding.paid(fund, COMMITMENT)
    funding.do(funding.manager, fund, "distribute", COMMITMENT // 10)
    first, second, third = funding.partners
    claimed = [CLONE, read(LIFE), read(CALLS), read(SEAT), read(HELD), read(PER_UNIT), TOKEN]
    claimed += [change("token: held by the fund"), change("token: held by the receiver")]
    for action, sender, argument in (("claim", world.stranger, first), ("claimTo", second, second)):
        is_fund = [account("fund factory"), read("whether it is a fund")] if action == "claim" else []
        table.add(f"{action}, first", fund.call(action, argument), sender, [*claimed, new(ACCOUNT), *is_fund])
    world.chain.travel(DAY)
    funding.do(funding.manager, fund, "distribute", COMMITMENT // 10)
    table.add(
        "claim, later",
        fund.call("claim", first),
        world.stranger,
        [*claimed, change(ACCOUNT), account("fund factory"), read("whether it is a fund")],
    )
    moved = [CLONE, read(CALLS), read(SEAT) * 2, change(HELD) * 2, read(PER_UNIT)]
    table.add(
        "transfer, of units, with what was credited since",
        fund.call("transfer", second, UNIT),
        third,
        [*moved, new(ACCOUNT), change(ACCOUNT)],
    )
    table.add(
        "transfer, of units, with nothing credited since",
        fund.call("transfer", second, UNIT),
        third,
        [*moved, read(ACCOUNT) * 2],
    )
    table.add(
        "approve, of units",
        fund.call("approve", world.stranger, 10 * UNIT),
        third,
        [CLONE, new("allowance of units")],
    )
    table.add(
        "transferFrom, of units",
        fund.call("transferFrom", third, second, UNIT),
        world.stranger,
        [*moved, read(ACCOUNT) * 2, change("allowance of units")],
    )
