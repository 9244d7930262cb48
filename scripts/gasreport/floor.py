"""The floor of an action: gas that no contract with the same events and the same record could save.

    21,000 + calldata + every slot, account and signature that the action cannot avoid + log gas

Prices are those of the EVM version cancun (EIP-2028, EIP-2929, EIP-3529, EIP-1108).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

TRANSACTION = 21_000
ZERO_BYTE, OTHER_BYTE = 4, 16
LOG, TOPIC, LOG_BYTE = 375, 375, 8
PRICES = {
    "read": 2_100,  # a slot, cold
    "new": 22_100,  # a cold slot from zero
    "change": 5_000,  # a cold slot from something to something else
    "clear": 200,  # a cold slot to zero: 5,000, of which 4,800 are refunded
    "account": 2_600,  # another contract, cold
    "passing": 2_300,  # a cold slot from zero and back: 22,200, of which 19,900 are refunded
    "signature": 3_000,  # ecrecover
    "clone": 41_000,  # a contract made, of the 45 bytes of a clone (EIP-1167)
}
SLOTS = ("read", "new", "change", "clear")


@dataclass(frozen=True)
class Touch:
    """Something that an action cannot avoid: `price` is a key of PRICES."""

    what: str
    price: str
    times: int = 1

    def __mul__(self, times: int) -> "Touch":
        return Touch(self.what, self.price, self.times * times)


def read(what: str) -> Touch:
    return Touch(what, "read")


def new(what: str) -> Touch:
    return Touch(what, "new")


def change(what: str) -> Touch:
    return Touch(what, "change")


def clear(what: str) -> Touch:
    return Touch(what, "clear")


def passing(what: str) -> Touch:
    return Touch(what, "passing")


def account(what: str) -> Touch:
    return Touch(what, "account")


def signature(what: str) -> Touch:
    return Touch(what, "signature")


def clone(what: str) -> Touch:
    return Touch(what, "clone")


def calldata_gas(data: bytes) -> int:
    zeros = data.count(0)
    return zeros * ZERO_BYTE + (len(data) - zeros) * OTHER_BYTE


def log_gas(logs: Iterable[dict[str, Any]]) -> int:
    return sum(
        LOG + TOPIC * len(log["topics"]) + LOG_BYTE * len(bytes.fromhex(log["data"][2:])) for log in logs
    )


def floor(data: bytes, logs: Iterable[dict[str, Any]], touches: Iterable[Touch]) -> int:
    touched = sum(PRICES[touch.price] * touch.times for touch in touches)
    return TRANSACTION + calldata_gas(data) + log_gas(logs) + touched


def by_price(touches: Iterable[Touch]) -> Counter[str]:
    """How many slots of each price, and how many accounts. To a trace, a slot that is as before was read."""
    counts: Counter[str] = Counter()
    for touch in touches:
        if touch.price in (*SLOTS, "passing", "account"):
            counts["read" if touch.price == "passing" else touch.price] += touch.times
    return counts
