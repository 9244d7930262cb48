"""What a fund does with its money: campaigns, other funds, marks."""

from collections.abc import Callable

from backend.chain.contract import Contract
from scripts.gasreport.floor import Touch, account, change, clear, new, passing, read
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
from scripts.gasreport.raising import DONATION, SHARE, UNIT
from scripts.gasreport.table import Table
from scripts.gasreport.world import DAY, World, some

AMOUNT = 1_000 * UNIT
SOCIAL = 6
NARROW = {"kinds": 1 << SOCIAL, "forms": 1 << DONATION | 1 << SHARE, "largestShare": 2_000}
EIGHT = {"cities": list(range(1, 9))}
TO_FUNDS = {"mayCommit": True, "largestShare": 5_000}

OURS = [CLONE, account("code for holdings")]
CAMPAIGN = [account("campaign"), account("code of the campaign")]
STAKE, MARK, EXPOSURE = (
    "principal and cost of the holding",
    "mark and drawn of the holding",
    "put in the project",
)
MANDATE, RESULT = "kinds, forms and shares of the mandate", "gains and losses"
TIMES, MONEY = "token, times and edition of the campaign", "raised, goal and milestone of the campaign"
CAP, POSITION = "cap, released and cooling-off of the campaign", "position of the fund"
STOPPED, DRAWN = "matched and left by a stop", "drawn and limit of the fund"
PROCEEDS = "rate and proceeds of the campaign"
SUMS, LATE = "least, most and last day of commitments", "grace, late fee and forfeit of the terms"
BEFORE, ACCOUNT = "calls before the last", "account of the partner"
FUND = account("the other fund")
PAYER, RECEIVER = "token: held by the payer", "token: held by the receiver"
SENT = [TOKEN, passing("token: allowance"), change(PAYER), change(RECEIVER)]
ARRIVES = [TOKEN, change("token: held by the campaign"), change("token: held by the fund")]


def its(slot: str) -> str:
    """The other fund's."""
    return f"{slot}, of the other fund"


def measure(world: World, table: Table) -> None:
    funding = Funding(world)
    investments(funding, table)
    proceeds(funding, table)
    refunds(funding, table)
    marks(funding, table)
    commitments(funding, table)


def investing(funding: Funding, **mandate: object) -> Contract:
    """A fund with cash, that campaigns take pledges of."""
    fund = funding.closed(mandate)
    funding.paid(fund, COMMITMENT)
    funding.qualify(fund)
    return fund


def invest(funding: Funding, fund: Contract, campaign: Contract) -> None:
    funding.do(funding.manager, fund, "invest", campaign.address, AMOUNT, 0, 1)


# ------------------------------------------------------------------ campaigns


def investments(funding: Funding, table: Table) -> None:
    raising = funding.raising
    asked = [
        *(*OURS, *CAMPAIGN, account("campaign factory"), account("project registry"), TOKEN),
        *(read(LIFE), read(MANAGER), read(RATES), read(CALLS), read(MANDATE), read("number of cities")),
        *(read("what the campaign is"), read("kind of the project"), passing("token: allowance")),
        *(read("person of the investor"), read("whether the investor is qualified")),
        *(read(TIMES), read(CAP), change(MONEY), change(CASH)),
        *(change("token: held by the fund"), change("token: held by the campaign")),
    ]
    for where, mandate, cities, states in (
        (", of eight cities", NARROW | EIGHT, [read("cities")], {"first": new}),
        ("", NARROW, [], {"first": new, "later": change}),
    ):
        fund, campaign = investing(funding, **mandate), raising.campaign(DONATION)
        raising.pledge(campaign, funding.world.citizen, AMOUNT)
        for times, price in states.items():
            table.add(
                f"invest{where}, {times}",
                fund.call("invest", campaign.address, AMOUNT, 0, 1),
                funding.manager,
                [*asked, *cities, *(price(what) for what in (COST, EXPOSURE, STAKE, POSITION))],
            )
    funding.world.chain.travel(6 * DAY)
    invest(funding, fund, campaign)
    table.add(
        "withdrawInvestment, of what was added",
        fund.call("withdrawInvestment", campaign.address),
        funding.manager,
        [
            *(*OURS, *CAMPAIGN, *ARRIVES, read(LIFE), read(MANAGER), read(RATES), read(TIMES)),
            *(change(CASH), change(COST), change(EXPOSURE), change(STAKE), change(MONEY), change(POSITION)),
        ],
    )


