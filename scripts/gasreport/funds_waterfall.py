"""What a fund's money does: fee, distributions, the end; and what its partners decide."""

from backend.chain.contract import Contract
from scripts.gasreport.chain import ZERO
from scripts.gasreport.floor import account, change, clear, new, read
from scripts.gasreport.funding import COMMITMENT, YEAR, Funding
from scripts.gasreport.raising import UNIT
from scripts.gasreport.table import Table
from scripts.gasreport.world import World, some, wallet

REPLACE_MANAGER, REPLACE_APPRAISER, EXTEND_LIFE, WIND_UP = range(4)

CLONE, TOKEN = account("code of the fund"), account("token")
LIFE, RATES = "token, closing and end of the fund", "rates and times of the terms"
MANAGER, CASH = "manager and extensions of the fund", "organisation and cash of the fund"
CALLS = "committed, called, due date and last entry"
CAPITAL, HURDLE = "contributed and unreturned capital", "hurdle and its time"
DISTRIBUTED, ESCROW = "distributed to partners and organisation", "escrow and clawback"
COST, FEES = "cost and value of holdings, time of the fee", "fees and what they are of"
PER_UNIT, UNITS = "credited per unit", "number of units"
SEAT, HELD = "seat of the partner", "units of the partner"
MATTER = "matter, subject and time of the motion"


def measure(world: World, table: Table) -> None:
    funding = Funding(world)
    fees(funding, table)
    distributions(funding, table)
    clawback(funding, table)
    motions(funding, table)


