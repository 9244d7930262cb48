"""Every action of merits, by real keys on a real chain, found in the ledger afterwards."""

import inspect
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from eth_utils import keccak

from backend.chain.contract import Reverted
from backend.content import queries as contents
from backend.domains import actions
from backend.errors import Problem
from backend.kit.moment import Moment
from backend.merits import accounts, domain, epochs
from backend.merits.actions.offers import OfferForm
from backend.merits.schemas import Balance
from backend.migrations import upgrade
from tests.backend.acting import Acting
from tests.backend.network import DAY, PERIOD, Network

CODE = keccak(text="a code that only the citizen knows")
SEAL = keccak(CODE)
PRICE = 30


@pytest.fixture(scope="module")
def acting(anvil, database: str) -> Iterator[Acting]:
    network = Network(anvil)
    network.settle(network.open_city("geonames:1"), citizens=8)
    network.publish(1, price=PRICE, stock=50)
    network.index(database)
    upgrade(database)
    return Acting(network, database)


@pytest.fixture
def back(acting: Acting) -> Iterator[None]:
    """What a test does to the chain's time is undone."""
    before = acting.network.chain.snapshot()
    yield
    acting.network.chain.revert(before)
    acting.network.sender.forget()


def hex_(data: bytes) -> str:
    return "0x" + data.hex()


def citizen(number: int) -> str:
    return f"citizen 1.{number}"


# --------------------------------------------------------- redeem and fulfil


def redeem(acting: Acting, who: str, code: bytes = CODE) -> int:
    """By signature; the voucher's number."""
    message = acting.message(who, "redeem", offer_id=1, city_id=1, seal=hex_(keccak(code)))
    assert acting.trace("redeem", message) == []
    receipt = acting.relay(who, "redeem", message, acting.sign(who, "redeem", message))
    ((block, tx_hash, path),) = acting.trace("redeem", message)
    assert (block, hex_(tx_hash)) == (receipt.block, receipt.tx_hash)
    return int(path.removeprefix("vouchers/"))


def balance(acting: Acting, who: str) -> Balance:
    wallet = bytes.fromhex(acting.network.wallet(who)[2:])
    (found,) = acting.ledger(lambda conn, moment: accounts.balances(conn, moment, wallet))
    return found


def waiting(acting: Acting, who: str) -> list[int]:
    """Numbers of the epochs with an award that waits."""
    wallet = bytes.fromhex(acting.network.wallet(who)[2:])
    return [leaf.epoch_id for leaf in acting.ledger(lambda c, m: epochs.claimable(c, m, wallet))]


def open_epoch(acting: Acting, **times: int) -> int:
    """An epoch of ten merits an act, its list kept."""
    epoch = acting.network.open_epoch(1, {citizen(int(n[1:])): t for n, t in times.items()})
    tree = acting.network.epochs[1, epoch]
    acting.ledger(lambda conn, _: epochs.store_epoch(conn, tree))
    acting.network.pass_time(DAY)
    return epoch


def test_a_citizen_redeems_by_signature_and_the_business_fulfils(acting: Acting) -> None:
    acting.network.award(1, [citizen(0)])
    voucher = redeem(acting, citizen(0))
    acting.send("partner 1", "fulfil", voucher_id=voucher, code=hex_(CODE))
    (fact,) = acting.rows("SELECT * FROM voucher_fulfilled WHERE voucher_id = %(voucher)s", voucher=voucher)
    assert fact["offer_id"] == 1


def test_of_two_redemptions_with_one_seal_each_signature_is_traced_to_its_own(acting: Acting) -> None:
    acting.network.award(1, [citizen(1), citizen(1)])
    assert redeem(acting, citizen(1)) + 1 == redeem(acting, citizen(1))


def test_a_wrong_code_is_refused(acting: Acting) -> None:
    acting.network.award(1, [citizen(2)])
    voucher = redeem(acting, citizen(2))
    with pytest.raises(Reverted, match="RewardMarket_WrongCode"):
        acting.send("partner 1", "fulfil", voucher_id=voucher, code=hex_(SEAL))


def test_a_voucher_that_nobody_opened_cannot_be_fulfilled(acting: Acting) -> None:
    with pytest.raises(Problem) as caught:
        acting.send("partner 1", "fulfil", voucher_id=1 << 24 | 99, code=hex_(CODE))
    assert (caught.value.status, caught.value.errors[0][0]) == (404, "voucher_id")


