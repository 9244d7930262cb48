"""What the forms of funds are made of."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from pydantic import Field

from backend.chain.contract import Call, Contract
from backend.kit.forms import Form
from backend.kit.types import AddressIn, checksum
from backend.projects.actions.allowance import allowed, approved, permission, tried
from backend.projects.actions.forms import Document, Time, keeping
from backend.relay import permit as permits
from backend.relay.action import Ask, SentAction
from backend.relay.permit import Parts, Permission, PermitIn

Most = Annotated[int, Field(ge=0, le=2**96 - 1)]
"""Base units of a token, none at all too."""


class FundForm(Form):
    fund: AddressIn


class PermitForm(FundForm):
    """`most`: base units of the fund's token that may be taken from the account now; what it costs unless
    given. `permit`: the token's permit over it, signed; `0x` to do without. `permit_deadline`: until when it
    is good, seconds since 1970.
    """

    most: Most | None = None
    permit: PermitIn | None = None
    permit_deadline: Time = 0


F = TypeVar("F", bound=FundForm)

Costs = Callable[[Ask, Contract, F], Awaitable[tuple[F, int]]]
"""Of a form: the same with nothing left open, and what it takes from the account at most, base units."""


async def fund_of(ask: Ask, form: FundForm) -> Contract:
    """The fund that a form names. Raises Problem (422) where there is none."""
    return await ask.made("FundAvatar", form.fund, "fund")


def page_of_fund(form: FundForm) -> str:
    return f"funds/{checksum(form.fund)}"


def on_fund(
    name: str,
    title: str,
    form: type[FundForm],
    call: Callable[[Any, Ask], tuple[Any, ...]],
    *documents: Callable[[Any], Document | None],
) -> SentAction:
    """One transaction to a fund. `call` gives the function and its arguments, `documents` what it names."""

    async def calls(ask: Ask, filled: Any) -> Sequence[Call]:
        return [(await fund_of(ask, filled)).call(*call(filled, ask))]

    kept = keeping(*documents) if documents else None
    return SentAction(name, title, form, calls, page_of_fund, kept)


def taking(
    name: str, title: str, form: type[F], costs: Costs[F], call: Callable[[Ask, Contract, F], Call]
) -> SentAction:
    """Something that takes the fund's token from the account, after an approval where it needs one."""

    async def calls(ask: Ask, filled: F) -> Sequence[Call]:
        fund = await fund_of(ask, filled)
        settled, cost = await costs(ask, fund, filled)
        return await _after_approval(ask, fund, call(ask, fund, settled), cost)

    return SentAction(name, title, form, calls, page_of_fund)


def by_permit(
    name: str,
    title: str,
    form: type[PermitForm],
    costs: Costs[Any],
    call: Callable[[Ask, Contract, Any, Parts | None], Call],
) -> SentAction:
    """As `taking`, with the account's permit where the token has one. `call` gets it."""

    async def permitted(ask: Ask, filled: PermitForm) -> Permission | None:
        """Asked for once it is sure that nothing else stands against it."""
        if filled.permit is not None:
            return None
        fund = await fund_of(ask, filled)
        settled, cost = await costs(ask, fund, filled)
        token, spender = await ask.chain.read(fund.call("token")), fund.address or ""
        if not cost or await allowed(ask, token, spender, cost):
            return None
        await tried(ask, call(ask, fund, settled, None))
        found = await permission(ask, token, spender, cost)
        return found and replace(found, fields=_left_open(filled, settled))

    async def calls(ask: Ask, filled: PermitForm) -> Sequence[Call]:
        fund = await fund_of(ask, filled)
        settled, cost = await costs(ask, fund, filled)
        if filled.permit:
            return [call(ask, fund, settled, permits.parts(filled.permit, cost, filled.permit_deadline))]
        return await _after_approval(ask, fund, call(ask, fund, settled, None), cost)

    return SentAction(name, title, form, calls, page_of_fund, permit=permitted)


async def _after_approval(ask: Ask, fund: Contract, call: Call, cost: int) -> Sequence[Call]:
    if not cost:
        return [call]
    return await approved(ask, await ask.chain.read(fund.call("token")), call, cost)


def _left_open(filled: Form, settled: Form) -> dict[str, Any]:
    """What a form did not say and its settled twin does, as clients send it."""
    return {
        name: str(value) for name, value in settled if value is not None and getattr(filled, name) is None
    }
