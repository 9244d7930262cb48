"""Actions of campaigns that all forms share, of tiers, and of the factory."""

from eth_account import Account
from eth_utils import to_checksum_address

from backend.chain.contract import Contract
from scripts.gasreport.floor import Touch, account, change, clear, clone, new, passing, read, signature
from scripts.gasreport.raising import DONATION, REWARD, UNIT, Raising
from scripts.gasreport.table import Table
from scripts.gasreport.world import CITY, DAY, World, some, wallet

AMOUNT = 1_000 * UNIT
HALVES = (5_000, 5_000)
PLEDGE = [
    ("backer", "address"),
    ("amount", "uint96"),
    ("cityId", "uint32"),
    ("tier", "uint8"),
    ("source", "uint8"),
    ("edition", "uint16"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
]
WITHDRAW = [("backer", "address"), ("amount", "uint96"), ("nonce", "uint256"), ("deadline", "uint256")]
OBJECT = [("backer", "address"), ("milestone", "uint8"), ("attempt", "uint16"), ("deadline", "uint256")]
PERMIT = [
    ("owner", "address"),
    ("spender", "address"),
    ("value", "uint256"),
    ("nonce", "uint256"),
    ("deadline", "uint256"),
]
NO_PERMIT = (0, 0, 0, bytes(32), bytes(32))

CLONE, TOKEN = account("code of the campaign"), account("token")
REGISTRY, PROJECTS, FACTORY = (
    account("city registry"),
    account("project registry"),
    account("campaign factory"),
)
STANDING = read("author, city and stage of the project")
TIMES = "token, times and edition of the campaign"
CAP = "cap, cooling-off and released of the campaign"
MONEY = "raised, goal and milestone of the campaign"
PAYEE = "payee, fee, veto and term of the campaign"
SHARES = "project, city and milestones of the campaign"
CONTENT = "hash of the terms in words"
DUE = "uncollected and fees of the campaign"
MATCHED = "matched and left for backers"
REPORT = "report under way"
POSITION, NONCE = "position of the backer", "nonce of the backer"
PHASE = [read(TIMES), read(SHARES)]
PAID_IN = [TOKEN, change("token: held by the backer"), change("token: held by the campaign")]
ALLOWED = change("token: allowance")
PAID_OUT = [TOKEN, change("token: held by the campaign"), change("token: held by the receiver")]
MANAGED = [
    read("address of the access manager"),
    account("access manager"),
    read("manager: whether the factory is closed"),
    read("manager: role that the function needs"),
    read("manager: whether the caller has it"),
]


def measure(world: World, table: Table) -> None:
    raising = Raising(world)
    making(raising, table)
    terms(raising, table)
    pledges(raising, table)
    permits(raising, table)
    signed_pledges(raising, table)
    tiers(raising, table)
    refunds(raising, table)
    milestones(raising, table)
    stops(raising, table)
    recoveries(raising, table)
    operator(raising, table)


def making(raising: Raising, table: Table) -> None:
    world = raising.world
    made = [
        clone("the campaign"),
        CLONE,
        PROJECTS,
        STANDING,
        read("rate of the token"),
        read("fee and treasury"),
    ]
    made += [
        new("whose the campaign is"),
        *(new(what) for what in (TIMES, CAP, MONEY, PAYEE, SHARES, CONTENT)),
    ]
    for form, name, more in (
        (DONATION, "create, a donation", []),
        (
            REWARD,
            "create, a reward of one tier",
            [new("how many tiers"), new("tier"), new("hash of the tier")],
        ),
    ):
        call = world.factory.call(
            "create", raising.project, form, 0, raising.token.address, raising.terms(form)
        )
        table.add(name, call, world.steward, [*made, *more], bar=400_000)


def terms(raising: Raising, table: Table) -> None:
    campaign = raising.campaign(DONATION)
    raising.world.chain.travel(60)
    changed = list(raising.terms(DONATION, HALVES))
    changed[0], changed[4], changed[5] = wallet("another payee"), 2 * UNIT, 3 * UNIT
    changed[7], changed[10] = 4 * DAY, some("anew")
    table.add(
        "setTerms",
        campaign.call("setTerms", tuple(changed)),
        raising.world.steward,
        [
            *(CLONE, PROJECTS, STANDING),
            *(change(what) for what in (TIMES, CAP, MONEY, PAYEE, SHARES, CONTENT)),
        ],
    )


def pledged_in(position: Touch) -> list[Touch]:
    return [CLONE, read(TIMES), read(CAP), change(MONEY), position, *PAID_IN]


def pledges(raising: Raising, table: Table) -> None:
    world, campaign = raising.world, raising.campaign(DONATION)
    raising.pledge(campaign, world.signer.address, AMOUNT)
    raising.give(world.citizen, AMOUNT, str(campaign.address))
    for times in (new, change):
        table.add(
            f"pledge, {'first' if times is new else 'later'}",
            campaign.call("pledge", raising.pledged(AMOUNT)),
            world.citizen,
            [*pledged_in(times(POSITION)), ALLOWED],
            bar=None if times is new else 74_999,
        )
    table.add(
        "withdraw",
        campaign.call("withdraw", world.citizen),
        world.citizen,
        [CLONE, read(TIMES), change(MONEY), clear(POSITION), *PAID_OUT],
    )
    table.add(
        "pledge as a citizen, first",
        campaign.call("pledge", raising.pledged(AMOUNT, CITY)),
        world.citizen,
        [*pledged_in(new(POSITION)), ALLOWED, REGISTRY, read("nullifier of the backer")],
    )


def permits(raising: Raising, table: Table) -> None:
    """The signer is a backer too, so the second is a later pledge; the allowance is zero before and after."""
    world, campaign = raising.world, raising.campaign(DONATION)
    signer = world.signer.address
    raising.pledge(campaign, world.citizen, AMOUNT)
    raising.do(signer, raising.token, "mint", signer, 10 * AMOUNT)
    for times in (new, change):
        table.add(
            f"pledgeWithPermit, {'first' if times is new else 'later'}",
            campaign.call("pledgeWithPermit", raising.pledged(AMOUNT), permit(raising, campaign)),
            signer,
            [
                *(*pledged_in(times(POSITION)), passing("token: allowance"), signature("of the permit")),
                times("token: nonce of the backer"),
            ],
            bar=None if times is new else 109_999,
        )


def permit(raising: Raising, campaign: Contract, amount: int = AMOUNT) -> tuple[int, int, int, bytes, bytes]:
    world, token = raising.world, raising.token
    deadline = world.chain.now + DAY
    nonce = world.chain.read(token.call("nonces", world.signer.address))
    values = (world.signer.address, campaign.address, amount, nonce, deadline)
    domain = Contract("Test rouble", token.address, token.abi)
    signed = world.sign(domain, "Permit", PERMIT, values)
    return amount, deadline, signed[64], signed[:32], signed[32:64]


def sign(
    raising: Raising, campaign: Contract, name: str, fields: list[tuple[str, str]], *values: object
) -> bytes:
    named = Contract("Campaign", campaign.address, campaign.abi)
    return raising.world.sign(named, name, fields, (raising.world.signer.address, *values))


def signed_pledges(raising: Raising, table: Table) -> None:
    world, campaign = raising.world, raising.campaign(DONATION)
    signer, deadline = world.signer.address, world.chain.now + 10 * DAY
    raising.pledge(campaign, world.citizen, AMOUNT)
    raising.give(signer, AMOUNT, str(campaign.address))
    for nonce, times in enumerate((new, change)):
        given = raising.pledged(AMOUNT)
        signed = sign(raising, campaign, "Pledge", PLEDGE, *given, nonce, deadline)
        table.add(
            f"pledgeBySig, {'first' if times is new else 'later'}",
            campaign.call("pledgeBySig", signer, given, deadline, signed, NO_PERMIT),
            world.stranger,
            [*pledged_in(times(POSITION)), ALLOWED, times(NONCE), signature("of the backer")],
        )
    signed = sign(raising, campaign, "Withdraw", WITHDRAW, 2 * AMOUNT, 2, deadline)
    table.add(
        "withdrawBySig",
        campaign.call("withdrawBySig", signer, deadline, signed),
        world.stranger,
        [
            *(CLONE, read(TIMES), change(MONEY), clear(POSITION), *PAID_OUT),
            *(change(NONCE), signature("of the backer")),
        ],
    )


def tiers(raising: Raising, table: Table) -> None:
    world, campaign = raising.world, raising.campaign(REWARD)
    raising.pledge(campaign, world.signer.address, AMOUNT)
    raising.give(world.citizen, AMOUNT, str(campaign.address))
    table.add(
        "pledge, with a tier",
        campaign.call("pledge", (AMOUNT, 0, 1, 0, 1)),
        world.citizen,
        [
            *(
                *pledged_in(new(POSITION)),
                ALLOWED,
                read("how many tiers"),
                change("price and stock of the tier"),
            ),
            new("tier of the backer"),
        ],
    )


def refunds(raising: Raising, table: Table) -> None:
    world, campaign = raising.world, raising.campaign(DONATION)
    for who in (world.citizen, world.signer.address, world.sponsor):
        raising.pledge(campaign, who, UNIT // 4)
    raising.funded(campaign)
    paid = [CLONE, read(TIMES), read(MONEY), clear(POSITION), *PAID_OUT]
    for action, sender, argument in (
        ("refund", world.stranger, world.citizen),
        ("refundTo", world.signer.address, world.signer.address),
    ):
        table.add(action, campaign.call(action, argument), sender, paid, bar=49_999)


def milestones(raising: Raising, table: Table) -> None:
    world = raising.world
    campaign = raising.campaign(DONATION, milestones=HALVES)
    for who, share in ((world.citizen, 3), (world.signer.address, 1), (world.sponsor, 1)):
        raising.pledge(campaign, who, share * AMOUNT)
    raising.funded(campaign)
    released = [CLONE, *PHASE, change(CAP), change(MONEY), read(PAYEE), read(MATCHED)]
    table.add("release, first", campaign.call("release"), world.stranger, [*released, new(DUE)])
    raising.do(world.sponsor, raising.token, "mint", raising.payee, UNIT)
    table.add(
        "collect",
        campaign.call("collect", raising.payee),
        raising.payee,
        [CLONE, read(TIMES), read(PAYEE), change(DUE), *PAID_OUT],
    )
    table.add(
        "report",
        campaign.call("report", some("evidence")),
        raising.payee,
        [CLONE, *PHASE, read(MONEY), read(PAYEE), new(REPORT)],
    )
    objected = [CLONE, *PHASE, read(MONEY), read(PAYEE), read(POSITION), change(REPORT)]
    objected += [new("what the backer objected to")]
    table.add("object", campaign.call("object"), world.sponsor, objected)
    deadline = world.chain.now + 60 * DAY
    signed = sign(raising, campaign, "Object", OBJECT, 2, 1, deadline)
    table.add(
        "objectBySig",
        campaign.call("objectBySig", world.signer.address, deadline, signed),
        world.stranger,
        [*objected, signature("of the backer")],
    )
    world.chain.travel(4 * DAY)
    table.add(
        "release, after a report",
        campaign.call("release"),
        world.stranger,
        [*released, change(DUE), clear(REPORT)],
    )
    raising.do(raising.payee, campaign, "collect", raising.payee)
    treasury = world.chain.read(world.factory.call("treasury"))
    for keeper in (treasury, campaign.address):
        raising.do(world.sponsor, raising.token, "mint", keeper, UNIT)
    table.add(
        "collectFees",
        campaign.call("collectFees"),
        world.stranger,
        [CLONE, FACTORY, read("fee and treasury"), read(TIMES), clear(DUE), *PAID_OUT],
    )


def stops(raising: Raising, table: Table) -> None:
    world, campaign = raising.world, raising.campaign(DONATION)
    for who in (world.citizen, world.sponsor):
        raising.pledge(campaign, who, AMOUNT)
    table.add(
        "stop, by a moderator",
        campaign.call("stop", some("why")),
        world.moderator,
        [
            *(CLONE, PROJECTS, STANDING, REGISTRY, read("roles of the caller")),
            *(read(TIMES), read(CAP), read(SHARES), change(MONEY), new(MATCHED)),
        ],
    )
    table.add(
        "refund, of a stopped campaign",
        campaign.call("refund", world.citizen),
        world.stranger,
        [CLONE, read(TIMES), read(MONEY), read(MATCHED), clear(POSITION), *PAID_OUT],
    )


def recoveries(raising: Raising, table: Table) -> None:
    """The neighbour's wallet is recovered to another."""
    world, campaign = raising.world, raising.campaign(DONATION)
    (old,) = world.newcomers(1)
    found = to_checksum_address(Account.from_key(some("a new wallet")).address)
    raising.pledge(campaign, old, AMOUNT, CITY)
    raising.do(world.verifier, world.registry, "proposeRecovery", CITY, old, found, some("seen"))
    world.chain.travel(7 * DAY)
    raising.do(world.stranger, world.registry, "executeRecovery", CITY, old)
    table.add(
        "followRecovery",
        campaign.call("followRecovery", old),
        world.stranger,
        [
            *(CLONE, read(TIMES), clear("position of the old wallet"), new("position of the new wallet")),
            *(REGISTRY, read("nullifier of the old wallet"), read("its former nullifier")),
            *(read("wallet of the nullifier"), read("what the old wallet objected to")),
        ],
    )


def operator(raising: Raising, table: Table) -> None:
    world, factory = raising.world, raising.world.factory
    table.add(
        "setToken",
        factory.call("setToken", wallet("a token"), UNIT),
        world.operator,
        [*MANAGED, new("rate of the token")],
    )
    table.add(
        "setFee",
        factory.call("setFee", 300, wallet("a treasury")),
        world.operator,
        [*MANAGED, change("fee and treasury")],
    )
    # The limit lies beside the address of the access manager.
    table.add(
        "setYearLimit",
        factory.call("setYearLimit", 70_000_000),
        world.operator,
        [*MANAGED[1:], change("limit of the year, beside the address of the access manager")],
    )
    count = 100
    rows = [(some(f"person {i}"), True) for i in range(count)]
    table.add(
        f"setInvestors, each of {count}",
        factory.call("setInvestors", [wallet(f"investor {i}") for i in range(count)], rows),
        world.operator,
        [*MANAGED, new("person of the investor") * count, new("whether the investor is qualified") * count],
        per=count,
    )