def fees(funding: Funding, table: Table) -> None:
    world, fund = funding.world, funding.closed()
    funding.paid(fund, 100_000 * UNIT)
    for times in (new, change):
        table.add(
            f"takeFee, {'first' if times is new else 'later'}",
            fund.call("takeFee"),
            world.stranger,
            [
                *(CLONE, read(LIFE), read(RATES), read(MANAGER), read(CALLS), read(COST)),
                *(times(FEES), change(CASH), times("credit of the manager")),
            ],
        )
        world.chain.travel(YEAR // 4)
    table.add(
        "takeCredit",
        fund.call("takeCredit", funding.manager),
        funding.manager,
        [
            *(CLONE, read(LIFE), clear("credit of the manager")),
            *(TOKEN, change("token: held by the fund"), new("token: held by the receiver")),
        ],
    )


def distributions(funding: Funding, table: Table) -> None:
    chain, fund = funding.world.chain, funding.closed(managementFee=0)
    funding.paid(fund, 3 * COMMITMENT)
    common = [CLONE, read(RATES), read(MANAGER), read(CALLS), change(CASH), read(UNITS), change(HURDLE)]
    table.add(
        "distribute, of capital, first",
        fund.call("distribute", COMMITMENT // 10),
        funding.manager,
        [*common, change(LIFE), change(CAPITAL), new(DISTRIBUTED), new(PER_UNIT)],
    )
    funding.earn(fund, 2 * COMMITMENT, 6 * COMMITMENT)
    common += [read(LIFE), change(DISTRIBUTED), change(PER_UNIT)]
    table.add(
        "distribute, of capital, later",
        fund.call("distribute", COMMITMENT),
        funding.manager,
        [*common, change(CAPITAL)],
    )
    for times in (new, change):
        table.add(
            f"distribute, with carry, {'first' if times is new else 'later'}",
            fund.call("distribute", 2 * COMMITMENT),
            funding.manager,
            [
                *(*common, change(CAPITAL) if times is new else read(CAPITAL)),
                *(times(ESCROW), times("credit of the organisation")),
            ],
        )
        chain.travel(YEAR)
    chain.travel(10 * YEAR)
    funding.do(funding.manager, fund, "distribute", cash(funding, fund))
    table.add(
        "conclude",
        fund.call("conclude"),
        funding.world.stranger,
        [
            *(CLONE, change(LIFE), read(RATES), read(CASH), read(COST), read(UNITS), read(CAPITAL)),
            *(read(HURDLE), read(DISTRIBUTED), clear(ESCROW), change("credit of the organisation")),
            read(PER_UNIT),
        ],
    )


def clawback(funding: Funding, table: Table) -> None:
    """Half of the capital comes after carry was paid, and is lost."""
    world, fund = funding.world, funding.closed(managementFee=0, escrow=1_000)
    funding.paid(fund, 3 * COMMITMENT // 2)
    funding.earn(fund, COMMITMENT, 6 * COMMITMENT)
    funding.do(funding.manager, fund, "distribute", cash(funding, fund))
    funding.paid(fund, 3 * COMMITMENT // 2)
    lost = funding.earn(fund, COMMITMENT, UNIT)
    funding.do(funding.manager, fund, "writeOff", lost.address, some("why"))
    world.chain.travel(10 * YEAR)
    funding.do(funding.manager, fund, "distribute", cash(funding, fund))
    world.chain.travel(1)
    returned = [read(RATES), change(HURDLE), change(CAPITAL), change(DISTRIBUTED), change(PER_UNIT)]
    table.add(
        "conclude, with a clawback",
        fund.call("conclude"),
        world.stranger,
        [CLONE, change(LIFE), read(CASH), read(COST), read(UNITS), change(ESCROW), *returned],
    )
    funding.give(funding.organisation, UNIT, str(fund.address))
    world.chain.travel(1)
    table.add(
        "returnCarry",
        fund.call("returnCarry", UNIT),
        funding.organisation,
        [
            *(CLONE, read(LIFE), read(UNITS), change(ESCROW), *returned, TOKEN),
            change("token: held by the payer"),
            change("token: held by the fund"),
            change("token: allowance"),
        ],
    )


def cash(funding: Funding, fund: Contract) -> int:
    """Of the fund: the seventh of its books."""
    return int(funding.world.chain.read(fund.call("booksOf"))[6])


def motions(funding: Funding, table: Table) -> None:
    """Of all units a sixth is the first partner's, half the second's, a third the third's."""
    chain, fund = funding.world.chain, funding.closed()
    funding.paid(fund, COMMITMENT)
    first, second, third = funding.partners
    half = chain.read(fund.call("balanceOf", first)) // 2
    funding.do(first, fund, "transfer", second, half)
    consent = [CLONE, read(HELD), read(CAPITAL), new("consent of the partner"), change(SEAT)]
    motion = [new(MATTER), new("consents of the motion")]
    counted = [read(MATTER), change("consents of the motion")]
    decided = [change(MATTER), change("consents of the motion")]
    people, life = [read(MANAGER), read("appraiser of the fund")], [read(LIFE), read(RATES), read(MANAGER)]
    table.add(
        "propose, a manager, the first motion",
        fund.call("propose", REPLACE_MANAGER, wallet("another manager"), some("why")),
        first,
        [*consent, *motion, read(UNITS), new("number of motions"), *people],
    )
    chain.travel(1)
    table.add(
        "propose, a longer life, a later motion",
        fund.call("propose", EXTEND_LIFE, ZERO, some("why")),
        first,
        [*consent, *motion, read(UNITS), change("number of motions"), *life],
    )
    table.add("consent", fund.call("consent", 1), third, [*consent, *counted])
    table.add(
        "consent, to a manager, which carries it",
        fund.call("consent", 1),
        second,
        [*consent, *decided, change(MANAGER), read("appraiser of the fund")],
    )
    funding.do(third, fund, "consent", 2)
    table.add(
        "consent, to a longer life, which carries it",
        fund.call("consent", 2),
        second,
        [*consent, *decided, change(LIFE), read(RATES), change(MANAGER)],
    )
    chain.travel(1)
    funding.do(first, fund, "propose", WIND_UP, ZERO, some("why"))
    table.add(
        "consent, to the end, which carries it",
        fund.call("consent", 3),
        second,
        [*consent, *decided, change(LIFE), read(RATES)],
    )
