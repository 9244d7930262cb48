"""Indexers as processes: killed at any moment, and several at once."""

import multiprocessing
import random
import time

from backend.chain import sync
from backend.chain.sync import Indexer
from backend.chain.windows import Pace
from tests.backend.chain import world
from tests.backend.chain.conftest import following, is_at_head, wait_until

KILLS = 20
fork = multiprocessing.get_context("fork")


def test_killed_at_twenty_moments_the_tables_are_those_of_an_undisturbed_run(
    young, new_database, monkeypatch
):
    killed, undisturbed = new_database(), new_database()
    monkeypatch.setattr(sync, "EVENTS_PER_TRANSACTION", 1)
    random_ = random.Random(5)
    indexer = Indexer(
        young.chain.url, young.definition, killed, poll_seconds=0.05, pace=Pace(start=1, aim_events=5)
    )
    branch = young.chain.snapshot()
    interrupted = highest = 0
    for kill in range(KILLS):
        if kill % 5 == 4:  # a reorganisation is in the way too
            young.chain.revert(branch)
            branch = young.chain.snapshot()
        young.play(kill, blocks=12)
        highest = max(highest, young.chain.head)
        told, tell = fork.Pipe(duplex=False)
        process = fork.Process(target=indexer.run, kwargs={"progress": lambda p, t=tell: t.send(p.number)})
        process.start()
        # Somewhere between two of its steps, however fast the machine is.
        for _ in range(random_.randrange(5)):
            if told.poll(5):
                told.recv()
        time.sleep(random_.uniform(0, 0.02))
        interrupted += not is_at_head(killed, young.chain)
        process.kill()
        process.join()
        assert process.exitcode == -9
    assert interrupted >= KILLS // 4, "the kills came too late to prove anything"
    young.play(KILLS, blocks=highest + 1 - young.chain.head)  # what was final on a longer branch stays so
    indexer.run(until=young.chain.head)
    Indexer(young.chain.url, young.definition, undisturbed).run(until=young.chain.head)
    assert world.dump(killed, young.definition) == world.dump(undisturbed, young.definition)


def test_of_two_indexers_one_leads_and_the_other_takes_over(young, new_database):
    database, once = new_database(), new_database()
    with following(young.chain.url, young.definition, database) as first:
        wait_until(lambda: is_at_head(database, young.chain))
        with following(young.chain.url, young.definition, database) as second:
            young.play(seed=2, blocks=5)
            wait_until(lambda: is_at_head(database, young.chain))
            wait_until(lambda: bool(second.seen))
            assert {progress.waiting for progress in second.seen} == {"another indexer leads"}
            first.end()
            young.play(seed=3, blocks=5)
            wait_until(lambda: is_at_head(database, young.chain))
        assert second.error is None
        assert second.seen[-1].number == young.chain.head
    Indexer(young.chain.url, young.definition, once).run(until=young.chain.head)
    assert world.dump(database, young.definition) == world.dump(once, young.definition)
