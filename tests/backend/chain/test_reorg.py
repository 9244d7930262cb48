"""Reorganisations, and what only looks like one."""

import gzip

import pytest

from backend.chain.reorg import BelowFinality
from backend.chain.sync import Indexer
from tests.backend.chain import proxy, world
from tests.backend.chain.conftest import following, is_at_head, wait_until
from tests.backend.chain.world import World


def index(database: str, lived: World, **options: object) -> list:
    told: list = []
    indexer = Indexer(lived.chain.url, lived.definition, database, poll_seconds=0.05, **options)  # type: ignore[arg-type]
    indexer.run(until=lived.chain.head, progress=told.append)
    return told


@pytest.mark.parametrize("depth", [1, 7, 64])
@pytest.mark.parametrize("longer", [0, 2])
def test_the_other_branch_takes_the_place_of_the_first(young, new_database, depth, longer):
    disturbed, undisturbed = new_database(), new_database()
    fork = young.chain.snapshot()
    young.play(seed=100, blocks=depth)
    index(disturbed, young)
    before = world.dump(disturbed, young.definition)
    young.chain.revert(fork)
    young.play(seed=200, blocks=depth + longer)
    told = index(disturbed, young)
    assert sum(progress.removed for progress in told) == depth
    index(undisturbed, young)
    after = world.dump(disturbed, young.definition)
    assert after == world.dump(undisturbed, young.definition)
    assert after != before


def test_a_reorganisation_is_followed_while_running(young, new_database):
    followed, once = new_database(), new_database()
    with following(young.chain.url, young.definition, followed) as follower:
        for seed in range(4):
            fork = young.chain.snapshot()
            young.play(seed, blocks=5)
            wait_until(lambda: is_at_head(followed, young.chain))
            young.chain.revert(fork)
            young.play(seed + 50, blocks=6 - seed)  # also to a shorter chain
            wait_until(lambda: is_at_head(followed, young.chain))
    assert follower.error is None
    assert sum(progress.removed for progress in follower.seen) == 20
    index(once, young)
    mine, theirs = (world.dump(database, young.definition) for database in (followed, once))
    for table in ("cursor", "block"):  # the final block does not go back with a shorter chain
        del mine[table], theirs[table]
    assert mine == theirs


def test_below_finality_it_stops_and_changes_nothing(young, new_database):
    database = new_database()
    fork = young.chain.snapshot()
    young.play(seed=3, blocks=10)
    index(database, young, depth=8)
    before = world.dump(database, young.definition)
    young.chain.revert(fork)
    young.play(seed=4, blocks=12)
    with pytest.raises(BelowFinality, match="taken as final"):
        index(database, young, depth=8)
    assert world.dump(database, young.definition) == before


def test_a_chain_begun_anew_stops_it_and_a_rebuild_helps(young, new_anvil, new_database):
    database, fresh = new_database(), new_database()
    index(database, young)
    other = World(new_anvil(genesis=1_710_000_000))
    other.play(seed=9, blocks=30)
    assert other.definition.fingerprint == young.definition.fingerprint
    with pytest.raises(BelowFinality):
        index(database, other)
    index(database, other, rebuild=True)
    index(fresh, other)
    assert world.dump(database, other.definition) == world.dump(fresh, other.definition)


def test_a_lagging_node_is_no_reorganisation(young, new_database):
    database = new_database()
    behind = 0

    def lag(requests, answers):
        head = young.chain.head - behind
        for request, answer in zip(requests, answers, strict=True):
            if request["method"] == "eth_getBlockByNumber" and behind:
                if request["params"][0] == "latest":
                    answer["result"] = young.chain.call("eth_getBlockByNumber", hex(head), False)
                elif int(request["params"][0], 16) > head:
                    answer["result"] = None

    with (
        proxy.before(young.chain.url, lag) as node,
        following(node.url, young.definition, database) as follower,
    ):
        wait_until(lambda: is_at_head(database, young.chain))
        before = world.dump(database, young.definition)
        behind = 5
        wait_until(lambda: any("the node is behind" in progress.waiting for progress in follower.seen))
        assert world.dump(database, young.definition) == before
        behind = 0
        young.play(seed=5, blocks=2)
        wait_until(lambda: is_at_head(database, young.chain))
    assert not any(progress.removed for progress in follower.seen)


def test_a_chain_restarted_from_an_older_state_is_waited_for_and_then_followed(
    young, new_anvil, new_database, tmp_path
):
    followed, once = new_database(), new_database()
    state = tmp_path / "state.json"
    state.write_bytes(gzip.decompress(bytes.fromhex(young.chain.call("anvil_dumpState", True)[2:])))
    young.play(seed=6, blocks=5)
    index(followed, young)
    before = world.dump(followed, young.definition)
    restarted = young.moved_to(new_anvil("--load-state", str(state)))
    with following(restarted.chain.url, restarted.definition, followed) as follower:
        wait_until(lambda: any("the node is behind" in progress.waiting for progress in follower.seen))
        assert world.dump(followed, young.definition) == before
        restarted.play(seed=7, blocks=2)  # other blocks, still fewer than before
        wait_until(lambda: is_at_head(followed, restarted.chain))
        restarted.play(seed=8, blocks=6)
        wait_until(lambda: is_at_head(followed, restarted.chain))
    assert follower.error is None
    index(once, restarted)
    assert world.dump(followed, young.definition) == world.dump(once, young.definition)
