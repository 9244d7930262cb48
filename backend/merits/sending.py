"""Sending a draft of awards, one transaction after the other, or of an epoch."""

import asyncio
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from backend.chain.contract import Call
from backend.cities import drafts
from backend.cities.sending import PartForm, page, unsent
from backend.content import queries as contents
from backend.content import service as content
from backend.errors import Problem
from backend.kit.hashing import keccak
from backend.kit.moment import Moment
from backend.kit.texts import N_
from backend.merits import epochs, lists
from backend.relay.action import Ask, SentAction


async def _awards(ask: Ask, form: PartForm) -> Sequence[Call]:
    """A batch that may be on chain and is not indexed yet cannot be told from one that was never sent, and
    nothing in the contract keeps the same batch from being awarded twice: so as long as the contract knows of
    more batches than the ledger, nothing is sent.
    """
    ledger = ask.chain["MeritLedger"]
    draft = await drafts.mine(ask.conn, ask.account, form.city_id, form.draft_id, lists.AWARDS)
    body = await unsent(ask, form, draft, await lists.landed(ask.conn, ask.moment, draft))
    known = await lists.batches_known(ask.conn, ask.moment, form.city_id, ask.account)
    budget = await ask.chain.read(ledger.call("budgetOf", form.city_id, ask.address))
    if budget[3] != known:
        detail = "Awards of yours are on their way into the ledger. Try again in a moment."
        raise Problem(409, detail, headers={"Retry-After": "2"})
    evidence = bytes.fromhex(body["evidence"][2:])
    citizens = [citizen for citizen, _ in body["rows"]]
    return [ledger.call("awardBatch", form.city_id, body["kind"], evidence, citizens)]


async def _keep_evidence(conn: AsyncConnection, moment: Moment, form: PartForm) -> None:
    document = (await drafts.part(conn, form.draft_id, form.part))["document"]
    if document is not None:
        await content.keep(conn, [document.encode()], moment.number)


async def _epoch(ask: Ask, form: PartForm) -> Sequence[Call]:
    """The leaves are kept before the epoch is opened: without them nobody could claim."""
    draft = await drafts.mine(ask.conn, ask.account, form.city_id, form.draft_id, lists.EPOCH)
    body = await unsent(ask, form, draft, await lists.landed(ask.conn, ask.moment, draft))
    made = await asyncio.to_thread(lists.tree_of, body["rows"])
    await epochs.store_epoch(ask.conn, made)
    return [
        ask.chain["MeritLedger"].call(
            "openEpoch", form.city_id, body["kind"], made.acts, *body["days"], made.root, keccak(made.content)
        )
    ]


async def _keep_epoch(conn: AsyncConnection, moment: Moment, form: PartForm) -> None:
    """A fact names the list, and the list names the evidence."""
    body = await drafts.part(conn, form.draft_id, form.part)
    made = await asyncio.to_thread(lists.tree_of, body["rows"])
    if await contents.named(conn, [keccak(made.content)], moment.number):
        await epochs.store_epoch(conn, made)
        await content.store_all(conn, [document.encode() for document in body["documents"]])


ACTIONS = (
    SentAction("send_awards", N_("Award a list"), PartForm, _awards, page, _keep_evidence),
    SentAction("send_epoch", N_("Open an epoch from a list"), PartForm, _epoch, page, _keep_epoch),
)
