"""Decodes logs by column, not by object, into rows of PostgreSQL's binary COPY.

A word of the ABI is 64 hex digits, and what binary COPY wants of it is a slice of these digits: the last 8
for an `integer`, the last 40 for an address, the first 2n for `bytesN`. So the columns of all logs of an
event are sliced and zipped as text, and turned into bytes once. No integer is made but for `numeric`.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import chain, repeat
from typing import Any

from eth_abi import decode as abi_decode
from eth_utils import to_checksum_address

from backend.chain.facts import Column, Fact
from backend.chain.headers import Inconsistent

Log = dict[str, Any]
Cells = Iterable[str]
"""A column's values as hex, each with its length before it as binary COPY wants."""

COPY_HEAD = b"PGCOPY\n\xff\r\n\0" + bytes(8)
COPY_TAIL = b"\xff\xff"

MOST_LOG_INDEX = 0x7FFFFFFF


class BadLog(Inconsistent):
    """A log is not as its event's ABI says, or given twice: the node is at fault, and may answer better."""


class Decoder:
    """Decodes the logs of one event."""

    def __init__(self, fact: Fact):
        self.fact = fact
        self._head = f"{len(fact.sql_columns):04x}"
        self._topics = 1 + sum(column.indexed for column in fact.columns)
        self._cells: list[Callable[[list[list[str]], list[str]], Cells]] = []
        topic, offset = 1, 2
        static = True
        plain = [column for column in fact.columns if not column.indexed]
        for column in fact.columns:
            if column.indexed:
                self._cells.append(_topic_cells(topic, column))
                topic += 1
            elif column.is_composite:
                self._cells.append(_composite_cells([c.abi_type for c in plain], plain.index(column)))
                static, offset = False, offset + 64 * _words(column.abi_type)
            elif column.abi_type in ("string", "bytes"):
                self._cells.append(_dynamic_cells(offset, column))
                static, offset = False, offset + 64
            else:
                self._cells.append(_word_cells(offset, column))
                offset += 64
        self._least = offset
        self._static = static

    def rows(self, logs: list[Log], blocks: Mapping[str, str]) -> bytes:
        """Return the logs' rows for binary COPY, without its head and tail, columns as in `copy_columns`.

        Args:
            blocks: What `block_cells` says of each block, by `blockHash`.

        Raises BadLog.
        """
        try:
            return self._rows(logs, blocks)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
            raise BadLog(f"a log of {self.fact.event} is not whole: {error!r}") from error

    def _rows(self, logs: list[Log], blocks: Mapping[str, str]) -> bytes:
        topics = [log["topics"] for log in logs]
        data = [log["data"] for log in logs]
        self._check(topics, data)
        indexes = [log["logIndex"][2:] for log in logs]
        if max(map(len, indexes)) > 7 and max(int(index, 16) for index in indexes) > MOST_LOG_INDEX:
            raise BadLog(f"a log index of {self.fact.event} is over {MOST_LOG_INDEX}")
        of_block = [blocks[log["blockHash"]] for log in logs]
        if len(set(zip(of_block, indexes, strict=True))) < len(logs):
            raise BadLog(f"a log of {self.fact.event} was given twice")
        columns = [
            repeat(self._head),
            of_block,
            [f"00000004{index:0>8}00000020" for index in indexes],
            [log["transactionHash"][2:] for log in logs],
            *([[f"00000014{log['address'][2:]}" for log in logs]] if self.fact.from_factory else ()),
            *(cells(topics, data) for cells in self._cells),
        ]
        return bytes.fromhex("".join(chain.from_iterable(zip(*columns))))  # noqa: B905 (the head repeats)

    def _check(self, topics: list[list[str]], data: list[str]) -> None:
        if set(map(len, topics)) != {self._topics}:
            raise BadLog(f"a log of {self.fact.event} has not {self._topics} topics")
        sizes = set(map(len, data))
        if (sizes != {self._least}) if self._static else min(sizes) < self._least:
            raise BadLog(f"the data of a log of {self.fact.event} have not {self._least // 2 - 1} bytes")


def copy_columns(fact: Fact) -> list[str]:
    """Return the columns of a fact in the order of `Decoder.rows`: what its block says goes together."""
    together = ["block_number", "block_hash", "block_time"]
    return together + [name for name in fact.sql_columns if name not in together]


def block_cells(number: int, block_hash: str, time: int) -> str:
    """Return the cells of a block's number, hash (`0x`) and time."""
    return f"00000008{number:016x}00000020{block_hash[2:]}00000008{time:016x}"


def value_of(fact: Fact, column: str, log: Log) -> str:
    """Return the address in an event's parameter, `0x` and lower case."""
    topic, word = 1, 0
    for candidate in fact.columns:
        if candidate.name == column:
            text = (
                log["topics"][topic][2:] if candidate.indexed else log["data"][2 + 64 * word : 66 + 64 * word]
            )
            return "0x" + text[24:].lower()
        topic += candidate.indexed
        word += 0 if candidate.indexed else _words(candidate.abi_type)
    raise KeyError(column)