# -------------------------------------------------- awards that wait (0072)


def test_awards_that_wait_are_claimed_where_the_balance_does_not_suffice(acting: Acting, back: None) -> None:
    first, second, third = (open_epoch(acting, c3=2) for _ in range(3))
    assert waiting(acting, citizen(3)) == [first, second, third]
    redeem(acting, citizen(3))
    assert waiting(acting, citizen(3)) == [third]
    assert balance(acting, citizen(3)).held == 40 - PRICE


def test_awards_wait_on_where_the_balance_suffices(acting: Acting, back: None) -> None:
    epoch = open_epoch(acting, c3=5)
    acting.network.award(1, [citizen(3)])
    redeem(acting, citizen(3))
    assert waiting(acting, citizen(3)) == [epoch]


def test_awards_that_end_first_are_spent_before_merits_that_last(acting: Acting, back: None) -> None:
    ending = open_epoch(acting, c3=4)
    acting.network.pass_time(PERIOD)
    lasting = open_epoch(acting, c3=4)
    acting.network.award(1, [citizen(3)])
    redeem(acting, citizen(3))
    assert waiting(acting, citizen(3)) == [lasting] != [ending]
    assert [expiry.merits for expiry in balance(acting, citizen(3)).expires] == [40 - PRICE, 40]


def test_an_award_that_cannot_be_claimed_does_not_stand_in_the_way(acting: Acting, back: None) -> None:
    network = acting.network
    made = epochs.tree([epochs.Award(bytes.fromhex(network.wallet(citizen(3))[2:]), 9, SEAL)])
    acting.ledger(lambda conn, _: epochs.store_epoch(conn, made))
    day = network.time // DAY - 1
    network.send(
        "verifier 1", "MeritLedger", "openEpoch", 1, 2, 3, day, day, made.root, keccak(made.content)
    )  # three acts are declared, the list has nine
    network.pass_time(DAY)
    good = open_epoch(acting, c3=4)
    assert len(waiting(acting, citizen(3))) == 2
    redeem(acting, citizen(3))
    assert good not in waiting(acting, citizen(3))


def test_too_few_merits_are_said_with_what_could_be_claimed(acting: Acting, back: None) -> None:
    open_epoch(acting, c3=2)
    with pytest.raises(Reverted) as caught:
        acting.message(citizen(3), "redeem", offer_id=1, city_id=1, seal=hex_(SEAL))
    assert caught.value.name == "MeritLedger_TooFewMerits"
    assert (caught.value.values["held"], caught.value.values["asked"]) == (20, PRICE)


# ------------------------------------------ what anybody does for a citizen


def test_anybody_has_the_merits_of_an_expired_voucher_given_back(acting: Acting, back: None) -> None:
    acting.network.award(1, [citizen(0)])
    voucher = redeem(acting, citizen(0))
    held = balance(acting, citizen(0)).held
    message = acting.message("somebody", "refund", voucher_id=voucher)
    with pytest.raises(Reverted, match="RewardMarket_VoucherRunning"):
        acting.relay("somebody", "refund", message)
    acting.network.pass_time(DAY)
    receipt = acting.relay("somebody", "refund", message)
    ((block, _, path),) = acting.trace("refund", message)
    assert (block, path) == (receipt.block, f"vouchers/{voucher}")
    assert balance(acting, citizen(0)).held == held + PRICE


def test_an_award_of_a_wallet_that_was_lost_is_collected_for_its_successor(
    acting: Acting, back: None
) -> None:
    epoch = open_epoch(acting, c4=3)
    acting.network.recover(1, citizen(4), "a new wallet")
    message = acting.message("a new wallet", "claim", city_id=1, epoch_id=epoch)
    receipt = acting.relay("a new wallet", "claim", message)
    ((block, _, _),) = acting.trace("claim", message)
    assert block == receipt.block
    assert waiting(acting, "a new wallet") == []
    with pytest.raises(Problem, match="no such award"):
        acting.relay("a new wallet", "claim", message)


# -------------------------------------------------------------------- offers


