"""Decoding by slices gives what the ABI's own library says."""

from decimal import Decimal
from typing import Any

import psycopg
import pytest
from eth_abi import encode
from hypothesis import given, settings
from hypothesis import strategies as st

from backend import db
from backend.chain.contract import kind
from backend.chain.decode import (
    COPY_HEAD,
    COPY_TAIL,
    MOST_LOG_INDEX,
    BadLog,
    Decoder,
    block_cells,
    copy_columns,
)
from backend.chain.facts import Fact, fact_of
from tests.backend.chain import world

ENTRY = next(
    e for e in world.compiled()["Probe"]["abi"] if e["type"] == "event" and e["name"] == "Everything"
)
NAMED = next(e for e in world.compiled()["Probe"]["abi"] if e["type"] == "event" and e["name"] == "Named")
BLOCK = "0x" + "0b" * 32
ADDRESS = "0x00000000000000000000000000000000DeaDBeef"


def log_of(entry: dict[str, Any], values: list[Any], index: int = 0) -> dict[str, Any]:
    """Return the log of an event; indexed words are given as 32 bytes."""
    pairs = list(zip(entry["inputs"], values, strict=True))
    topics = ["0x" + value.hex() for parameter, value in pairs if parameter["indexed"]]
    plain = [(kind(parameter), value) for parameter, value in pairs if not parameter["indexed"]]
    return {
        "address": ADDRESS.lower(),
        "topics": [fact_of("Probe", entry).topic0, *topics],
        "data": "0x" + encode([abi for abi, _ in plain], [value for _, value in plain]).hex(),
        "blockNumber": "0x7",
        "blockHash": BLOCK,
        "transactionHash": "0x" + "0c" * 32,
        "logIndex": hex(index),
    }


def stored(connection: psycopg.Connection, fact: Fact, logs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that PostgreSQL makes of the decoded logs."""
    rows = Decoder(fact).rows(logs, {BLOCK: block_cells(7, BLOCK, 1_700_000_000)})
    columns = ", ".join(f'"{name}"' for name in copy_columns(fact))
    with connection.cursor(row_factory=psycopg.rows.dict_row) as cursor:
        cursor.execute(f"TRUNCATE {fact.table}")  # type: ignore[arg-type]
        with cursor.copy(f"COPY {fact.table} ({columns}) FROM STDIN (FORMAT BINARY)") as copy:  # type: ignore[arg-type]
            copy.write(COPY_HEAD + rows + COPY_TAIL)
        return cursor.execute(f"SELECT * FROM {fact.table} ORDER BY log_index").fetchall()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def tables(database: str):
    with db.connect(database) as connection:
        connection.execute("CREATE SCHEMA ledger")
        for entry in (ENTRY, NAMED):
            connection.execute(fact_of("Probe", entry).ddl())  # type: ignore[arg-type]
        connection.commit()
        yield connection


def integers(bits: int, signed: bool = False) -> st.SearchStrategy[int]:
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    return st.one_of(st.integers(low, high), st.sampled_from([low, high, 0, min(high, 10_000)]))


addresses = st.binary(min_size=20, max_size=20).map(lambda raw: "0x" + raw.hex())
events = st.tuples(
    *(integers(8, True), integers(256, True), integers(64), integers(256), st.booleans()),
    *(st.binary(min_size=4, max_size=4), integers(48), st.lists(integers(32), max_size=3)),
    st.lists(st.tuples(addresses, integers(128)), max_size=2),
    *(st.binary(min_size=32, max_size=32), addresses),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(events, min_size=1, max_size=4))
def test_every_type_arrives_as_it_was(tables, values):
    fact = fact_of("Probe", ENTRY)
    rows = stored(tables, fact, [log_of(ENTRY, list(event), i) for i, event in enumerate(values)])
    for row, event in zip(rows, values, strict=True):
        small, signed, wide, widest, yes, selector, time, numbers, pairs, hashed, to = event
        assert (row["small"], row["signed"], row["wide"]) == (small, Decimal(signed), Decimal(wide))
        assert (row["widest"], row["yes"], row["selector"], row["time"]) == (widest, yes, selector, time)
        assert (row["list"], row["hashed"]) == (numbers, hashed)
        assert [[account.lower(), int(amount)] for account, amount in row["pairs"]] == [
            list(p) for p in pairs
        ]
        assert row["to"] == bytes.fromhex(to[2:])
        assert (row["block_number"], row["block_time"], row["block_hash"]) == (7, 1_700_000_000, b"\x0b" * 32)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(blacklist_categories=["Cs"])), st.binary(max_size=80), integers(32))
def test_text_and_bytes_of_any_length_arrive(tables, text, note, number):
    (row,) = stored(tables, fact_of("Probe", NAMED), [log_of(NAMED, [number.to_bytes(32), text, note])])
    assert (row["id"], row["name"], row["note"]) == (number, text.replace("\0", "\ufffd"), note)


def test_the_largest_log_index_fits_and_a_larger_one_is_refused(tables):
    fact = fact_of("Probe", NAMED)
    (row,) = stored(tables, fact, [log_of(NAMED, [bytes(32), "", b""], MOST_LOG_INDEX)])
    assert row["log_index"] == MOST_LOG_INDEX
    with pytest.raises(BadLog, match="log index"):
        stored(tables, fact, [log_of(NAMED, [bytes(32), "", b""], MOST_LOG_INDEX + 1)])


def spoil(log: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**log, **changes}


@pytest.mark.parametrize(
    "spoilt",
    [
        spoil(log_of(NAMED, [bytes(32), "a", b""]), data="0x"),
        spoil(log_of(NAMED, [bytes(32), "a", b""]), data="0x" + "ff" * 96),
        spoil(
            log_of(NAMED, [bytes(32), "a", b""]),
            data=log_of(NAMED, [bytes(32), "a" * 99, b""])["data"][:-128],
        ),
        spoil(log_of(NAMED, [bytes(32), "a", b""]), topics=[fact_of("Probe", NAMED).topic0]),
        spoil(log_of(NAMED, [bytes(32), "a", b""]), logIndex=None),
        spoil(log_of(NAMED, [bytes(32), "a", b""]), transactionHash="0xzz"),
    ],
)
def test_a_log_that_is_not_whole_is_named(spoilt):
    with pytest.raises(BadLog, match=r"Named|ends before"):
        Decoder(fact_of("Probe", NAMED)).rows([spoilt], {BLOCK: block_cells(7, BLOCK, 0)})
