"""Rows of the gas table: an action, its gas, its floor, its bar."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backend.chain.contract import Call
from scripts.gasreport.chain import Chain, Failed, Sent
from scripts.gasreport.floor import Touch, by_price, floor

MOST = 1.15
"""Every action stays within this many times its floor."""


@dataclass(frozen=True)
class Row:
    """An action. Gas and floor are of whole receipts, divided by `per` where one serves many; `bar` is its
    own limit.
    """

    contract: str
    action: str
    gas: int
    floor: int
    touches: tuple[Touch, ...]
    bar: int | None
    per: int

    @property
    def ratio(self) -> float:
        return self.gas / self.floor

    @property
    def holds(self) -> bool:
        return self.ratio <= MOST and (self.bar is None or self.gas <= self.bar)


class Table:
    """Sends the actions and keeps their rows."""

    def __init__(self, chain: Chain):
        self.chain = chain
        self.rows: list[Row] = []

    def add(
        self,
        action: str,
        call: Call,
        sender: str,
        touches: Sequence[Touch],
        bar: int | None = None,
        per: int = 1,
    ) -> Sent:
        """Send the action, write its row. Raises Failed where it touched other slots than are listed."""
        sent = self.chain.send(call, sender)
        check(action, sent, touches)
        gas, least = sent.gas / per, floor(sent.data, sent.logs, touches) / per
        self._write(action, call, gas, least, touches, bar, per)
        return sent

    def add_mean(
        self,
        action: str,
        calls: Sequence[Call],
        sender: str,
        touches: Sequence[Touch],
        bar: int | None = None,
    ) -> None:
        """Send the same action many times, each in a transaction of its own; the row is their mean."""
        gas = least = 0
        for call in calls:
            sent = self.chain.send(call, sender)
            check(action, sent, touches)
            gas += sent.gas
            least += floor(sent.data, sent.logs, touches)
        self._write(action, calls[0], gas / len(calls), least / len(calls), touches, bar, 1)

    def _write(
        self,
        action: str,
        call: Call,
        gas: float,
        least: float,
        touches: Sequence[Touch],
        bar: int | None,
        per: int,
    ) -> None:
        contract = call.label.split(".")[0]
        self.rows.append(Row(contract, action, round(gas), round(least), tuple(touches), bar, per))


def check(action: str, sent: Sent, touches: Sequence[Touch]) -> None:
    """Compare the list of touches with what the node traced."""
    listed = by_price(touches)
    if listed != sent.touched:
        raise Failed(f"{action}: touched {_shown(sent.touched)}, listed {_shown(listed)}")


def _shown(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {price}" for price, count in sorted(counts.items()))
