"""What a domain asks of an audit: values that the contracts must confirm, and rules that its tables must
keep.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.chain.contract import Contract
from backend.kit.moment import Moment

Row = tuple[Any, ...]
Query = Callable[[Moment], str]


def columns(row: Row) -> Row:
    """What is expected where the query itself says it."""
    return row


@dataclass(frozen=True)
class Confirm:
    """Values of the tables that a view of a contract must answer.

    Args:
        name: What is compared, one word or two: `balance`.
        contract: Its name in the deployment.
        function: The view.
        key: Names of its arguments, which are the first columns of the query.
        values: Names of what it answers, in the ABI's order, a struct's fields one by one.
        query: SQL as of a moment: the arguments, then what `expected` makes the values of.
        expected: Makes the values of the columns behind the arguments. Unless given, they are the values.
        each: Makes the contract of an address (20 bytes) where it is one of many: the first column of the
            query then is its address, and no argument.
        at_least: Less than the tables say is a difference, more is none: anybody may send tokens to an
            address.
    """

    name: str
    contract: str
    function: str
    key: Sequence[str]
    values: Sequence[str]
    query: Query
    expected: Callable[[Row], Row] = columns
    each: Callable[[bytes], Contract] | None = None
    at_least: bool = False


@dataclass(frozen=True)
class Rule:
    """A rule of the ledger, as a query for what breaks it.

    Args:
        name: The rule in words.
        key: Names of the query's first columns, which say where.
        left, right: Names of its last two columns, which should be equal.
        query: SQL as of a moment that gives the rows where they are not.
    """

    name: str
    key: Sequence[str]
    left: str
    right: str
    query: Query


@dataclass(frozen=True)
class Audit:
    """A domain's part of the audit."""

    confirms: Sequence[Confirm] = field(default_factory=tuple)
    rules: Sequence[Rule] = field(default_factory=tuple)