def proceeds(funding: Funding, table: Table) -> None:
    """Of a share campaign that others are in too."""
    world, raising, fund = funding.world, funding.raising, investing(funding)
    campaign, other = raising.campaign(SHARE), raising.campaign(SHARE)
    invest(funding, fund, campaign)
    invest(funding, fund, other)
    raising.funded(campaign)
    funding.do(world.stranger, campaign, "release")
    raising.give(world.partner, 10 * AMOUNT, str(campaign.address))
    told = [*OURS, *CAMPAIGN, read(TIMES), read(POSITION), read(PROCEEDS), read(MONEY)]
    booked = [change(CASH), change(COST), change(STAKE)]

    def collect(
        action: str, amount: int, touches: list[Touch], before: Callable[[], None] | None = None
    ) -> None:
        funding.do(world.partner, campaign, "distribute", amount)
        if before:
            before()
        table.add(
            f"collect, {action}", fund.call("collect", campaign.address), world.stranger, [*told, *touches]
        )

    time, paid = [read(LIFE), read(RATES)], [*booked, *ARRIVES]
    collect("first", AMOUNT // 4, [*time, *paid, new(MARK), new(DRAWN)])
    collect(
        "what others had paid",
        AMOUNT // 4,
        [*time, *booked, change(MARK), read(DRAWN)],
        lambda: funding.do(world.stranger, campaign, "claim", fund.address),
    )
    closed = [change(LIFE), read(RATES)]
    collect("with a gain", AMOUNT, [*closed, *paid, change(MARK), change(DRAWN), new(RESULT)])
    world.chain.travel(5 * YEAR)
    # Nothing of the cost is left, so that the stake is as it was; the time of the fee moves on beside it.
    harvest = [*ARRIVES, change(CASH), change(COST), read(STAKE), change(MARK), change(DRAWN), change(RESULT)]
    collect("in the harvest", AMOUNT, [*time, *harvest, read(CALLS), new(FEES)])


def refunds(funding: Funding, table: Table) -> None:
    """Of a donation stopped after the first of two halves, in a project that the fund is in otherwise too."""
    world, raising = funding.world, funding.raising
    booked = [
        *(*OURS, *CAMPAIGN, read(LIFE), read(RATES), read(TIMES), read(MONEY), read(STOPPED)),
        *(change(CASH), change(COST), change(STAKE), change(EXPOSURE), new(RESULT)),
    ]
    for who, touches in (
        (" of what was marked", [*ARRIVES, clear(POSITION), change(MARK)]),
        (", by others", [read(POSITION), read(CAP), read("uncollected and fees of the campaign")]),
    ):
        fund = investing(funding)
        campaign, other = raising.campaign(DONATION, milestones=(5_000, 5_000)), raising.campaign(DONATION)
        raising.pledge(campaign, world.citizen, AMOUNT)
        invest(funding, fund, campaign)
        invest(funding, fund, other)
        raising.funded(campaign)
        funding.do(world.stranger, campaign, "release")
        funding.do(world.steward, campaign, "stop", some("reason"))
        if who == ", by others":
            funding.do(world.stranger, campaign, "refund", fund.address)
        else:
            said = (campaign.address, 2 * AMOUNT, 0, world.chain.now, some("report"))
            funding.do(funding.appraiser, fund, "mark", *said)
        table.add(
            f"collect, a refund{who}",
            fund.call("collect", campaign.address),
            world.stranger,
            [*booked, *touches],
        )


# ---------------------------------------------------------------------- marks


def marks(funding: Funding, table: Table) -> None:
    world, raising, fund = funding.world, funding.raising, investing(funding)
    campaign, other = raising.campaign(DONATION), raising.campaign(DONATION)
    for one in (campaign, other):
        invest(funding, fund, one)
    for times, worth in ((new, 2), (change, 3)):
        world.chain.travel(DAY)
        day = world.chain.now
        table.add(
            f"mark, {'first' if times is new else 'later'}",
            fund.call("mark", campaign.address, worth * AMOUNT, 10 * AMOUNT, day, some("report")),
            funding.appraiser,
            [
                *(*OURS, read("appraiser of the fund"), change(COST), times(MARK)),
                change(STAKE) if times is new else read(STAKE),
            ],
        )
    table.add(
        "writeOff",
        fund.call("writeOff", campaign.address, some("reason")),
        funding.manager,
        [
            *(*OURS, read(LIFE), read(RATES), read(MANAGER)),
            *(change(COST), change(STAKE), change(MARK), new(RESULT)),
        ],
    )


# ---------------------------------------------------------------- other funds


def commitments(funding: Funding, table: Table) -> None:
    world, fund = funding.world, investing(funding, **TO_FUNDS)
    other = funding.launch()
    funding.do(funding.manager, other, "admit", [fund.address], True)
    for partner in funding.partners:
        funding.do(partner, other, "commit", COMMITMENT, 0)
    committing = [
        *(*OURS, FUND, account("factory of funds"), read("what the fund is"), read(LIFE), read(MANAGER)),
        *(read(RATES), read(CALLS), read(MANDATE), read(its(LIFE)), read(its(SUMS))),
        *(change(its(SEAT)), change(its(CALLS))),
    ]
    table.add(
        "commitTo, a fund that is forming",
        fund.call("commitTo", other.address, AMOUNT, 0),
        funding.manager,
        [*committing, read(its(PER_UNIT)), read(its(UNITS)), new(MARK)],
    )
    funding.do(funding.manager, other, "close")
    payments(funding, table, fund, other)
    world.chain.travel(DAY)
    table.add(
        "commitTo, after a call",
        fund.call("commitTo", other.address, AMOUNT, AMOUNT),
        funding.manager,
        [
            *(*committing, *SENT, read(its(BEFORE)), read(its(RATES))),
            *(change(what) for what in (CASH, STAKE, COST, MARK, RESULT)),
            *(change(its(what)) for what in (CAPITAL, HURDLE, CASH, HELD, UNITS)),
            *(new(its(what)) for what in (PER_UNIT, ACCOUNT, COST, FEES)),
        ],
    )
    due, _ = world.chain.read(other.call("dueOf", fund.address))
    if due:
        funding.do(funding.manager, fund, "payTo", other.address, due)
    world.chain.travel(DAY)
    funding.do(funding.manager, other, "distribute", AMOUNT)
    table.add(
        "collect, of a fund",
        fund.call("collect", other.address),
        world.stranger,
        [
            *(*OURS, FUND, *SENT[:1], change(PAYER), change(RECEIVER), read(LIFE), read(RATES)),
            *(read(its(what)) for what in (LIFE, PER_UNIT, HELD, SEAT, CALLS)),
            *(change(CASH), change(COST), change(STAKE), change(its(ACCOUNT))),
        ],
    )


def payments(funding: Funding, table: Table, fund: Contract, other: Contract) -> None:
    world, amount = funding.world, 100 * UNIT
    funding.called(other, COMMITMENT)
    paying = [
        *(*OURS, FUND, read(LIFE), read(MANAGER), read(RATES), change(CASH), read(its(LIFE))),
        *(read(its(ACCOUNT)), read(its(PER_UNIT)), change(its(SEAT)), change(its(CASH))),
    ]
    kept = (STAKE, COST, *map(its, (CAPITAL, HURDLE, HELD, UNITS)))
    table.add(
        "payTo, first",
        fund.call("payTo", other.address, amount),
        funding.manager,
        [
            *(*paying, TOKEN, passing("token: allowance"), change(PAYER), new(RECEIVER)),
            *(read(MARK), read(its(CALLS)), read(its(BEFORE)), *map(new, kept)),
        ],
    )
    world.chain.travel(DAY)
    table.add(
        "payTo, later",
        fund.call("payTo", other.address, amount),
        funding.manager,
        [*paying, *SENT, read(its(CALLS)), read(its(BEFORE)), read(its(RATES)), *map(change, kept)],
    )
    for partner in funding.partners:
        due, _ = world.chain.read(other.call("dueOf", partner))
        funding.do(partner, other, "pay", partner, due)
    world.chain.travel(12 * DAY)
    table.add(
        "payTo, late",
        fund.call("payTo", other.address, amount),
        funding.manager,
        [
            *(*paying, *SENT, *map(change, kept), change(its(CALLS)), new(RESULT), new(its(RESULT))),
            *(read(its(SUMS)), read(its(RATES)), read(its(LATE))),
        ],
    )
