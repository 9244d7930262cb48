"""Actions of the reward market."""

from scripts.gasreport.floor import account, change, clear, new, read, signature
from scripts.gasreport.merits import PAUSES, REGISTRY, Tree
from scripts.gasreport.table import Table
from scripts.gasreport.world import CITY, CODE, DAY, KIND, OTHER_CITY, SEAL, World, some

LEDGER = account("merit ledger")
OFFER = [read("terms of the offer"), change("stock and counters of the offer")]
SPENT = [LEDGER, *PAUSES, change("account of the citizen")]
FIRST, LATER = new("redemptions of the citizen"), change("redemptions of the citizen")
VOUCHER = new("the voucher")
TOKEN = account("token")


def measure(world: World, table: Table) -> None:
    offers(world, table)
    redemptions(world, table)
    claims(world, table)
    settlements(world, table)
    money(world, table)


def offers(world: World, table: Table) -> None:
    market = world.market
    published = [REGISTRY, read("roles of the caller"), change("count of offers")]
    published += [new("terms of the offer"), new("stock and counters of the offer")]
    world.publish()
    table.add("publish", market.call("publish", world.terms()), world.partner, published)
    table.add(
        "publish, with a pool",
        market.call("publish", world.terms(token=str(world.token.address))),
        world.partner,
        [*published, new("token of the pool"), new("payment and balance of the pool")],
    )
    table.add(
        "publish, for another city too",
        market.call("publish", world.terms(accepts=(OTHER_CITY,))),
        world.partner,
        [*published, read("steward of the further city"), new("acceptance of the further city")],
    )
    table.add("close", market.call("close", world.publish()), world.partner, OFFER)


def redemptions(world: World, table: Table) -> None:
    market, offer = world.market, world.publish()
    for times in (FIRST, LATER):
        table.add(
            f"redeem, {'first' if times is FIRST else 'later'}",
            market.call("redeem", offer, CITY, SEAL),
            world.citizen,
            [*OFFER, times, VOUCHER, *SPENT],
        )
    for times in (FIRST, LATER):
        deadline, signed = world.signed_redemption(offer)
        table.add(
            f"redeemBySig, {'first' if times is FIRST else 'later'}",
            market.call("redeemBySig", world.signer.address, offer, CITY, SEAL, deadline, signed),
            world.stranger,
            [*OFFER, times, VOUCHER, *SPENT, signature("of the citizen")],
            bar=100_000 if times is FIRST else 85_000,
        )


def claims(world: World, table: Table) -> None:
    market, ledger, offer = world.market, world.ledger, world.publish()
    today = world.chain.now // DAY
    citizens = [world.citizen, world.signer.address]
    world.send(ledger.call("publishKind", CITY, KIND + 1, 10, some("another")), world.steward)
    tree = Tree(citizens, size=100_000)
    acts = tree.times * len(tree.citizens)
    opening = ledger.call("openEpoch", CITY, KIND + 1, acts, today - 1, today - 1, tree.root, some("leaves"))
    epoch = int(world.send(opening, world.verifier).logs[0]["topics"][2], 16)

    claimed = [
        read("root of the epoch"),
        change("rest of the epoch"),
        REGISTRY,
        read("nullifier of the citizen"),
    ]
    table.add(
        "claimAndRedeem, one leaf, first",
        market.call("claimAndRedeem", [tree.leaf(epoch, 0)], offer, CITY, SEAL),
        world.citizen,
        [*OFFER, FIRST, VOUCHER, *SPENT, *claimed],
    )
    deadline, signed = world.signed_redemption(offer)
    table.add(
        "claimAndRedeemBySig, one leaf, first",
        market.call(
            "claimAndRedeemBySig",
            *([tree.leaf(epoch, 1)], world.signer.address, offer, CITY, SEAL, deadline, signed),
        ),
        world.stranger,
        [*OFFER, FIRST, VOUCHER, *SPENT, *claimed, signature("of the citizen")],
    )


def settlements(world: World, table: Table) -> None:
    market = world.market
    settled = change("the voucher")
    plain, pooled = world.publish(), world.publish(token=str(world.token.address))
    table.add(
        "fulfil",
        market.call("fulfil", world.redeemed(plain), CODE),
        world.partner,
        [*OFFER, settled],
    )
    amount = 1_000 * 300 * 10**18
    world.send(world.token.call("mint", world.sponsor, 2 * amount), world.sponsor)
    world.send(world.token.call("approve", market.address, 2 * amount), world.sponsor)
    world.send(market.call("fund", pooled, amount), world.sponsor)
    for earned in (new("earned by the business"), change("earned by the business")):
        table.add(
            f"fulfil, reimbursed, {'first' if earned.price == 'new' else 'later'}",
            market.call("fulfil", world.redeemed(pooled), CODE),
            world.partner,
            [*OFFER, settled, read("token of the pool"), change("payment and balance of the pool"), earned],
        )
    voucher = world.redeemed(plain)
    world.chain.travel(7 * DAY)
    table.add(
        "refund",
        market.call("refund", voucher),
        world.stranger,
        [
            change("stock and counters of the offer"),
            settled,
            LEDGER,
            REGISTRY,
            read("nullifier of the citizen"),
            change("account of the citizen"),
        ],
    )


def money(world: World, table: Table) -> None:
    market, token = world.market, str(world.token.address)
    amount, offer = 300 * 10**18, world.publish(token=token)
    world.send(world.token.call("mint", world.sponsor, 10 * amount), world.sponsor)
    world.send(world.token.call("approve", market.address, 10**30), world.sponsor)
    table.add(
        "fund, first",
        market.call("fund", offer, amount),
        world.sponsor,
        [
            read("terms of the offer"),
            read("token of the pool"),
            new("sponsor of the pool"),
            change("payment and balance of the pool"),
            TOKEN,
            change("token: held by the sponsor"),
            change("token: held by the market"),
            change("token: allowance"),
        ],
    )
    table.add(
        "withdraw",
        market.call("withdraw", token, world.partner),
        world.partner,
        [
            clear("earned by the business"),
            TOKEN,
            change("token: held by the market"),
            new("token: held by the receiver"),
        ],
    )
    world.send(market.call("close", offer), world.partner)
    table.add(
        "reclaim",
        market.call("reclaim", offer, world.sponsor),
        world.sponsor,
        [
            read("terms of the offer"),
            read("stock and counters of the offer"),
            read("token of the pool"),
            read("sponsor of the pool"),
            change("payment and balance of the pool"),
            TOKEN,
            change("token: held by the market"),
            change("token: held by the sponsor"),
        ],
    )
