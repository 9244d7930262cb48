"""What anybody may do for anybody at a contract that a factory made: the relay sends it, nobody signs."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from backend.chain.contract import Call
from backend.kit.types import checksum
from backend.relay.action import Ask, Message, SignedAction


def plain(
    name: str,
    title: str,
    form: type[BaseModel],
    place: Callable[[Any], bytes],
    contract: str,
    function: str,
    facts: str,
    page: str,
    path: str,
    *,
    whom: Callable[[Any], bytes | None] | None = None,
    column: str = "",
) -> SignedAction:
    """A function of a made contract, without arguments or for one address.

    Args:
        name, title, form: As of `SignedAction`.
        place: Where the contract is, from the form.
        contract, function: What is called.
        facts: Names of the facts that show that it happened, any of them.
        page: Folder of the page on which it belongs while it is under way: `campaigns`.
        path: SQL for the page of what came of it, of a fact `f`.
        whom: The address that the function takes, from the form; the account's own where that gives None.
        column: The facts' column with this address, which is then the message's field too.

    `after`, the ledger's block when it was asked for, tells one from the next of its kind.
    """

    async def message(ask: Ask, filled: Any) -> dict[str, Any]:
        found = {"contract": (await ask.made(contract, place(filled))).address, "after": ask.moment.number}
        return found | ({column: checksum(whom(filled) or ask.account)} if whom else {})

    async def call(ask: Ask, told: Message, signature: bytes = b"") -> Call:
        made = await ask.made(contract, told["contract"])
        return made.call(function, *((told[column],) if whom else ()))

    def slot(told: Message) -> str:
        return f"{told['contract']}/{told.get(column, '')}"

    whose = f" AND f.{column} = %({column})s" if whom else ""
    each = " UNION ALL ".join(
        f"SELECT f.block_number, f.tx_hash, f.log_index, {path} AS path FROM {fact} f"
        f" WHERE f.contract = %(contract)s AND f.block_number > %(since)s{whose}"
        for fact in facts.split()
    )
    return SignedAction(
        name=name,
        title=title,
        contract=contract,
        struct=f"{name}(address contract,uint56 after{f',address {column}' if whom else ''})",
        signer="",
        form=form,
        message=message,
        own=call,
        call=call,
        city=lambda told: None,
        slot=slot,
        trace=f"SELECT block_number, tx_hash, path FROM ({each}) f ORDER BY block_number, log_index LIMIT 1",
        where=lambda told: f"{page}/{told['contract']}",
        consent=False,
    )
