"""The indexer on a chain that behaves."""

import pytest

from backend import db
from backend.chain import sync
from backend.chain.definition import Definition
from backend.chain.derived import source
from backend.chain.sync import Indexer, WrongChain
from backend.chain.windows import Pace
from tests.backend.chain import world
from tests.backend.chain.conftest import following, is_at_head, wait_until
from tests.backend.chain.world import GAS, World


def index(database: str, lived: World, until: int | None = None, **options: object) -> Indexer:
    indexer = Indexer(lived.chain.url, lived.definition, database, poll_seconds=0.05, **options)  # type: ignore[arg-type]
    indexer.run(until=lived.chain.head if until is None else until)
    return indexer


def test_views_of_an_earlier_block_are_those_of_a_run_stopped_there(lived, new_database):
    whole, stopped = new_database(), new_database()
    index(whole, lived)
    for moment in (lived.block + 7, lived.block + 23, lived.chain.head):
        index(stopped, lived, until=moment)
        for table in (*lived.definition.derived, *(fact.table for fact in lived.definition.facts)):
            then = world.hash_of(whole, f"SELECT * FROM {source(table, moment)} s")
            assert then == world.hash_of(stopped, f"SELECT * FROM {source(table)} s"), table


def test_the_size_of_windows_makes_no_difference(lived, new_database, monkeypatch):
    large, small = new_database(), new_database()
    index(large, lived)
    monkeypatch.setattr(sync, "EVENTS_PER_TRANSACTION", 1)
    index(small, lived, pace=Pace(start=1, aim_events=5))
    assert world.dump(large, lived.definition) == world.dump(small, lived.definition)


def test_only_what_its_own_contracts_wrote_is_a_fact(young, database):
    other = World(young.chain)
    other.play(seed=2, blocks=10)
    young.sender.forget()
    young.sender.send(young.probe.call("make", 1, 7), gas=GAS)
    index(database, young)
    logs = young.chain.call(
        "eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest", "address": young.probe.address}
    )
    facts = [fact.table for fact in young.definition.facts if fact.contract == "Probe"]
    assert sum(world.count(database, table) for table in facts) == len(logs)
    assert world.count(database, "pinged") == world.count(database, "child_made") > 0


def test_a_contract_made_and_used_in_one_window_is_found(young, new_database):
    made = young.sender.send(young.probe.call("make", 1, 7), gas=GAS)
    child = world.contract("Child", "0x" + made.logs[-1]["address"][2:])
    for value in range(12):
        young.sender.send(child.call("ping", value), gas=GAS)
    # In one window, and in windows of one block that were fetched before the contract was known.
    for pace in (Pace(start=1000), Pace(start=1, aim_events=1)):
        database = new_database()
        index(database, young, pace=pace)
        with db.connect(database) as connection:
            query = "SELECT value FROM pinged WHERE contract = %s ORDER BY block_number"
            values = connection.execute(query, (bytes.fromhex(made.logs[-1]["address"][2:]),)).fetchall()
        assert [int(value) for (value,) in values] == [7, *range(12)]


def test_following_tells_of_every_block_and_misses_none(young, new_database):
    followed, once = new_database(), new_database()
    with following(young.chain.url, young.definition, followed) as follower:
        with db.connect(followed) as connection:
            connection.autocommit = True
            connection.execute("LISTEN ledger")
            for seed in range(5):
                young.play(seed, blocks=3)
                wait_until(lambda: is_at_head(followed, young.chain))
            told = [int(notice.payload) for notice in connection.notifies(timeout=0.5)]
        assert told[-1] == young.chain.head
        assert told == sorted(set(told))
    assert follower.error is None
    index(once, young)
    assert world.dump(followed, young.definition) == world.dump(once, young.definition)


def test_another_definition_reads_the_chain_anew(lived, database):
    index(database, lived)
    definition = world.definition(lived.probe.address, lived.block, derived=(world.NAME,))
    Indexer(lived.chain.url, definition, database).run(until=lived.chain.head)
    with db.connect(database) as connection:
        assert connection.execute("SELECT to_regclass('points')").fetchone() == (None,)
        assert connection.execute("SELECT fingerprint FROM cursor").fetchone() == (definition.fingerprint,)
    assert world.count(database, "moved") > 0


def test_two_schemas_are_kept_apart(lived, new_database):
    database = new_database()
    index(database, lived)
    index(database, lived, until=lived.block + 5, schema="audit")
    ledger, audit = (world.dump(database, lived.definition, schema) for schema in ("ledger", "audit"))
    assert ledger != audit
    index(database, lived, schema="audit")
    assert ledger == world.dump(database, lived.definition, "audit")


def test_a_node_of_another_chain_is_refused(lived, new_database):
    wrong = Definition(
        lived.definition.deployment.__class__(1, lived.definition.deployment.contracts),
        ("Probe",),
        lived.definition.facts,
    )
    with pytest.raises(WrongChain, match="the node is of chain 31337, the deployment of chain 1"):
        Indexer(lived.chain.url, wrong, new_database()).run(until=1)
