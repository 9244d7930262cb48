"""Actions of the matching pool, and what a pledge that counts costs more."""

from scripts.gasreport.floor import account, change, new, read
from scripts.gasreport.raising import DONATION, UNIT, Raising
from scripts.gasreport.table import Table
from scripts.gasreport.world import CITY, DAY, World, some

MANY = 50
AMOUNT = 1_000 * UNIT
TOKEN = account("token")
REGISTRY = [account("city registry"), read("roles of the caller")]
PAID_IN = [
    TOKEN,
    change("token: held by the payer"),
    change("token: held by the pool"),
    change("token: allowance"),
]
TERMS, BUDGET = "terms, campaigns and step of the round", "token and budget of the round"
REST, WEIGHT = "assigned, rest and next of the round", "weight of the round"
PLACE = "place of the campaign in the round"
ENTRY, SUMS = "round, people and match of the campaign", "sums of the campaign"
CLONE = account("code of the campaign")
PHASE = [
    read("times and edition of the campaign"),
    read("raised, goal and milestone of the campaign"),
    read("number of milestones"),
]


def measure(world: World, table: Table) -> None:
    raising = Raising(world)
    rounds(raising, table)
    counted(raising, table)
    settled(raising, table)


def opened(raising: Raising, limit: int = AMOUNT // 2) -> int:
    raising.do(raising.world.sponsor, raising.world.pool, "openRound", _terms(raising, limit), 10 * AMOUNT)
    return raising.world.chain.read(raising.world.pool.call("roundCount"))


def _terms(raising: Raising, limit: int = AMOUNT // 2) -> tuple:
    closes = raising.world.chain.now + 30 * DAY
    return (CITY, raising.token.address, 1, limit, closes, True, some("round"))


def rounds(raising: Raising, table: Table) -> None:
    world, pool = raising.world, raising.world.pool
    raising.give(world.sponsor, 1_000 * AMOUNT, str(pool.address))
    number = opened(raising)
    table.add(
        "openRound",
        pool.call("openRound", _terms(raising), 10 * AMOUNT),
        world.sponsor,
        [
            *REGISTRY,
            account("campaign factory"),
            read("rate of the token"),
            change("count of rounds"),
            new(TERMS),
            new(BUDGET),
            *PAID_IN,
        ],
    )
    table.add(
        "fundRound",
        pool.call("fundRound", number, AMOUNT),
        world.sponsor,
        [read(TERMS), change(BUDGET), *PAID_IN],
    )


def counted(raising: Raising, table: Table) -> None:
    """As citizens of the round's city, whose merits are looked at."""
    world, number = raising.world, opened(raising)
    campaign = raising.campaign(DONATION, number)
    raising.pledge(campaign, world.signer.address, AMOUNT, CITY)
    raising.give(world.citizen, AMOUNT, str(campaign.address))
    person = [
        account("city registry"),
        read("nullifier of the citizen"),
        account("merit ledger"),
        read("account of the citizen"),
    ]
    paid = [TOKEN, change("token: held by the backer"), change("token: held by the campaign")]
    for times in (new, change):
        table.add(
            f"pledge, counted for matching, {'first' if times is new else 'later'}",
            campaign.call("pledge", raising.pledged(AMOUNT // 8, CITY)),
            world.citizen,
            [
                CLONE,
                PHASE[0],
                read("cap, released and cooling-off of the campaign"),
                change("raised, goal and milestone of the campaign"),
                times("position of the backer"),
                account("matching pool"),
                (change if times is new else read)(ENTRY),
                read(TERMS),
                *person,
                times("what counts of the person"),
                change(SUMS),
                *paid,
                change("token: allowance"),
            ],
        )


def settled(raising: Raising, table: Table) -> None:
    world, pool, number = raising.world, raising.world.pool, opened(raising, AMOUNT // 100)
    campaigns = [raising.campaign(DONATION, number) for _ in range(MANY)]
    for campaign in campaigns:
        for who in (world.citizen, world.signer.address):
            raising.pledge(campaign, who, AMOUNT, CITY)
    world.chain.travel(31 * DAY)
    weighing = [read(PLACE), change(ENTRY), read(SUMS), account("campaign"), *PHASE]
    table.add(
        f"settle, weighing, each of {MANY}",
        pool.call("settle", number, MANY),
        world.stranger,
        [change(TERMS), read(BUDGET), read(REST), new(WEIGHT), CLONE, *[one * MANY for one in weighing]],
        per=MANY,
    )
    assigning = [read(PLACE), change(ENTRY), read(SUMS)]
    table.add(
        f"settle, assigning, each of {MANY}",
        pool.call("settle", number, MANY),
        world.stranger,
        [change(TERMS), read(BUDGET), new(REST), read(WEIGHT), *[one * MANY for one in assigning]],
        per=MANY,
    )
    paying = [
        change(ENTRY),
        read(TERMS),
        read(BUDGET),
        account("campaign"),
        CLONE,
        *PHASE,
        TOKEN,
        change("token: held by the pool"),
        change("token: held by the campaign"),
    ]
    table.add(
        "payMatch",
        pool.call("payMatch", number, campaigns[0].address),
        world.stranger,
        [*paying, new("matched of the campaign")],
    )
    raising.do(world.steward, campaigns[0], "stop", some("why"))
    table.add(
        "returnMatch, of a stopped campaign",
        campaigns[0].call("returnMatch"),
        world.stranger,
        [
            *(
                CLONE,
                read("times and edition of the campaign"),
                read("cap, released and cooling-off of the campaign"),
            ),
            *(read("raised, goal and milestone of the campaign"), change("matched and left for backers")),
            *(account("matching pool"), read(ENTRY), change(REST)),
            *(TOKEN, change("token: held by the pool"), change("token: held by the campaign")),
        ],
    )
    table.add(
        "reclaimRest",
        pool.call("reclaimRest", number, world.sponsor),
        world.sponsor,
        [
            *REGISTRY,
            read(TERMS),
            read(BUDGET),
            change(REST),
            TOKEN,
            change("token: held by the pool"),
            change("token: held by the receiver"),
        ],
    )
