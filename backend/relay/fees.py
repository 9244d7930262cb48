"""What the relay pays for gas. All in wei per gas."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fee:
    """At most `most`, of which `tip` for the maker of the block."""

    most: int
    tip: int


def offer(base: int, tip: int, limit: int) -> Fee | None:
    """What to offer at a base fee: enough for it to double. None where even the fee now is over the limit."""
    if base + tip > limit:
        return None
    return Fee(min(2 * base + tip, limit), tip)


def raised(before: Fee, now: Fee, limit: int) -> Fee | None:
    """What replaces a transaction: an eighth more at least, or nodes do not take it. None over the limit."""
    fee = Fee(max(_more(before.most), now.most), max(_more(before.tip), now.tip))
    return fee if fee.most <= limit else None


def _more(amount: int) -> int:
    return -(-amount * 9 // 8)
