"""M10: what the events rebuild, compared with every answer of the contracts, in one request."""

from __future__ import annotations

from typing import Any

from tests.contracts.kit.contract import ZERO
from tests.contracts.kit.world import World
from tests.contracts.model.record import Account, Record


def expectations(w: World, record: Record, wallets: list[str]) -> list[tuple[Any, tuple[Any, ...], Any]]:
    """Function, arguments, and the answer that follows from the events."""
    now = w.now
    period = (now - record.origin) // record.length
    expected: list[tuple[Any, tuple[Any, ...], Any]] = [
        (w.registry.cityCount, (), len(record.stewards)),
        (w.registry.followers, (), record.followers),
        (w.registry.recoveryDelay, (), record.recovery_delay),
        (w.market.offerCount, (), len(record.offers)),
        (w.ledger.period, (), period),
    ]
    expected += [(w.registry.cityOf, (code,), city) for code, city in record.codes.items()]
    expected += [(w.registry.stewardOf, (city,), steward) for city, steward in record.stewards.items()]
    expected += [(w.registry.rolesOf, key, roles) for key, roles in record.roles.items()]
    expected += [(w.registry.walletOf, key, wallet) for key, wallet in record.wallets.items()]
    for city in record.stewards:
        for wallet in wallets:
            key = (city, wallet)
            new, at = record.recoveries.get(key, (ZERO, 0))
            account = record.accounts.get(key, Account())
            expected += [
                (w.registry.nullifierOf, key, record.nullifiers.get(key, bytes(32))),
                (w.registry.recoveryOf, key, {"newWallet": new, "executableAt": at}),
                (
                    w.ledger.balanceOf,
                    key,
                    {
                        "expiring": account.held[period - 1],
                        "fresh": account.held[period],
                        "lifetime": account.lifetime,
                    },
                ),
            ]
    return expected + merit_rules(w, record, period) + claims(w, record, period) + rewards(w, record)


def merit_rules(w: World, record: Record, period: int) -> list[tuple[Any, tuple[Any, ...], Any]]:
    expected: list[tuple[Any, tuple[Any, ...], Any]] = []
    for key, points in record.kinds.items():
        expected.append((w.ledger.kindOf, key, {"points": points, "epochsUntil": record.covered.get(key, 0)}))
    for city in {0, *record.stewards}:
        opened = [number >> 8 for of, number in record.epochs if of == city]
        last = max(opened, default=0)
        rules = {
            "dailyCap": record.caps.get(city, 0),
            "pauses": record.pauses.get(city, 0),
            "epochPeriod": last,
            "epochs": opened.count(last),
        }
        expected.append((w.ledger.cityOf, (city,), rules))
    for (city, verifier), budget in record.budgets.items():
        used_in = [p for (of, who, p) in record.used if (of, who) == (city, verifier)]
        last = max(used_in, default=0)
        expected.append(
            (
                w.ledger.budgetOf,
                (city, verifier),
                {
                    "perPeriod": budget,
                    "used": record.used.get((city, verifier, last), 0),
                    "period": last,
                    "serial": record.serials[city, verifier],
                },
            )
        )
    for (city, number), epoch in record.epochs.items():
        kept = {name: epoch[name] for name in ("root", "points", "kindId", "cancelled")} | {
            "acts": epoch["left"],
            "most": epoch["most"],
        }
        expected.append((w.ledger.epochOf, (city, number), kept))
    expected += [(w.ledger.isBatch, (batch,), True) for batch in record.batches]
    return expected


def claims(w: World, record: Record, period: int) -> list[tuple[Any, tuple[Any, ...], Any]]:
    """Who has claimed, of the epochs that accounts still remember."""
    return [
        (w.ledger.isClaimed, (city, number, wallet), (city, number, wallet) in record.settled)
        for city, number in record.epochs
        if number >> 8 >= period - 1
        for of, wallet in record.nullifiers
        if of == city
    ]


def rewards(w: World, record: Record) -> list[tuple[Any, tuple[Any, ...], Any]]:
    expected: list[tuple[Any, tuple[Any, ...], Any]] = []
    names = ("partner", "cityId", "price", "stock", "serial", "settled", "limit", "opens", "closes", "term")
    for number, offer in record.offers.items():
        pool = {
            "token": offer["token"],
            "sponsor": record.sponsors.get(number, ZERO),
            "perVoucher": offer["perVoucher"],
            "balance": record.pools[number],
        }
        expected += [
            (w.market.offerOf, (number,), {name: offer[name] for name in names}),
            (w.market.poolOf, (number,), pool),
        ]
        expected += [
            (w.market.accepts, (number, city), (number, city) in record.accepted) for city in record.stewards
        ]
    expected += [(w.market.redemptionsOf, key, count) for key, count in record.redemptions.items()]
    expected += [(w.market.earnedOf, key, amount) for key, amount in record.earned.items()]
    expected += [
        (w.market.voucherOf, (number,), {"status": status, "contentHash": content})
        for number, (status, content) in record.vouchers.items()
    ]
    return expected


def compare(w: World, record: Record, wallets: list[str]) -> None:
    expected = expectations(w, record, wallets)
    answers = w.node.requests([function.request(*args) for function, args, _ in expected])
    for (function, args, value), answer in zip(expected, answers, strict=True):
        said = function.answer(answer)
        assert said == value, f"{function.item['name']}{args}: {said}, by the events {value}"
