"""Sending a draft of registrations, one transaction after the other."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from backend.chain.contract import Call
from backend.cities import drafts, registering
from backend.cities.actions import CityForm
from backend.cities.drafts import Draft, Landed
from backend.errors import Problem
from backend.kit.texts import N_
from backend.relay.action import Ask, SentAction


class PartForm(CityForm):
    """One transaction of a draft: `part` counts from 0."""

    draft_id: Annotated[int, Field(ge=1, le=2**63 - 1)]
    part: Annotated[int, Field(ge=0, le=2**31 - 1)]


def page(form: PartForm) -> str:
    """The page of a draft's list."""
    return f"cities/{form.city_id}/desk/lists/{form.draft_id}"


async def unsent(ask: Ask, form: PartForm, draft: Draft, landed: Sequence[Landed]) -> dict[str, Any]:
    """What a part says that is not in the ledger yet. Raises Problem: 404, 409 where it is."""
    if any(done.part == form.part for done in landed):
        raise Problem(409, "This part of the list is in the ledger already.", [("part", "is sent already")])
    return await drafts.part(ask.conn, draft.draft_id, form.part)


async def _registrations(ask: Ask, form: PartForm) -> Sequence[Call]:
    draft = await drafts.mine(ask.conn, ask.account, form.city_id, form.draft_id, registering.KIND)
    body = await unsent(ask, form, draft, await registering.landed(ask.conn, ask.moment, draft))
    rows = [(wallet, bytes.fromhex(nullifier[2:])) for wallet, nullifier, _ in body["rows"]]
    return [ask.chain["CityRegistry"].call("registerCitizens", form.city_id, rows)]


ACTIONS = (
    SentAction("send_registrations", N_("Register a list of citizens"), PartForm, _registrations, page),
)
