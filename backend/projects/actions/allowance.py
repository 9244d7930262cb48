"""Taking a token from who acts: by the allowance that is there, by their permit (ERC-2612), or by an approval
in a transaction of its own.
"""

from collections.abc import Sequence

from backend.chain.contract import Call, Reverted
from backend.kit.forms import Form
from backend.projects.actions.forms import Sum, Time
from backend.relay import permit as permits
from backend.relay.action import Ask
from backend.relay.permit import Parts, Permission, PermitIn

TERM = 3600
"""Seconds for which a permit is good."""


class Paying(Form):
    """`permit`: the token's permit, signed; `0x` to do without. `permit_deadline`: until when it is good,
    seconds since 1970.
    """

    amount: Sum
    permit: PermitIn | None = None
    permit_deadline: Time = 0

    @property
    def parts(self) -> Parts:
        """The permit as contracts take it."""
        return permits.parts(self.permit or b"", self.amount, self.permit_deadline)


async def allowed(ask: Ask, token: str, spender: str, amount: int) -> bool:
    """Whether `spender` may take the amount already. Raises Reverted where the account does not have it."""
    money = permits.token(token)
    balance, allowance = await ask.chain.read_all(
        [money.call("balanceOf", ask.address), money.call("allowance", ask.address, spender)]
    )
    if balance < amount:
        short = {"sender": ask.address, "balance": balance, "needed": amount}
        raise Reverted("ERC20InsufficientBalance", short)
    return allowance >= amount


async def tried(ask: Ask, call: Call) -> None:
    """Raises Reverted where the ledger refuses a call, whatever the token says that may not be taken from
    yet.
    """
    try:
        await ask.chain.read(call, ask.address)
    except Reverted as refused:
        if "_" in refused.name:  # as the errors of our contracts are named, and no token's
            raise


async def permission(ask: Ask, token: str, spender: str, amount: int) -> Permission | None:
    """The permit that the account signs, None where the token has none."""
    return await permits.asked(ask.chain, token, ask.address, spender, amount, ask.now + TERM)


async def approved(ask: Ask, token: str, call: Call, amount: int) -> Sequence[Call]:
    """A call that takes from the account, after an approval where it needs one.

    Tried first: where the ledger refuses it, there may be no such token to ask.
    """
    spender = call.to or ""
    await tried(ask, call)
    if await allowed(ask, token, spender, amount):
        return [call]
    return [permits.token(token).call("approve", spender, amount), call]