def _word(column: Column) -> tuple[slice, int] | None:
    """Which digits of a word are the value, and how many bytes these are; None for `numeric`."""
    sizes = {"integer": 4, "bigint": 8, "boolean": 1}
    if column.sql_type in sizes:
        size = sizes[column.sql_type]
        return slice(64 - 2 * size, 64), size
    if column.abi_type == "address":
        return slice(24, 64), 20
    if column.sql_type == "bytea":
        size = int(column.abi_type.removeprefix("bytes") or 32) if column.abi_type.startswith("bytes") else 32
        return slice(0, 2 * size), size
    return None


def _topic_cells(topic: int, column: Column) -> Callable[[list[list[str]], list[str]], Cells]:
    part = _word(column)
    if part is None:
        signed = column.abi_type.startswith("int")
        return lambda topics, data: [numeric(t[topic][2:], signed) for t in topics]
    (start, stop), length = (part[0].start + 2, part[0].stop + 2), f"{part[1]:08x}"
    return lambda topics, data: [length + t[topic][start:stop] for t in topics]


def _word_cells(offset: int, column: Column) -> Callable[[list[list[str]], list[str]], Cells]:
    part = _word(column)
    if part is None:
        signed = column.abi_type.startswith("int")
        return lambda topics, data: [numeric(d[offset : offset + 64], signed) for d in data]
    (start, stop), length = (part[0].start + offset, part[0].stop + offset), f"{part[1]:08x}"
    return lambda topics, data: [length + d[start:stop] for d in data]


def _dynamic_cells(offset: int, column: Column) -> Callable[[list[list[str]], list[str]], Cells]:
    def cell(data: str) -> str:
        start = 2 + 2 * int(data[offset : offset + 64], 16)
        size = int(data[start : start + 64], 16)
        text = data[start + 64 : start + 64 + 2 * size]
        if len(text) != 2 * size:
            raise BadLog(f"{column.name} ends before its length")
        if column.abi_type == "string":
            text = bytes.fromhex(text).decode(errors="replace").replace("\0", "\ufffd").encode().hex()
        return f"{len(text) // 2:08x}{text}"

    return lambda topics, data: [cell(d) for d in data]


def _composite_cells(types: list[str], position: int) -> Callable[[list[list[str]], list[str]], Cells]:
    def cell(data: str) -> str:
        value = abi_decode(types, bytes.fromhex(data[2:]))[position]
        text = b"\1" + json.dumps(_plain(types[position], value), ensure_ascii=False).encode()
        return f"{len(text):08x}{text.hex()}"

    return lambda topics, data: [cell(d) for d in data]


def _plain(abi_type: str, value: Any) -> Any:
    """Return a value as JSON shows it: addresses checksummed, bytes as hex, wide integers as text."""
    if abi_type.endswith("]"):
        return [_plain(abi_type[: abi_type.rindex("[")], part) for part in value]
    if abi_type.startswith("("):
        return [_plain(part, inner) for part, inner in zip(_parts(abi_type), value, strict=True)]
    if abi_type == "address":
        return to_checksum_address(value)
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, int) and not isinstance(value, bool) and int(abi_type.lstrip("uint")) > 63:
        return str(value)
    return value


def _parts(tuple_type: str) -> list[str]:
    parts, depth, start = [], 0, 1
    for i, letter in enumerate(tuple_type):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if (letter == "," and depth == 1) or (letter == ")" and depth == 0):
            parts.append(tuple_type[start:i])
            start = i + 1
    return parts


def _words(abi_type: str) -> int:
    """How many words a parameter takes in the head of the data."""
    if abi_type.endswith("]"):
        inner, _, count = abi_type[:-1].rpartition("[")
        return int(count) * _words(inner) if count and not _is_dynamic(inner) else 1
    if abi_type.startswith("("):
        return 1 if _is_dynamic(abi_type) else sum(map(_words, _parts(abi_type)))
    return 1


def _is_dynamic(abi_type: str) -> bool:
    if abi_type.endswith("]"):
        return abi_type.endswith("[]") or _is_dynamic(abi_type[: abi_type.rindex("[")])
    if abi_type.startswith("("):
        return any(map(_is_dynamic, _parts(abi_type)))
    return abi_type in ("string", "bytes")


def numeric(word: str, signed: bool) -> str:
    """Return a word as PostgreSQL's binary `numeric`: digits to base 10,000, with the length before."""
    value, sign = int(word, 16), "0000"
    if signed and value >> 255:
        value, sign = (1 << 256) - value, "4000"
    text = str(value) if value else ""
    text = text.zfill(-len(text) // 4 * -4)
    digits = "".join([f"{int(text[i : i + 4]):04x}" for i in range(0, len(text), 4)])
    count = len(text) // 4
    return f"{8 + 2 * count:08x}{count:04x}{max(count - 1, 0):04x}{sign}0000{digits}"
