"""The indexer on a chain that behaves."""

import pytest

from backend.chain.derived import source
from backend.chain.sync import Indexer
from tests.backend.chain import world
from tests.backend.chain.world import World


@pytest.fixture(scope="module")
def lived(anvil) -> World:
    """A probe after forty blocks."""
    made = World(anvil)
    made.play(seed=1, blocks=40)
    return made


def index(url: str, lived: World, until: int | None = None, **options) -> Indexer:
    indexer = Indexer(lived.chain.url, lived.definition, url, poll_seconds=0.05, **options)
    indexer.run(until=lived.chain.head if until is None else until)
    return indexer


def test_views_of_an_earlier_block_are_those_of_a_run_stopped_there(lived, new_database):
    whole, stopped = new_database(), new_database()
    index(whole, lived)
    for moment in (lived.block + 7, lived.block + 23):
        index(stopped, lived, until=moment)
        for table in (*lived.definition.derived, *(fact.table for fact in lived.definition.facts)):
            then = world.hash_of(whole, f"SELECT * FROM {source(table, moment)} s")
            assert then == world.hash_of(stopped, f"SELECT * FROM {source(table)} s"), table
