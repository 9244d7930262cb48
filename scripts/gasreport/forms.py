"""Actions of loans and shares, and what the yearly limit adds to pledges, withdrawals and refunds."""

from backend.chain.contract import Contract
from scripts.gasreport.floor import account, change, clear, new, read
from scripts.gasreport.raising import LOAN, SHARE, UNIT, Raising
from scripts.gasreport.table import Table
from scripts.gasreport.world import DAY, World, some

AMOUNT = 1_000 * UNIT
CLONE, TOKEN, FACTORY = account("code of the campaign"), account("token"), account("campaign factory")
TIMES = "token, times and edition of the campaign"
GOAL, MONEY = "cap, released and cooling-off of the campaign", "raised, goal and milestone of the campaign"
STAKE, POSITION = "drawn and limit of the backer", "position of the backer"
PROCEEDS = "rate and proceeds of the campaign"
SCHEDULE, DEBT = "terms and first release of the loan", "repaid and interest of the loan"
LIMITED = [
    FACTORY,
    read("whose the campaign is"),
    read("person of the investor"),
    read("whether the investor is qualified"),
    read("limit of the year"),
]
FREED = [FACTORY, read("whose the campaign is"), read("person of the investor")]
PAID_IN = [
    TOKEN,
    change("token: held by the payer"),
    change("token: held by the campaign"),
    change("token: allowance"),
]
PAID_OUT = [TOKEN, change("token: held by the campaign"), change("token: held by the receiver")]


def measure(world: World, table: Table) -> None:
    raising = Raising(world)
    rows = [(some(f"investor {who}"), False) for who in (world.citizen, world.signer.address)]
    raising.do(world.operator, world.factory, "setInvestors", [world.citizen, world.signer.address], rows)
    for form in (LOAN, SHARE):
        pledges(raising, table, form)
    repayments(raising, table)
    distributions(raising, table)


def pledges(raising: Raising, table: Table, form: int) -> None:
    world, campaign = raising.world, raising.campaign(form)
    raising.pledge(campaign, world.signer.address, AMOUNT)
    raising.give(world.citizen, AMOUNT, str(campaign.address))
    price = [read("price of a unit")] if form == SHARE else []
    for times in (new, change):
        table.add(
            f"pledge, with the yearly limit, {'first' if times is new else 'later'}",
            campaign.call("pledge", raising.pledged(AMOUNT)),
            world.citizen,
            [
                *(CLONE, read(TIMES), read(GOAL), change(MONEY), times(POSITION), times(STAKE)),
                *(read(PROCEEDS), *price, *LIMITED, *PAID_IN),
                times("used of the limit"),
            ],
        )
    table.add(
        "withdraw, with the yearly limit",
        campaign.call("withdraw", world.citizen),
        world.citizen,
        [
            *(CLONE, read(TIMES), change(MONEY), clear(POSITION), change(STAKE)),
            *(*FREED, *PAID_OUT),
            clear("used of the limit"),
        ],
    )


def repayments(raising: Raising, table: Table) -> None:
    world = raising.world
    campaign = released(raising, LOAN)
    raising.give(world.partner, AMOUNT, str(campaign.address))
    world.chain.travel(10 * DAY)
    for times in (new, change):
        world.chain.travel(DAY)
        table.add(
            f"repay, {'first' if times is new else 'later'}",
            campaign.call("repay", AMOUNT // 4),
            world.partner,
            [
                *(CLONE, read(TIMES), read(GOAL), read(MONEY)),
                *(read(SCHEDULE), change(DEBT), change(PROCEEDS)),
                *PAID_IN,
            ],
        )
    claims(raising, table, campaign)
    world.chain.travel(400 * DAY)
    table.add(
        "declareDefault",
        campaign.call("declareDefault"),
        world.stranger,
        [CLONE, read(GOAL), read(SCHEDULE), change(DEBT)],
    )


def distributions(raising: Raising, table: Table) -> None:
    world = raising.world
    campaign = released(raising, SHARE)
    raising.give(world.partner, AMOUNT, str(campaign.address))
    for times in ("first", "later"):
        table.add(
            f"distribute, {times}",
            campaign.call("distribute", AMOUNT // 4),
            world.partner,
            [CLONE, read(TIMES), read(GOAL), read(MONEY), change(PROCEEDS), *PAID_IN],
        )
    claims(raising, table, campaign)


def released(raising: Raising, form: int) -> Contract:
    world, campaign = raising.world, raising.campaign(form)
    for who in (world.citizen, world.signer.address):
        raising.pledge(campaign, who, AMOUNT)
    raising.funded(campaign)
    raising.do(world.stranger, campaign, "release")
    return campaign


def claims(raising: Raising, table: Table, campaign: Contract) -> None:
    table.add(
        "claim",
        campaign.call("claim", raising.world.citizen),
        raising.world.stranger,
        [CLONE, read(TIMES), read(POSITION), read(PROCEEDS), read(MONEY), change(STAKE), *PAID_OUT],
    )
