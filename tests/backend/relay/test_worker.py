"""From the queue into the ledger, whatever happens on the way. Numbers are those of docs/invariants.md."""

import asyncio
from collections.abc import Iterator
from itertools import pairwise

import pytest
from eth_account import Account

from backend.chain.contract import Call
from backend.chain.send import Sender
from backend.demo.node import free_port
from backend.relay.follow import Following
from backend.relay.send import Sending
from tests.backend.relay.town import Killed, Town


def kill(*_: object, **__: object) -> None:
    raise Killed


@pytest.fixture
def key(town: Town, request: pytest.FixtureRequest) -> str:
    return town.relayer(request.node.name)


@pytest.fixture
def who(town: Town) -> str:
    """A citizen that no other test has acted for."""
    return town.citizens.pop()


@pytest.fixture
def by_hand(town: Town) -> Iterator[None]:
    """Blocks are made when the test says so."""
    town.chain.call("evm_setAutomine", False)
    yield
    town.chain.call("evm_setAutomine", True)
    town.chain.mine()


def killed_turn(town: Town, key: str, monkeypatch: pytest.MonkeyPatch, where: type, method: str) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(where, method, kill)
        with pytest.raises(Killed):
            town.turn(key)


def test_a_queued_action_is_sent_included_confirmed_and_final(town: Town, who: str, key: str) -> None:
    id = town.redeem(who)
    town.turn(key)
    included = town.action(id)
    assert (included["state"], included["undone"]) == ("included", 0)
    town.index()
    town.turn(key)
    confirmed = town.action(id)
    assert (confirmed["state"], confirmed["tx_hash"]) == ("confirmed", included["tx_hash"])
    assert town.vouchers(who) == 1
    town.chain.mine(70)
    town.index()
    town.turn(key)
    assert town.action(id)["state"] == "final"


