"""Totals and states: what is taken back leaves no trace."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend import db
from backend.chain.derived import ddl, source
from backend.chain.facts import fact_of
from tests.backend.chain import world
from tests.backend.chain.world import NAME, POINTS

FACTS = {
    entry["name"]: fact_of("Probe", entry)
    for entry in world.compiled()["Probe"]["abi"]
    if entry["type"] == "event" and entry["name"] in ("Moved", "Named")
}
moved = st.tuples(st.just("Moved"), st.integers(0, 2), st.integers(0, 3), st.integers(1, 4))
named = st.tuples(st.just("Named"), st.integers(0, 3), st.sampled_from(["", "a", "b"]), st.integers(0, 9))
blocks = st.lists(st.lists(st.one_of(moved, named), max_size=4), min_size=1, max_size=8)


@pytest.fixture(scope="module")
def connection(database: str):
    with db.connect(database) as opened:
        opened.execute("CREATE SCHEMA ledger")
        for statement in [fact.ddl() for fact in FACTS.values()] + [ddl(POINTS), ddl(NAME)]:
            opened.execute(statement)  # type: ignore[arg-type]
        opened.commit()
        yield opened


def write(connection, facts, first):
    for number, block in enumerate(facts, first):
        for index, (event, *values) in enumerate(block):
            header = (number, index, b"", b"", 0)
            to, note = values[1:] if event == "Moved" else (values[1], values[2])
            row = (values[0], bytes([to]), note) if event == "Moved" else (values[0], to, bytes([note]))
            marks = ", ".join(["%s"] * 8)
            connection.execute(f"INSERT INTO {FACTS[event].table} VALUES ({marks})", (*header, *row))


def rows(connection, *moment):
    return [
        sorted(connection.execute(f"SELECT * FROM {source(d, *moment)} s").fetchall()) for d in (POINTS, NAME)
    ]


def apply(connection, lo, hi):
    for derived in (POINTS, NAME):
        derived.apply(connection.execute, lo, hi)


def unapply(connection, lo, hi):
    POINTS.unapply(connection.execute, lo, hi)
    NAME.mark(connection.execute, lo, hi)
    for fact in FACTS.values():
        connection.execute(f"DELETE FROM {fact.table} WHERE block_number >= %s", (lo,))
    NAME.unapply(connection.execute, lo - 1)


@settings(max_examples=50, deadline=None)
@given(blocks, blocks, blocks, st.data())
def test_taken_back_is_as_if_it_had_never_been(connection, past, gone, instead, data):
    with connection.transaction(force_rollback=True):
        height = len(past)
        write(connection, past, 1)
        apply(connection, 1, height)
        before = rows(connection)
        write(connection, gone, height + 1)
        apply(connection, height + 1, height + len(gone))
        assert rows(connection, height) == before
        unapply(connection, height + 1, height + len(gone))
        assert rows(connection) == before
        write(connection, instead, height + 1)
        cut = data.draw(st.integers(height, height + len(instead)))
        apply(connection, height + 1, cut)
        apply(connection, cut + 1, height + len(instead))
        assert rows(connection) == rows(connection, height + len(instead))


def test_a_total_of_zero_has_no_row(connection):
    with connection.transaction(force_rollback=True):
        write(connection, [[("Moved", 1, 1, 4)], [("Moved", 1, 1, 3)]], 1)
        apply(connection, 1, 1)
        assert rows(connection)[0] == [(1, b"\1", 3, 1)]
        apply(connection, 2, 2)
        assert rows(connection)[0] == []
