"""Actions of the city registry."""

from scripts.gasreport.floor import account, change, clear, new, read, signature
from scripts.gasreport.table import Table
from scripts.gasreport.world import CITY, DAY, VETO, World, some, wallet

GATE = [
    account("access manager"),
    read("manager: whether the registry is closed"),
    read("manager: role that the function needs"),
    read("manager: whether the caller has it"),
]
"""What `AccessManager` reads before an operator's function."""
OPERATOR = [read("address of the access manager"), *GATE]
STEWARD = read("steward of the city")
ROLE = read("roles of the caller")
FREE = [read("nullifier of the new wallet"), read("former nullifier of the new wallet")]


def measure(world: World, table: Table) -> None:
    chain, registry = world.chain, world.registry
    cities = [(some(f"city {i}"), world.steward, some(f"about city {i}")) for i in range(100)]
    table.add(
        "openCities, each of 100",
        registry.call("openCities", cities),
        world.operator,
        [
            *GATE,
            change("count of cities, beside the manager"),
            new("number of the code") * 100,
            new("steward of the city") * 100,
        ],
        per=100,
    )
    table.add(
        "setSteward",
        registry.call("setSteward", CITY + 2, world.stranger),
        world.operator,
        [*OPERATOR, change("steward of the city")],
    )
    followers = world.chain.read(registry.call("followers"))
    table.add(
        "setFollowers, one more",
        registry.call("setFollowers", [*followers, wallet("another follower")]),
        world.operator,
        [*OPERATOR, change("number of followers"), read("the follower before"), new("the new follower")],
    )
    world.send(registry.call("setFollowers", list(followers)), world.operator)
    table.add("describe", registry.call("describe", CITY, some("new")), world.steward, [STEWARD])
    table.add(
        "setRoles",
        registry.call("setRoles", CITY, wallet("new verifier"), 1),
        world.steward,
        [STEWARD, new("roles of the account")],
    )

    table.add(
        "registerCitizen",
        registry.call("registerCitizen", CITY, wallet("one more"), some("document of one more")),
        world.verifier,
        [
            ROLE,
            read("former nullifier of the wallet"),
            new("nullifier of the wallet"),
            new("wallet of the nullifier"),
        ],
    )
    rows = [(wallet(f"in a batch {i}"), some(f"document in a batch {i}")) for i in range(200)]
    table.add(
        "registerCitizens, each of 200",
        registry.call("registerCitizens", CITY, rows),
        world.verifier,
        [
            ROLE,
            read("former nullifier of the wallet") * 200,
            new("nullifier of the wallet") * 200,
            new("wallet of the nullifier") * 200,
        ],
        per=200,
    )

    def propose(old: str, fresh: str):
        return registry.call("proposeRecovery", CITY, old, fresh, some("what the verifier saw"))

    old, fresh = world.newcomers(1)[0], wallet("found")
    table.add(
        "proposeRecovery",
        propose(old, fresh),
        world.verifier,
        [ROLE, read("nullifier of the old wallet"), *FREE, new("the recovery")],
    )
    table.add(
        "cancelRecovery, by a verifier",
        registry.call("cancelRecovery", CITY, old),
        world.verifier,
        [ROLE, clear("the recovery")],
    )
    signer = world.signer.address
    world.send(propose(signer, fresh), world.verifier)
    deadline = chain.now + DAY
    new_wallet, executable_at = chain.read(registry.call("recoveryOf", CITY, signer))
    veto = world.sign(registry, "VetoRecovery", VETO, (CITY, signer, new_wallet, executable_at, deadline))
    table.add(
        "vetoRecoveryBySig",
        registry.call("vetoRecoveryBySig", CITY, signer, deadline, veto),
        world.stranger,
        [clear("the recovery"), signature("of the old wallet")],
    )

    world.send(world.ledger.call("awardBatch", CITY, 1, some("earned"), [old]), world.verifier)
    world.send(propose(old, fresh), world.verifier)
    chain.travel(7 * DAY)
    table.add(
        "executeRecovery, with the ledger as follower",
        registry.call("executeRecovery", CITY, old),
        world.stranger,
        [
            clear("the recovery"),
            clear("nullifier of the old wallet"),
            new("its former nullifier"),
            new("nullifier of the new wallet"),
            read("former nullifier of the new wallet"),
            change("wallet of the nullifier"),
            read("number of followers"),
            read("the follower"),
            account("merit ledger"),
            clear("account of the old wallet"),
            new("account of the new wallet"),
        ],
    )