def text(acting: Acting, hash: bytes) -> str:
    """The document that is kept under a hash."""
    found = acting.ledger(lambda conn, _: contents.stored(conn, hash))
    return found.body.decode() if found and found.body else ""


def offer(acting: Acting, **more: Any) -> int:
    fields = {"city_id": 1, "price": 7, "stock": 3, "closes": 2**39, "term": DAY, "title.ru": "Кофе"} | more
    acting.send("partner 1", "publish_offer", **fields)
    return acting.network.read("RewardMarket", "offerCount")


def test_an_offer_is_published_with_its_terms_and_closed(acting: Acting) -> None:
    number = offer(acting, **{"title.en": "Coffee", "limit": "2"})
    sql = "SELECT * FROM offer_published WHERE offer_id = %(offer)s"
    (fact,) = acting.rows(sql, offer=number)
    assert (fact["price"], fact["stock"], fact["limit"], fact["term"]) == (7, 3, 2, DAY)
    assert abs(fact["opens"] - acting.network.time) < 60
    assert "Coffee" in text(acting, fact["terms"])

    acting.send("partner 1", "close_offer", offer_id=number)
    assert acting.rows("SELECT * FROM offer_closed WHERE offer_id = %(offer)s", offer=number)


def test_a_business_draws_what_it_earned(acting: Acting) -> None:
    network, token = acting.network, acting.network.token()
    number = offer(acting, price=1, token=token, per_voucher="5")
    network.send("operator", "TestToken", "mint", network.wallet("sponsor"), 50)
    network.send("sponsor", "TestToken", "approve", network.contracts["RewardMarket"].address, 50)
    network.send("sponsor", "RewardMarket", "fund", number, 50)
    network.award(1, [citizen(4)])
    voucher = network.redeem(citizen(4), number, 1)
    acting.send("partner 1", "fulfil", voucher_id=voucher, code=hex_(network.codes[voucher]))

    acting.send("partner 1", "withdraw", token=token)
    assert acting.rows('SELECT amount, partner = "to" AS own FROM withdrawn') == [{"amount": 5, "own": True}]


# -------------------------------------------------------------------- awards


def test_an_act_is_awarded_with_its_evidence(acting: Acting) -> None:
    person = acting.network.wallet(citizen(5))
    acting.send("verifier 1", "award", city_id=1, kind_id=1, citizen=person, evidence="Посадил дерево")
    (fact,) = acting.rows(
        "SELECT * FROM awarded JOIN batch_awarded USING (batch_id) WHERE citizen = %(person)s",
        person=bytes.fromhex(person[2:]),
    )
    assert (fact["points"], fact["kind_id"]) == (40, 1)
    assert "Посадил дерево" in text(acting, fact["evidence"])


def test_many_are_awarded_and_one_award_of_them_is_reversed(acting: Acting) -> None:
    people = [acting.network.wallet(citizen(n)) for n in (5, 6, 5)]
    (sent,) = acting.send(
        "verifier 1", "award_batch", city_id=1, kind_id=2, citizens=people, evidence="Список"
    )
    (batch,) = acting.rows("SELECT * FROM batch_awarded WHERE block_number = %(block)s", block=sent.block)
    assert batch["count"] == 3

    undo = {"city_id": 1, "batch_id": hex_(batch["batch_id"]), "citizen": people[0], "reason": "Ошибка"}
    for _ in range(2):
        acting.send("moderator 1", "reverse_award", **undo)
    with pytest.raises(Reverted, match="MeritLedger_AlreadyReversed"):
        acting.send("moderator 1", "reverse_award", **undo)
    facts = acting.rows("SELECT * FROM award_reversed WHERE source = %(batch)s", batch=batch["batch_id"])
    assert [(fact["points"], fact["taken"]) for fact in facts] == [(10, 10)] * 2
    assert "Ошибка" in text(acting, facts[0]["reason"])


@pytest.mark.parametrize(
    ("batch", "person", "field"), [(SEAL, 5, "batch_id"), (None, 7, "citizen")], ids=["batch", "citizen"]
)
def test_what_was_not_awarded_cannot_be_reversed(
    acting: Acting, batch: bytes | None, person: int, field: str
) -> None:
    acting.network.award(1, [citizen(6)])
    (known, *_) = acting.rows("SELECT batch_id FROM batch_awarded ORDER BY block_number DESC LIMIT 1")
    with pytest.raises(Problem) as caught:
        acting.send(
            "moderator 1", "reverse_award", city_id=1, batch_id=hex_(batch or known["batch_id"]),
            citizen=acting.network.wallet(citizen(person)), reason="Ошибка",
        )  # fmt: skip
    assert caught.value.errors[0][0] == field


