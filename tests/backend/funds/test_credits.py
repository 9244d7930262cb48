"""What SQL tells of credits is what a contract that settles partners one by one keeps: random lives, unit by
unit."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from backend.chain import derived as tables
from backend.domains import facts
from backend.funds.credits import PER_UNIT, credits, per_unit
from backend.funds.partner_derived import PARTNER

FUND, NOBODY = (n.to_bytes(20, "big") for n in (999, 0))
PARTNERS = [n.to_bytes(20, "big") for n in range(1, 7)]
BLOCKS = 120
FACTS = (
    "partner_admitted", "capital_committed", "commitment_withdrawn", "call_paid", "partner_defaulted",
    "distribution_claimed", "motion_supported", "motion_proposed", "proceeds_distributed", "fund_concluded",
    "carry_returned", "transfer",
)  # fmt: skip


class Units:
    """`FundUnits` by itself: what is credited per unit, and partners' accounts as of their settlements."""

    def __init__(self) -> None:
        self.per_unit = 0
        self.units = dict.fromkeys(PARTNERS, 0)
        self.accounts = dict.fromkeys(PARTNERS, (0, 0))
        self.claimed = dict.fromkeys(PARTNERS, 0)

    def of(self, partner: bytes) -> int:
        credited, since = self.accounts[partner]
        return credited + (self.per_unit - since) * self.units[partner] // PER_UNIT

    def settle(self, partner: bytes) -> None:
        self.accounts[partner] = (self.of(partner), self.per_unit)

    def change(self, partner: bytes, units: int) -> None:
        self.settle(partner)
        self.units[partner] += units

    def credit(self, amount: int) -> int:
        self.per_unit += amount * PER_UNIT // sum(self.units.values())
        return self.per_unit


@pytest.fixture
def connection(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database) as made:
        for fact in FACTS:
            made.execute(facts()[fact].ddl())
        made.execute(tables.ddl(PARTNER))
        yield made
        made.rollback()


def test_credits_are_told_to_the_base_unit_at_every_block(connection: psycopg.Connection) -> None:
    life, chance, known = Units(), random.Random(5), {}
    admit = _writer(connection, 0)
    for partner in PARTNERS:
        admit("partner_admitted", partner=partner, admitted=True)
    for block in range(1, BLOCKS + 1):
        _live(life, chance, _writer(connection, block))
        PARTNER.apply(connection.execute, block, block)
        known[block] = {partner: (life.of(partner), life.units[partner]) for partner in PARTNERS}
    assert _claimable(connection, "partner", lambda fact: fact) == known[BLOCKS]
    for block in range(10, BLOCKS, 37):
        then = _claimable(connection, f"({PARTNER.at(block)})", _until(block))
        assert then == {p: one for p, one in known[block].items() if p in then}
        assert all(known[block][p] == (0, 0) for p in set(PARTNERS) - set(then))


def test_what_each_fact_credits_adds_up(connection: psycopg.Connection) -> None:
    life, chance = Units(), random.Random(6)
    for block in range(1, BLOCKS + 1):
        _live(life, chance, _writer(connection, block))
    keys = "(SELECT DISTINCT contract, partner FROM capital_committed)"
    told = connection.execute(
        f"SELECT partner, max(credited) FROM {credits(keys, lambda fact: fact)} c GROUP BY partner"
    ).fetchall()
    assert {bytes(p): int(whole) for p, whole in told} == {
        partner: life.of(partner) + life.claimed[partner] for partner, _ in told
    }


def _until(block: int) -> Callable[[str], str]:
    return lambda fact: f"(SELECT * FROM {fact} WHERE block_number <= {block})"


Write = Callable[..., None]


def _live(life: Units, chance: random.Random, write: Write) -> None:
    """Up to three things in one block, some in one transaction."""
    for _ in range(chance.randint(1, 3)):
        partner, other = chance.choice(PARTNERS), chance.choice(PARTNERS)
        there = sum(life.units.values())
        match chance.randrange(6):
            case 0:  # a commitment; where there are units, with a premium for them
                capital, premium = chance.randrange(10**6), chance.randrange(10**4) if there else 0
                after = life.credit(premium) if premium else life.per_unit
                if capital:
                    life.change(partner, capital)
                    write("transfer", **{"from": NOBODY, "to": partner, "value": capital})
                write(
                    "capital_committed", partner=partner, amount=2 * capital + 1, capital=capital,
                    premium=premium, per_unit=after,
                )  # fmt: skip
            case 1:  # a call paid
                life.change(partner, 500_001)
                write("transfer", **{"from": NOBODY, "to": partner, "value": 500_001})
                write("call_paid", partner=partner, payer=other, amount=500_001, late_fee=0)
            case 2:  # a transfer, to oneself too, of nothing too
                moved = chance.randint(0, life.units[partner])
                life.change(partner, -moved)
                life.change(other, moved)
                write("transfer", **{"from": partner, "to": other, "value": moved})
            case 3 if there:
                amount = chance.randint(1, 10**5)
                parts = dict.fromkeys(("capital", "hurdle", "catch_up", "rest", "carry", "escrowed"), 0)
                write("proceeds_distributed", amount=amount, per_unit=life.credit(amount), **parts)
            case 4 if claimable := life.of(partner):
                life.accounts[partner] = (0, life.per_unit)
                life.claimed[partner] += claimable
                write("distribution_claimed", partner=partner, to=other, amount=claimable)
            case 5 if lost := life.units[partner] // 2:
                life.change(partner, -lost)
                write("transfer", **{"from": partner, "to": NOBODY, "value": lost})
                write("partner_defaulted", partner=partner, commitment=1, units=lost)


def _writer(connection: psycopg.Connection, block: int) -> Write:
    place = iter(range(100))

    def write(fact: str, **values: Any) -> None:
        row = {
            "block_number": block, "log_index": next(place), "block_hash": bytes(32),
            "tx_hash": block.to_bytes(32, "big"), "block_time": 1_000 + block, "contract": FUND,
        } | values  # fmt: skip
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join(["%s"] * len(row))
        connection.execute(f"INSERT INTO {fact} ({names}) VALUES ({marks})", list(row.values()))

    return write


def _claimable(
    connection: psycopg.Connection, source: str, of: Callable[[str], str]
) -> dict[bytes, tuple[int, int]]:
    rows = connection.execute(f"""
        SELECT partner, settled - claimed
            + div(units * (coalesce(x.per_unit, 0) - p.per_unit), {PER_UNIT}), units
        FROM {source} p LEFT JOIN {per_unit(of)} x USING (contract)
    """).fetchall()
    return {bytes(partner): (int(claimable), int(units)) for partner, claimable, units in rows}
