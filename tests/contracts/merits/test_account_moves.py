"""followRecovery, spend, giveBack: what the registry and the market do to accounts, and nobody else."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import DAY, h


def test_recovery_moves_the_whole_account(w):
    number, tree = w.open_epoch([(w.citizen, 2, h("a"))])
    w.ledger.claim(w.citizen, w.leaf(number, tree, 0), by=w.citizen)
    w.to_period(w.period + 1)
    w.earn(w.citizen, 50)
    before = w.ledger.accountOf(w.city, w.citizen)
    tx = w.recover(w.citizen, w.new_wallet)
    tx.shows(
        "AccountMoved",
        cityId=w.city,
        oldWallet=w.citizen,
        newWallet=w.new_wallet,
        current=50,
        previous=20,
        lifetime=70,
        period=w.period,
    )
    assert w.ledger.accountOf(w.city, w.new_wallet) == before
    assert set(w.ledger.accountOf(w.city, w.citizen).values()) == {0}
    assert w.merits(w.citizen) == (0, 0, 0)
    assert w.merits(w.new_wallet) == (20, 50, 70)


def test_recovery_moves_merits_as_they_stand_in_its_period(w):
    w.earn(w.citizen, 50)
    w.to_period(w.period + 1, -DAY)
    event = w.recover(w.citizen, w.new_wallet).one("AccountMoved")
    assert (event.current, event.previous, event.period) == (0, 50, w.period)


def test_recovery_moves_the_days_earnings_so_that_the_cap_holds(w):
    w.registry.proposeRecovery(w.city, w.citizen, w.new_wallet, h("seen"), by=w.verifier)
    w.node.travel(w.recovery_delay)
    w.earn(w.citizen, w.cap)
    w.registry.executeRecovery(w.city, w.citizen, by=w.stranger)
    with reverts("MeritLedger_CapExceeded", w.city, w.new_wallet, 0, 10):
        w.earn(w.new_wallet, 10)


def test_recovery_of_a_citizen_without_merits_moves_nothing(w):
    tx = w.recover(w.citizen, w.new_wallet)
    assert tx.all("AccountMoved") == []
    assert w.merits(w.new_wallet) == (0, 0, 0)


def test_recovery_in_one_city_leaves_the_account_in_another(w):
    w.earn(w.citizen, 30, city=w.other_city)
    w.recover(w.citizen, w.new_wallet)
    assert w.merits(w.citizen, w.other_city) == (0, 30, 30)


def test_recovery_chain_carries_all_to_the_last_wallet(w):
    w.earn(w.citizen, 50)
    w.recover(w.citizen, w.new_wallet)
    w.recover(w.new_wallet, w.newer_wallet)
    assert w.merits(w.newer_wallet) == (0, 50, 50)
    assert w.merits(w.new_wallet) == w.merits(w.citizen) == (0, 0, 0)


def test_new_wallet_spends_what_the_old_one_earned_and_the_old_one_cannot(w):
    w.earn(w.citizen, 50)
    offer = w.publish()
    w.recover(w.citizen, w.new_wallet)
    with reverts("MeritLedger_TooFewMerits", w.city, w.citizen, 0, 30):
        w.redeem(offer, w.citizen)
    w.redeem(offer, w.new_wallet)
    assert w.merits(w.new_wallet) == (0, 20, 50)


@pytest.mark.parametrize("who", ["operator", "steward", "verifier", "citizen"])
def test_follow_recovery_reverts_when_not_the_registry(w, who):
    caller = getattr(w, who)
    with reverts("MeritLedger_OnlyRegistry", caller):
        w.ledger.followRecovery(w.city, w.citizen, w.new_wallet, by=caller)


@pytest.mark.parametrize("who", ["operator", "steward", "verifier", "citizen"])
def test_spend_and_give_back_revert_when_not_the_market(w, who):
    caller = getattr(w, who)
    with reverts("MeritLedger_OnlyMarket", caller):
        w.ledger.spend(w.city, w.citizen, 1, by=caller)
    with reverts("MeritLedger_OnlyMarket", caller):
        w.ledger.giveBack(w.city, w.citizen, 1, 1, w.period, by=caller)


def test_spend_answers_what_was_taken_from_which_period(w):
    w.earn(w.citizen, 40)
    w.to_period(w.period + 1)
    w.earn(w.citizen, 50)
    with w.acting_as(w.market.address) as market:
        taken = w.ledger.spend.call(w.city, w.citizen, 60, by=market)
        assert taken == (40, 20, w.period) or tuple(taken.values()) == (40, 20, w.period)
        with reverts("MeritLedger_TooFewMerits", w.city, w.citizen, 90, 91):
            w.ledger.spend.call(w.city, w.citizen, 91, by=market)


def test_account_reverts_when_a_field_would_overflow(w):
    """Merits held fit 32 bits. More than that is refused, not wrapped."""
    with w.acting_as(w.market.address) as market:
        w.ledger.giveBack(w.city, w.citizen, 0, 2**32 - 1, w.period, by=market)
        assert w.merits(w.citizen)[1] == 2**32 - 1
        with reverts("MeritLedger_Overflow", w.city, w.citizen):
            w.ledger.giveBack(w.city, w.citizen, 0, 1, w.period, by=market)
    with reverts("MeritLedger_Overflow", w.city, w.citizen):
        w.earn(w.citizen, 10)


@pytest.mark.parametrize("terms", ["registry", "market", "length"])
def test_ledger_reverts_when_made_with_terms_that_make_no_sense(w, terms):
    right = [w.manager.address, w.registry.address, w.market.address, w.origin, w.length]
    place, wrong = {"registry": (1, ZERO), "market": (2, ZERO), "length": (4, DAY - 1)}[terms]
    right[place] = wrong
    with reverts("MeritLedger_BadTerms"):
        w.mock("MeritLedger", *right)


def test_ledger_knows_its_registry_and_market(w):
    assert w.ledger.registry() == w.registry.address
    assert w.ledger.market() == w.market.address
    assert w.registry.recoveryDelay() == w.recovery_delay


def test_opening_events_say_the_terms_of_the_network(w):
    logs = w.node.request("eth_getLogs", {"fromBlock": hex(w.first_block), "toBlock": hex(w.first_block + 4)})
    events = [event for log in logs if (event := w.book.event(log))]
    assert ("RegistryOpened", {"recoveryDelay": w.recovery_delay}) in events
    assert ("LedgerOpened", {"origin": w.origin, "periodLength": w.length}) in events
