"""Actions of the merit ledger. What only other contracts call is measured with them: `spend` with the
redemptions, `giveBack` with the refund, `followRecovery` with the recovery.
"""

import random
from typing import Any

from eth_abi import encode

from backend.kit import merkle
from scripts.gasreport.cities import OPERATOR
from scripts.gasreport.floor import Touch, account, change, new, read
from scripts.gasreport.table import Table
from scripts.gasreport.world import CITY, DAY, KIND, World, some, wallet

BATCH = 200
LEAVES = 100_000
SAMPLES = 200

REGISTRY = account("city registry")
STEWARD = [REGISTRY, read("steward of the city")]
ROLE = [REGISTRY, read("roles of the caller")]
PAUSES = [read("rules of the city"), read("pauses of all cities")]
ADMISSION = [*ROLE, *PAUSES, read("the act kind"), change("budget of the verifier"), new("the batch")]


def awards(count: int, written: Touch) -> list[Touch]:
    return [*ADMISSION, read("nullifier of the citizen") * count, written * count]


class Tree:
    """An epoch's leaves: `citizens` are among them, the others only make it large."""

    def __init__(self, citizens: list[str], size: int = LEAVES, times: int = 3):
        self.times = times
        others = (wallet(f"leaf {i}") for i in range(size - len(citizens)))
        self.citizens = [*citizens, *others]
        self.nodes, self.indexes = merkle.build(
            [merkle.leaf_hash(self.encoded(one)) for one in self.citizens]
        )

    def encoded(self, citizen: str) -> bytes:
        return encode(["address", "uint16", "bytes32"], [citizen, self.times, some(citizen)])

    @property
    def root(self) -> bytes:
        return self.nodes[:32]

    def leaf(self, epoch: int, place: int) -> tuple[Any, ...]:
        path = merkle.proof_indexes(self.indexes[place])
        proof = [self.nodes[32 * i : 32 * i + 32] for i in path]
        return CITY, epoch, self.times, some(self.citizens[place]), proof


def measure(world: World, table: Table) -> None:
    rules(world, table)
    direct(world, table)
    epochs(world, table)


def rules(world: World, table: Table) -> None:
    ledger = world.ledger
    table.add(
        "publishKind",
        ledger.call("publishKind", CITY, 7, 25, some("act")),
        world.steward,
        [*STEWARD, new("the act kind")],
    )
    table.add(
        "setCap", ledger.call("setCap", CITY, 1_001), world.steward, [*STEWARD, change("rules of the city")]
    )
    table.add(
        "setBudget",
        ledger.call("setBudget", CITY, world.verifier, 1 << 38),
        world.steward,
        [*STEWARD, change("budget of the verifier")],
    )
    for paused in (True, False):
        call = ledger.call("setPaused", CITY, paused)
        if paused:
            table.add("setPaused", call, world.steward, [*STEWARD, change("rules of the city")])
        else:
            world.send(call, world.steward)
    table.add(
        "setPausedByOperator",
        ledger.call("setPausedByOperator", CITY, True),
        world.operator,
        [*OPERATOR, *STEWARD, change("rules of the city")],
    )
    world.send(ledger.call("setPausedByOperator", CITY, False), world.operator)