def test_r1_killed_before_the_broadcast_the_same_bytes_are_sent(
    town: Town, who: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = town.redeem(who)
    killed_turn(town, key, monkeypatch, Sending, "_send")
    assert town.action(id)["state"] == "sent"
    assert town.vouchers(who) == 0
    town.settle(key)
    ((_, _, tx_hash),) = town.attempts(id)
    action = town.action(id)
    assert (action["state"], action["tx_hash"]) == ("confirmed", "0x" + tx_hash.hex())
    assert town.vouchers(who) == 1


def test_r1_killed_after_the_broadcast_nothing_is_sent_again(
    town: Town, who: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = town.redeem(who)
    killed_turn(town, key, monkeypatch, Following, "turn")
    assert (town.action(id)["state"], town.vouchers(who)) == ("sent", 1)
    town.settle(key)
    assert (town.action(id)["state"], len(town.attempts(id)), town.vouchers(who)) == ("confirmed", 1, 1)


@pytest.mark.parametrize("method", ["_receipts", "_place", "_confirm_sent", "_fail"])
def test_r1_killed_between_inclusion_and_note_it_is_noted_later(
    town: Town, who: str, key: str, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    id = town.redeem(who)
    killed_turn(town, key, monkeypatch, Following, method)
    town.settle(key)
    assert (town.action(id)["state"], len(town.attempts(id)), town.vouchers(who)) == ("confirmed", 1, 1)


def test_r2_workers_of_one_key_and_of_others_share_the_queue(town: Town, key: str) -> None:
    other = town.relayer("of another key")
    people = [town.citizens.pop() for _ in range(4)]
    ids = [town.redeem(who) for who in people]

    async def together() -> None:
        async with town.worker(key) as a, town.worker(key) as b, town.worker(other) as c:
            await asyncio.gather(a.turn(), b.turn(), c.turn())

    asyncio.run(together())
    town.settle(key)
    assert {town.action(id)["state"] for id in ids} == {"confirmed"}
    assert [town.vouchers(who) for who in people] == [1] * 4
    assert sum(len(town.attempts(id)) for id in ids) == 4


def test_r3_an_empty_account_holds_and_a_refill_lets_go(town: Town, who: str) -> None:
    key = town.relayer("empty", 0)
    id = town.redeem(who)
    town.turn(key)
    assert (town.action(id)["state"], town.action(id)["held"]) == ("queued", "funds")
    status = town.client.get("/v1/status").json()["data"]["relay"]
    address = Account.from_key(key).address
    assert {"address": address, "balance": "0", "actions": 0} in [
        {name: account[name] for name in ("address", "balance", "actions")} for account in status["accounts"]
    ]
    assert (status["waiting"], status["oldest_seconds"] >= 0) == (1, True)
    town.relayer("empty")
    town.settle(key)
    assert (town.action(id)["state"], town.action(id)["held"]) == ("confirmed", None)


def test_r3_a_price_over_the_limit_holds(town: Town, who: str, key: str) -> None:
    town.chain.call("anvil_setNextBlockBaseFeePerGas", hex(10**12))
    town.chain.mine()
    id = town.redeem(who)
    town.turn(key)
    assert (town.action(id)["state"], town.action(id)["held"]) == ("queued", "price")
    town.chain.call("anvil_setNextBlockBaseFeePerGas", hex(10**9))
    town.chain.mine()
    town.settle(key)
    assert (town.action(id)["state"], town.action(id)["held"]) == ("confirmed", None)


def test_r3_a_spike_after_sending_is_met_by_a_dearer_transaction(
    town: Town, who: str, key: str, by_hand: None
) -> None:
    id = town.redeem(who)
    town.turn(key)
    town.chain.call("anvil_setNextBlockBaseFeePerGas", hex(50 * 10**9))
    town.chain.mine()
    town.turn(key, relay_patience=1e-9)
    first, second = town.attempts(id)
    assert second[0] == first[0]
    assert second[1] >= 50 * 10**9
    town.chain.call("anvil_setNextBlockBaseFeePerGas", hex(10**9))
    town.chain.mine()
    town.settle(key)
    assert (town.action(id)["state"], town.vouchers(who)) == ("confirmed", 1)


def test_r4_what_is_stuck_is_replaced_with_its_nonce_and_an_eighth_more(
    town: Town, who: str, key: str, by_hand: None
) -> None:
    id = town.redeem(who)
    for _ in range(3):
        town.turn(key, relay_patience=1e-9)
    attempts = town.attempts(id)
    assert len(attempts) >= 3
    assert len({nonce for nonce, _, _ in attempts}) == 1
    assert all(8 * after >= 9 * before for (_, before, _), (_, after, _) in pairwise(attempts))
    town.chain.mine()
    town.settle(key)
    action = town.action(id)
    assert (action["state"], action["tx_hash"]) == ("confirmed", "0x" + attempts[-1][2].hex())
    assert town.vouchers(who) == 1


def test_r4_no_fee_goes_over_the_limit(town: Town, who: str, key: str, by_hand: None) -> None:
    id = town.redeem(who)
    for _ in range(4):
        town.turn(key, relay_patience=1e-9, relay_most_fee=6 * 10**9)
    assert max(fee for _, fee, _ in town.attempts(id)) <= 6 * 10**9
    assert town.action(id)["state"] == "sent"


def test_r5_what_the_node_lost_is_given_to_it_again(town: Town, key: str, by_hand: None) -> None:
    people = [town.citizens.pop() for _ in range(2)]
    ids = [town.redeem(who) for who in people]
    town.turn(key)
    town.chain.call("anvil_dropTransaction", town.action(ids[0])["tx_hash"])
    town.chain.mine()
    assert [town.vouchers(who) for who in people] == [0, 0]
    town.turn(key)
    town.chain.mine()
    town.settle(key)
    assert [town.vouchers(who) for who in people] == [1, 1]
    assert [len(town.attempts(id)) for id in ids] == [1, 1]


def test_r5_an_action_that_expired_before_it_went_out_leaves_no_gap(
    town: Town, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    late, next_ = (town.citizens.pop() for _ in range(2))
    first = town.redeem(late)
    killed_turn(town, key, monkeypatch, Sending, "_send")
    town.network.pass_time(2 * 3600)
    town.index()
    with monkeypatch.context() as patched:
        patched.setattr(Sending, "turn", lambda self: self._look())  # it could not send all that time
        town.turn(key)
    assert town.action(first)["state"] == "expired"
    second = town.redeem(next_)
    town.settle(key)
    assert town.action(second)["state"] == "confirmed"
    assert (town.vouchers(late), town.vouchers(next_)) == (0, 1)


def test_r5_a_nonce_that_others_used_moves_the_action_on(
    town: Town, who: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = town.redeem(who)
    killed_turn(town, key, monkeypatch, Sending, "_send")
    own = Sender(town.chain.rpc, [key])
    own.send(Call(own.addresses[0], b""))
    town.settle(key)
    assert [nonce for nonce, _, _ in sorted(town.attempts(id))] == [0, 1]
    assert (town.action(id)["state"], town.vouchers(who)) == ("confirmed", 1)


def test_r6_a_reorganisation_takes_it_back_and_it_is_sent_again(town: Town, who: str, key: str) -> None:
    id = town.redeem(who)
    before = town.chain.snapshot()
    town.settle(key)
    assert town.action(id)["state"] == "confirmed"
    town.chain.revert(before)
    town.network.pass_time(7)
    town.chain.mine(3)
    assert town.vouchers(who) == 0
    town.index()
    town.settle(key)
    action = town.action(id)
    assert (action["state"], action["undone"], action["reason"]) == ("confirmed", 1, None)
    assert town.vouchers(who) == 1
    assert len(town.attempts(id)) == 1


def relayed_by_another(town: Town, body: dict, **fees: int) -> str:
    """Somebody else sends the call that the signature allows; its hash."""
    message, market = body["message"], town.network.contracts["RewardMarket"]
    call = market.call(
        "redeemBySig",
        message["citizen"],
        int(message["offerId"]),
        int(message["cityId"]),
        bytes.fromhex(message["seal"][2:]),
        int(message["deadline"]),
        bytes.fromhex(body["signature"][2:]),
    )
    stranger = Sender(town.chain.rpc, [town.relayer("stranger")], **fees)
    return stranger.submit([call], gas=500_000)[0]


def test_r7_somebody_else_sends_the_same_signature_first(town: Town, who: str, key: str) -> None:
    body = town.signed(who)
    id = town.submit(body).json()["data"]["id"]
    tx_hash = relayed_by_another(town, body)
    town.turn(key)  # refused by the node, and the ledger does not know why yet
    assert town.action(id)["state"] == "queued"
    town.index()
    town.turn(key)
    action = town.action(id)
    assert (action["state"], action["tx_hash"], town.attempts(id)) == ("confirmed", tx_hash, [])


def test_r7_our_revert_is_no_failure_where_somebody_else_was_first(
    town: Town, who: str, key: str, by_hand: None
) -> None:
    body = town.signed(who)
    id = town.submit(body).json()["data"]["id"]
    town.turn(key)
    tx_hash = relayed_by_another(town, body, tip=50 * 10**9)
    town.chain.mine()
    assert int(town.chain.call("eth_getTransactionReceipt", town.action(id)["tx_hash"])["status"], 16) == 0
    town.turn(key)
    assert town.action(id)["state"] == "included"
    town.index()
    town.turn(key)
    assert (town.action(id)["state"], town.action(id)["tx_hash"]) == ("confirmed", tx_hash)


def test_r8_a_deadline_that_passes_while_it_waits_ends_it(town: Town, who: str) -> None:
    key = town.relayer("never paid", 0)
    id = town.redeem(who)
    town.turn(key)
    town.network.pass_time(2 * 3600)
    town.index()
    town.relayer("never paid")
    town.turn(key)
    assert (town.action(id)["state"], town.action(id)["held"]) == ("expired", None)
    assert (town.attempts(id), town.vouchers(who)) == ([], 0)


def test_r9_what_the_contract_refuses_fails_with_its_reason(town: Town, who: str, key: str) -> None:
    id = town.redeem(who)
    town.network.send("steward 1", "MeritLedger", "setPaused", 1, True)
    try:
        town.turn(key)
        assert town.action(id)["state"] == "queued"
        town.index()
        town.turn(key)
    finally:
        town.network.send("steward 1", "MeritLedger", "setPaused", 1, False)
    action = town.action(id)
    assert (action["state"], action["reason"]["name"]) == ("failed", "MeritLedger_Paused")
    assert action["reason"]["text"]["ru"] != action["reason"]["text"]["en"]


def test_r9_what_fails_in_its_block_says_why(town: Town, who: str, key: str, by_hand: None) -> None:
    id = town.redeem(who)
    town.turn(key)
    steward = Sender(town.chain.rpc, [town.key("steward 1")], tip=50 * 10**9)
    ledger = town.network.contracts["MeritLedger"]
    steward.submit([ledger.call("setPaused", 1, True)], gas=200_000)
    town.chain.mine()
    steward.submit([ledger.call("setPaused", 1, False)], gas=200_000)
    town.chain.mine()
    town.index()
    town.settle(key)
    action = town.action(id)
    assert (action["state"], action["reason"]["name"]) == ("failed", "MeritLedger_Paused")
    assert action["block_number"]


def test_r10_a_lost_node_holds_and_its_return_lets_go(town: Town, who: str, key: str) -> None:
    id = town.redeem(who)

    async def without_node() -> None:
        stop = asyncio.Event()
        async with town.worker(key, rpc_url=f"http://127.0.0.1:{free_port()}") as worker:
            work = asyncio.create_task(worker.run(stop))
            while (await asyncio.to_thread(town.action, id))["held"] != "node":
                await asyncio.sleep(0.02)
            stop.set()
            await work

    asyncio.run(asyncio.wait_for(without_node(), 30))
    assert town.action(id)["state"] == "queued"
    town.settle(key)
    assert (town.action(id)["state"], town.action(id)["held"]) == ("confirmed", None)


def test_the_worker_wakes_by_itself(town: Town, who: str, key: str) -> None:
    """No turn is asked for: the queue, the ledger and new blocks wake it."""

    async def alive() -> str:
        stop = asyncio.Event()
        async with town.worker(key) as worker:
            work = asyncio.create_task(worker.run(stop))
            await asyncio.sleep(0.2)
            id = await asyncio.to_thread(town.redeem, who)
            while (await asyncio.to_thread(town.action, id))["state"] != "included":
                await asyncio.sleep(0.02)
            await asyncio.to_thread(town.index)
            while (await asyncio.to_thread(town.action, id))["state"] != "confirmed":
                await asyncio.sleep(0.02)
            stop.set()
            await work
        return id

    assert town.action(asyncio.run(asyncio.wait_for(alive(), 30)))["undone"] == 0