def test_an_epoch_is_opened_its_awards_are_claimable_and_it_is_stopped(acting: Acting, back: None) -> None:
    network = acting.network
    network.pass_time(3 * DAY)
    day = network.time // DAY - 1
    people = [{"citizen": network.wallet(citizen(n)), "times": n} for n in (6, 7)]
    fields = {"city_id": 1, "kind_id": 1, "first_day": day, "last_day": day, "awards": people}
    acting.send("verifier 1", "open_epoch", evidence="Журнал дежурств", **fields)
    (fact,) = acting.rows("SELECT * FROM epoch_opened ORDER BY block_number DESC LIMIT 1")
    assert (fact["acts"], fact["first_day"]) == (13, day)
    wallet = bytes.fromhex(network.wallet(citizen(7))[2:])
    (leaf,) = acting.ledger(lambda conn, moment: epochs.claimable(conn, moment, wallet))
    assert (leaf.epoch_id, leaf.times, leaf.points) == (fact["epoch_id"], 7, 280)
    assert "Журнал дежурств" in text(acting, bytes.fromhex(leaf.evidence[2:]))

    acting.send("moderator 1", "cancel_epoch", city_id=1, epoch_id=fact["epoch_id"], reason="Не тот день")
    (stopped,) = acting.rows("SELECT * FROM epoch_cancelled")
    assert "Не тот день" in text(acting, stopped["reason"])
    assert waiting(acting, citizen(7)) == []


def test_nothing_is_kept_of_what_no_fact_names(acting: Acting) -> None:
    form = OfferForm(city_id=1, price=1, stock=1, closes=2**39, term=1, title="Nobody published this")

    async def keep(conn: Any, moment: Moment) -> None:
        await actions()["publish_offer"].keep(conn, moment, form)

    acting.ledger(keep)
    assert text(acting, form.document[0]) == ""


# --------------------------------------------------------------------- rules


def test_an_act_kind_is_published_repriced_and_withdrawn(acting: Acting) -> None:
    kind = {"city_id": 1, "kind_id": 9}
    acting.send("steward 1", "publish_kind", points=15, **{"title.ru": "Донор", "title.en": "Donor"}, **kind)
    acting.send("steward 1", "publish_kind", points=0, **kind)
    facts = acting.rows("SELECT * FROM kind_published WHERE kind_id = 9 ORDER BY block_number")
    assert [fact["points"] for fact in facts] == [15, 0]
    assert facts[0]["content"] == facts[1]["content"]
    assert "Donor" in text(acting, facts[0]["content"])


def test_a_new_act_kind_needs_a_title(acting: Acting) -> None:
    with pytest.raises(Problem) as caught:
        acting.send("steward 1", "publish_kind", city_id=1, kind_id=77, points=1)
    assert caught.value.errors[0][0] == "title"


def test_the_steward_sets_cap_budget_and_pause(acting: Acting, back: None) -> None:
    verifier = acting.network.wallet("verifier 1")
    acting.send("steward 1", "set_cap", city_id=1, daily_cap=321)
    acting.send("steward 1", "set_budget", city_id=1, verifier=verifier, per_period=4321)
    acting.send("steward 1", "set_paused", city_id=1, paused="on")
    (rules,) = acting.rows("SELECT * FROM merit_rules WHERE city_id = 1")
    assert (rules["daily_cap"], rules["pauses"]) == (321, 1)
    assert acting.rows("SELECT per_period FROM verifier_budget WHERE city_id = 1") == [{"per_period": 4321}]


def test_every_action_of_merits_is_tried_here() -> None:
    """But for those that send a part of a list: tests/backend/cities/test_desk.py."""
    tried = inspect.getsource(sys.modules[__name__])
    own = [action.name for action in domain.DOMAIN.actions if not action.name.startswith("send_")]
    assert [name for name in own if f'"{name}"' not in tried] == []