def direct(world: World, table: Table) -> None:
    ledger = world.ledger
    citizen = world.newcomers(1)[0]
    for known in (False, True):
        written = change("account of the citizen") if known else new("account of the citizen")
        table.add(
            f"award, {'known' if known else 'new'} citizen",
            ledger.call("award", CITY, KIND, citizen, some("evidence")),
            world.verifier,
            awards(1, written),
        )
    citizens = world.newcomers(BATCH)
    for known in (False, True):
        written = change("account of the citizen") if known else new("account of the citizen")
        batch = table.add(
            f"awardBatch, each of {BATCH} {'known' if known else 'new'} citizens",
            ledger.call("awardBatch", CITY, KIND, some("evidence"), citizens),
            world.verifier,
            awards(BATCH, written),
            bar=12_000 if known else 29_000,
            per=BATCH,
        )
    opened = batch.logs[0]
    serial, kind, points, period = (int(opened["data"][2:][64 * i : 64 * i + 64], 16) for i in range(4))
    content = (CITY, world.verifier, serial, kind, points, period, some("evidence"), citizens)
    for index, bits in ((0, change("bits of the batch")), (BATCH - 150, change("bits of the batch"))):
        call = ledger.call("reverseAward", content, index, some("reason"))
        touches = [*ROLE, bits, read("nullifier of the citizen"), change("account of the citizen")]
        if index:
            table.add(f"reverseAward, of a batch of {BATCH}", call, world.moderator, touches)
        else:
            world.send(call, world.moderator)
    alone = ledger.call("award", CITY, KIND, citizens[0], some("alone"))
    opened = world.send(alone, world.verifier).logs[0]
    serial, kind, points, period = (int(opened["data"][2:][64 * i : 64 * i + 64], 16) for i in range(4))
    table.add(
        "reverseAward, of one",
        ledger.call(
            "reverseAward",
            (CITY, world.verifier, serial, kind, points, period, some("alone"), [citizens[0]]),
            0,
            some("reason"),
        ),
        world.moderator,
        [
            *ROLE,
            change("bits of the batch"),
            read("nullifier of the citizen"),
            change("account of the citizen"),
        ],
    )


def epochs(world: World, table: Table) -> None:
    ledger = world.ledger
    rng = random.Random(1)
    newcomers = world.newcomers(SAMPLES)
    tree = Tree(newcomers)
    order = list(range(LEAVES))
    rng.shuffle(order)  # newcomers stand anywhere in the tree
    today = world.chain.now // DAY

    def opening(made: Tree, day: int):
        acts = made.times * len(made.citizens)
        return ledger.call("openEpoch", CITY, KIND, acts, day, day, made.root, some("leaves"))

    touches = [*ROLE, change("rules of the city"), read("pauses of all cities"), change("the act kind")]
    touches += [change("budget of the verifier"), new("root of the epoch"), new("rest of the epoch")]
    sent = table.add(
        f"openEpoch, of {LEAVES:,} leaves", opening(tree, today - 3), world.verifier, touches, bar=119_999
    )
    epoch = int(sent.logs[0]["topics"][2], 16)

    claim = [*PAUSES, read("root of the epoch"), change("rest of the epoch")]
    claim += [REGISTRY, read("nullifier of the citizen")]
    table.add_mean(
        f"claim, new citizen, mean of {SAMPLES} among {LEAVES:,} leaves",
        [ledger.call("claim", tree.citizens[i], tree.leaf(epoch, i)) for i in range(SAMPLES)],
        world.stranger,
        [*claim, new("account of the citizen")],
        bar=80_000,
    )
    second = Tree(newcomers)
    world.send(opening(second, today - 2), world.verifier)
    table.add_mean(
        f"claim, known citizen, mean of {SAMPLES} among {LEAVES:,} leaves",
        [ledger.call("claim", second.citizens[i], second.leaf(epoch + 1, i)) for i in range(SAMPLES)],
        world.stranger,
        [*claim, change("account of the citizen")],
        bar=80_000,
    )

    reverse = [*ROLE, read("root of the epoch"), read("rest of the epoch"), read("nullifier of the citizen")]
    reverse += [new("mark of the reversal")]
    table.add(
        "reverseEpochAward, claimed",
        ledger.call("reverseEpochAward", tree.citizens[0], tree.leaf(epoch, 0), some("reason")),
        world.moderator,
        [*reverse, change("account of the citizen")],
    )
    third = Tree(world.newcomers(1), size=1_000)
    world.send(opening(third, today - 1), world.verifier)
    table.add(
        "reverseEpochAward, unclaimed, new citizen",
        ledger.call("reverseEpochAward", third.citizens[0], third.leaf(epoch + 2, 0), some("reason")),
        world.moderator,
        [*reverse, new("account of the citizen")],
    )
    table.add(
        "cancelEpoch",
        ledger.call("cancelEpoch", CITY, epoch, some("reason")),
        world.moderator,
        [*ROLE, read("root of the epoch"), change("rest of the epoch")],
    )
