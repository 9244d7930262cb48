"""What tokens call themselves, and how many base units a whole one has: asked of them once, by ERC-20."""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from eth_abi.exceptions import DecodingError

from backend.chain.contract import Contract, Reverted
from backend.errors import Problem
from backend.relay.chain import Chain

PATIENCE = 0.3
"""Seconds that a page waits for what it does not know yet; the answer is kept for the next one."""
AGAIN = 60
"""Seconds after which a node that did not answer is asked again."""
MOST_LETTERS, MOST_DECIMALS = 16, 36

_VIEWS = [
    {"type": "function", "name": name, "inputs": [], "outputs": [{"name": "", "type": kind}]}
    for name, kind in (("symbol", "string"), ("decimals", "uint8"))
]


@dataclass(frozen=True)
class Token:
    """A whole token is 10^decimals base units."""

    symbol: str
    decimals: int


_tokens: WeakKeyDictionary[Chain, dict[str, asyncio.Task[Token | None]]] = WeakKeyDictionary()
_silent: WeakKeyDictionary[Chain, float] = WeakKeyDictionary()


async def tokens(chain: Chain, addresses: Iterable[str | None]) -> dict[str, Token]:
    """The tokens at these addresses that say who they are; the others are left out, and shown in base units.

    A lost node holds no page up: it is asked again after `AGAIN`.
    """
    wanted = {address for address in addresses if address}
    known = _tokens.setdefault(chain, {})
    if time.monotonic() - _silent.get(chain, -AGAIN) >= AGAIN:
        for address in wanted - known.keys():
            known[address] = asyncio.create_task(_ask(chain, address))
    tasks = {address: known[address] for address in wanted if address in known}
    if tasks:
        await asyncio.wait(tasks.values(), timeout=PATIENCE)
    told = {address: task.result() for address, task in tasks.items() if task.done()}
    return {address: token for address, token in told.items() if token}


async def _ask(chain: Chain, address: str) -> Token | None:
    contract = Contract("ERC20", address, _VIEWS)
    try:
        symbol, decimals = await chain.read_all([contract.call("symbol"), contract.call("decimals")])
    except (Reverted, DecodingError, UnicodeDecodeError, OverflowError):
        return None
    except Problem:
        _silent[chain] = time.monotonic()
        _tokens[chain].pop(address, None)
        return None
    # A token may call itself anything: what a page could not show as one plain word is no name.
    plain = symbol.isprintable() and bool(symbol.strip()) and len(symbol) <= MOST_LETTERS
    return Token(symbol, decimals) if plain and decimals <= MOST_DECIMALS else None
