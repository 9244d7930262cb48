"""fund, reclaim, withdraw: a sponsor's money pays businesses, and nobody draws what is not theirs."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import CODE, DAY

PER_VOUCHER = 100


@pytest.fixture
def token(w):
    w.earn(w.citizen, 100)
    return w.money(w.sponsor, 1_000)


@pytest.fixture
def offer(w, token):
    """An offer whose business gets 100 of the token a voucher."""
    return w.publish(price=10, stock=9, limit=0, token=token.address, perVoucher=PER_VOUCHER)


def fulfilled(w, offer, times=1):
    """The reimbursements of vouchers redeemed and fulfilled."""
    vouchers = [w.redeem(offer, w.citizen) for _ in range(times)]
    done = [w.market.fulfil(voucher, CODE, by=w.partner) for voucher in vouchers]
    return [tx.one("VoucherFulfilled").reimbursed for tx in done]


# ------------------------------------------------------------------------- fund


def test_fund_makes_the_first_to_pay_the_sponsor(w, token, offer):
    tx = w.market.fund(offer, 300, by=w.sponsor)
    tx.shows("PoolFunded", offerId=offer, sponsor=w.sponsor, amount=300)
    assert w.market.poolOf(offer) == {
        "token": token.address,
        "sponsor": w.sponsor,
        "perVoucher": PER_VOUCHER,
        "balance": 300,
    }
    assert token.balanceOf(w.market.address) == 300


def test_fund_again_adds_to_the_pool(w, token, offer):
    w.market.fund(offer, 300, by=w.sponsor)
    w.market.fund(offer, 200, by=w.sponsor)
    assert w.market.poolOf(offer).balance == token.balanceOf(w.market.address) == 500


def test_fund_reverts_when_the_pool_is_anothers(w, token, offer):
    w.market.fund(offer, 300, by=w.sponsor)
    token.mint(w.other_sponsor, 300, by=w.deployer)
    token.approve(w.market.address, 300, by=w.other_sponsor)
    with reverts("RewardMarket_NoPool", offer, w.other_sponsor):
        w.market.fund(offer, 300, by=w.other_sponsor)


def test_fund_reverts_when_the_offer_has_no_pool(w, token):
    offer = w.publish()
    with reverts("RewardMarket_NoPool", offer, w.sponsor):
        w.market.fund(offer, 300, by=w.sponsor)


def test_fund_reverts_when_offer_unknown(w, token):
    with reverts("RewardMarket_UnknownOffer", 9):
        w.market.fund(9, 300, by=w.sponsor)


@pytest.mark.parametrize("amount", [0, PER_VOUCHER - 1])
def test_fund_reverts_when_it_pays_for_no_voucher(w, token, offer, amount):
    with reverts("RewardMarket_BadTerms", b"amount".ljust(32, b"\0")):
        w.market.fund(offer, amount, by=w.sponsor)


def test_fund_reverts_when_allowance_does_not_suffice(w, token, offer):
    token.approve(w.market.address, 299, by=w.sponsor)
    with reverts("ERC20InsufficientAllowance", w.market.address, 299, 300):
        w.market.fund(offer, 300, by=w.sponsor)


# ---------------------------------------------------------------- reimbursement


def test_fulfil_credits_the_business_from_the_pool(w, token, offer):
    w.market.fund(offer, 300, by=w.sponsor)
    assert fulfilled(w, offer) == [PER_VOUCHER]
    assert w.market.earnedOf(w.partner, token.address) == PER_VOUCHER
    assert w.market.poolOf(offer).balance == 200
    assert token.balanceOf(w.market.address) == 300


def test_fulfil_with_a_short_pool_pays_whole_vouchers_or_nothing(w, token, offer):
    w.market.fund(offer, 250, by=w.sponsor)
    assert fulfilled(w, offer, 3) == [PER_VOUCHER, PER_VOUCHER, 0]
    assert w.market.poolOf(offer).balance == 50
    w.market.fund(offer, PER_VOUCHER, by=w.sponsor)
    assert fulfilled(w, offer) == [PER_VOUCHER]


def test_fulfil_without_a_sponsor_pays_nothing(w, token, offer):
    assert fulfilled(w, offer) == [0]
    assert w.market.earnedOf(w.partner, token.address) == 0


def test_fulfil_of_one_offer_takes_nothing_of_anothers_pool(w, token, offer):
    other = w.publish(price=10, token=token.address, perVoucher=PER_VOUCHER)
    w.market.fund(other, 500, by=w.sponsor)
    assert fulfilled(w, offer) == [0]
    assert w.market.poolOf(other).balance == 500


def test_refund_takes_nothing_from_the_pool(w, token, offer):
    w.market.fund(offer, 300, by=w.sponsor)
    voucher = w.redeem(offer, w.citizen)
    w.node.travel_to(voucher.expires)
    w.market.refund(voucher, by=w.citizen)
    assert w.market.poolOf(offer).balance == 300


# --------------------------------------------------------------------- withdraw


def test_withdraw_sends_all_that_was_earned(w, token, offer):
    w.market.fund(offer, 300, by=w.sponsor)
    fulfilled(w, offer, 2)
    tx = w.market.withdraw(token.address, w.stranger, by=w.partner)
    tx.shows("Withdrawn", partner=w.partner, token=token.address, to=w.stranger, amount=200)
    assert token.balanceOf(w.stranger) == 200
    assert w.market.earnedOf(w.partner, token.address) == 0
    assert token.balanceOf(w.market.address) == w.market.poolOf(offer).balance == 100


def test_withdraw_reverts_when_nothing_earned_and_the_second_time(w, token, offer):
    with reverts("RewardMarket_NothingToWithdraw", w.partner, token.address):
        w.market.withdraw(token.address, w.partner, by=w.partner)
    w.market.fund(offer, 300, by=w.sponsor)
    fulfilled(w, offer)
    w.market.withdraw(token.address, w.partner, by=w.partner)
    with reverts("RewardMarket_NothingToWithdraw", w.partner, token.address):
        w.market.withdraw(token.address, w.partner, by=w.partner)


def test_withdraw_draws_nothing_for_others(w, token, offer):
    w.market.fund(offer, 300, by=w.sponsor)
    fulfilled(w, offer)
    for other in (w.sponsor, w.other_partner, w.operator):
        with reverts("RewardMarket_NothingToWithdraw", other, token.address):
            w.market.withdraw(token.address, other, by=other)


def test_withdraw_reverts_when_sent_to_nobody(w, token, offer):
    w.market.fund(offer, 300, by=w.sponsor)
    fulfilled(w, offer)
    with reverts("RewardMarket_ZeroAddress"):
        w.market.withdraw(token.address, ZERO, by=w.partner)


# ---------------------------------------------------------------------- reclaim


def test_reclaim_gives_the_rest_when_closed_and_settled(w, token, offer):
    w.market.fund(offer, 300, by=w.sponsor)
    fulfilled(w, offer)
    w.market.close(offer, by=w.partner)
    tx = w.market.reclaim(offer, w.stranger, by=w.sponsor)
    tx.shows("PoolReclaimed", offerId=offer, sponsor=w.sponsor, amount=200)
    assert token.balanceOf(w.stranger) == 200
    assert w.market.poolOf(offer).balance == 0
    assert token.balanceOf(w.market.address) == w.market.earnedOf(w.partner, token.address) == 100


def test_reclaim_in_the_second_of_closing_and_not_before(w, token, offer):
    w.market.fund(offer, 300, by=w.sponsor)
    closes = w.market.offerOf(offer).closes
    w.node.travel_to(closes - 1)
    with reverts("RewardMarket_PoolInUse", offer, 0):
        w.market.reclaim(offer, w.sponsor, by=w.sponsor)
    w.node.travel_to(closes)
    w.market.reclaim(offer, w.sponsor, by=w.sponsor)
    assert token.balanceOf(w.sponsor) == 1_000


def test_reclaim_waits_for_every_voucher(w, token, offer):
    w.market.fund(offer, 300, by=w.sponsor)
    first, second = w.redeem(offer, w.citizen), w.redeem(offer, w.citizen)
    w.market.close(offer, by=w.partner)
    with reverts("RewardMarket_PoolInUse", offer, 2):
        w.market.reclaim(offer, w.sponsor, by=w.sponsor)
    w.market.fulfil(first, CODE, by=w.partner)
    with reverts("RewardMarket_PoolInUse", offer, 1):
        w.market.reclaim(offer, w.sponsor, by=w.sponsor)
    w.node.travel_to(second.expires)
    w.market.refund(second, by=w.sponsor)
    w.market.reclaim(offer, w.sponsor, by=w.sponsor)
    assert token.balanceOf(w.sponsor) == 900


def test_reclaim_reverts_when_nothing_is_left(w, token, offer):
    w.market.fund(offer, 300, by=w.sponsor)
    w.market.close(offer, by=w.partner)
    w.market.reclaim(offer, w.sponsor, by=w.sponsor)
    with reverts("RewardMarket_NothingToWithdraw", w.sponsor, token.address):
        w.market.reclaim(offer, w.sponsor, by=w.sponsor)


@pytest.mark.parametrize("who", ["partner", "other_sponsor", "operator", "steward"])
def test_reclaim_reverts_when_not_its_sponsor(w, token, offer, who):
    w.market.fund(offer, 300, by=w.sponsor)
    w.market.close(offer, by=w.partner)
    caller = getattr(w, who)
    with reverts("RewardMarket_NoPool", offer, caller):
        w.market.reclaim(offer, caller, by=caller)


def test_reclaim_reverts_when_offer_has_no_sponsor_or_is_unknown(w, token, offer):
    with reverts("RewardMarket_NoPool", offer, w.sponsor):
        w.market.reclaim(offer, w.sponsor, by=w.sponsor)
    with reverts("RewardMarket_UnknownOffer", 9):
        w.market.reclaim(9, w.sponsor, by=w.sponsor)


def test_reclaim_reverts_when_sent_to_nobody(w, token, offer):
    w.market.fund(offer, 300, by=w.sponsor)
    w.market.close(offer, by=w.partner)
    with reverts("RewardMarket_ZeroAddress"):
        w.market.reclaim(offer, ZERO, by=w.sponsor)


# ------------------------------------------------------------------- bad tokens

GOOD, TAKES_FEE, SAYS_FALSE, REVERTS, CALLS_BACK, SAYS_NOTHING = range(6)


@pytest.fixture
def bad(w):
    w.earn(w.citizen, 100)
    return w.money(w.sponsor, 1_000, token="BadToken")


@pytest.fixture
def bad_offer(w, bad):
    return w.publish(price=10, stock=9, limit=0, token=bad.address, perVoucher=PER_VOUCHER)


def test_fund_reverts_when_the_token_takes_a_fee(w, bad, bad_offer):
    bad.behave(TAKES_FEE, by=w.deployer)
    with reverts("RewardMarket_ShortTransfer", bad.address, 300, 299):
        w.market.fund(bad_offer, 300, by=w.sponsor)
    assert w.market.poolOf(bad_offer).sponsor == ZERO


def test_fund_reverts_when_the_token_says_false(w, bad, bad_offer):
    bad.behave(SAYS_FALSE, by=w.deployer)
    with reverts("SafeERC20FailedOperation", bad.address):
        w.market.fund(bad_offer, 300, by=w.sponsor)


def test_fund_reverts_when_the_token_is_no_contract(w):
    offer = w.publish(token=w.stranger, perVoucher=1)
    with reverts(None):
        w.market.fund(offer, 300, by=w.sponsor)


def test_fund_and_withdraw_take_a_token_that_says_nothing(w, bad, bad_offer):
    bad.behave(SAYS_NOTHING, by=w.deployer)
    w.market.fund(bad_offer, 300, by=w.sponsor)
    fulfilled(w, bad_offer)
    w.market.withdraw(bad.address, w.partner, by=w.partner)
    assert bad.balanceOf(w.partner) == PER_VOUCHER


def test_bad_token_stops_neither_fulfilment_nor_refund(w, bad, bad_offer):
    w.market.fund(bad_offer, 300, by=w.sponsor)
    first, second = w.redeem(bad_offer, w.citizen), w.redeem(bad_offer, w.citizen)
    bad.behave(REVERTS, by=w.deployer)
    w.market.fulfil(first, CODE, by=w.partner)
    w.node.travel_to(second.expires)
    w.market.refund(second, by=w.citizen)
    with reverts("BadToken_Refused"):
        w.market.withdraw(bad.address, w.partner, by=w.partner)
    assert w.market.earnedOf(w.partner, bad.address) == PER_VOUCHER


def test_bad_token_holds_up_no_other_token(w, bad, bad_offer):
    good = w.money(w.sponsor, 1_000)
    offer = w.publish(price=10, token=good.address, perVoucher=PER_VOUCHER)
    w.market.fund(offer, 300, by=w.sponsor)
    w.market.fund(bad_offer, 300, by=w.sponsor)
    fulfilled(w, offer)
    fulfilled(w, bad_offer)
    bad.behave(REVERTS, by=w.deployer)
    w.market.withdraw(good.address, w.partner, by=w.partner)
    assert good.balanceOf(w.partner) == PER_VOUCHER


@pytest.mark.parametrize("answer", [SAYS_FALSE, REVERTS])
def test_withdraw_and_reclaim_that_failed_can_be_repeated(w, bad, bad_offer, answer):
    w.market.fund(bad_offer, 300, by=w.sponsor)
    fulfilled(w, bad_offer)
    w.market.close(bad_offer, by=w.partner)
    bad.behave(answer, by=w.deployer)
    error = ("SafeERC20FailedOperation", bad.address) if answer == SAYS_FALSE else ("BadToken_Refused",)
    with reverts(*error):
        w.market.withdraw(bad.address, w.partner, by=w.partner)
    with reverts(*error):
        w.market.reclaim(bad_offer, w.sponsor, by=w.sponsor)
    bad.behave(GOOD, by=w.deployer)
    w.market.withdraw(bad.address, w.partner, by=w.partner)
    w.market.reclaim(bad_offer, w.sponsor, by=w.sponsor)
    assert (bad.balanceOf(w.partner), bad.balanceOf(w.sponsor)) == (100, 900)


@pytest.mark.parametrize("door", ["fund", "withdraw", "reclaim"])
@pytest.mark.parametrize("back", ["fund", "withdraw", "reclaim"])
def test_token_that_calls_back_is_turned_away(w, bad, bad_offer, door, back):
    """Whatever the token does within a transfer, it gets into none of the doors through which money goes."""
    w.market.fund(bad_offer, 300, by=w.sponsor)
    fulfilled(w, bad_offer)
    calls = {
        "fund": (w.market.fund, (bad_offer, 100), w.sponsor),
        "withdraw": (w.market.withdraw, (bad.address, w.partner), w.partner),
        "reclaim": (w.market.reclaim, (bad_offer, w.sponsor), w.sponsor),
    }
    if door == "reclaim":
        w.market.close(bad_offer, by=w.partner)
    function, args, _ = calls[back]
    bad.callBack(w.market.address, function.data(*args), by=w.deployer)
    function, args, caller = calls[door]
    with reverts("ReentrancyGuardReentrantCall"):
        function(*args, by=caller)


def test_token_that_is_its_own_business_cannot_settle_money_that_has_not_come(w, bad):
    """Within `fund` the token fulfils a voucher of its own offer, then pays nothing: nothing happened."""
    w.registry.setRoles(w.city, bad.address, 8, by=w.steward)
    with w.acting_as(bad.address) as business:
        terms = w.terms(price=10, token=bad.address, perVoucher=PER_VOUCHER)
        offer = w.market.publish(terms, by=business).one("OfferPublished").offerId
    voucher = w.redeem(offer, w.citizen)
    bad.callBack(w.market.address, w.market.fulfil.data(voucher, CODE), by=w.deployer)
    bad.approve(w.market.address, 0, by=w.sponsor)
    with reverts("ERC20InsufficientAllowance", w.market.address, 0, 300):
        w.market.fund(offer, 300, by=w.sponsor)
    assert w.market.earnedOf(bad.address, bad.address) == 0
    assert w.market.voucherOf(voucher.voucherId).status == 1


def test_m8_the_market_holds_its_pools_and_what_businesses_earned(w, token, offer):
    other = w.publish(price=10, stock=9, limit=0, token=token.address, perVoucher=70)

    def owed():
        pools = sum(w.market.poolOf(number).balance for number in (offer, other))
        return pools + w.market.earnedOf(w.partner, token.address)

    w.market.fund(offer, 300, by=w.sponsor)
    w.market.fund(other, 140, by=w.sponsor)
    assert token.balanceOf(w.market.address) == owed() == 440
    fulfilled(w, offer, 3)
    fulfilled(w, other, 3)
    assert token.balanceOf(w.market.address) == owed() == 440
    w.market.withdraw(token.address, w.partner, by=w.partner)
    assert token.balanceOf(w.market.address) == owed() == 0


def test_market_reverts_when_made_without_registry_or_ledger(w):
    for registry, ledger in ((ZERO, w.ledger.address), (w.registry.address, ZERO)):
        with reverts("RewardMarket_ZeroAddress"):
            w.mock("RewardMarket", registry, ledger)
    assert (w.market.registry(), w.market.ledger()) == (w.registry.address, w.ledger.address)


def test_donation_to_the_market_is_nobodys(w, token, offer):
    token.mint(w.market.address, 55, by=w.deployer)
    w.market.fund(offer, 300, by=w.sponsor)
    w.node.travel(30 * DAY)
    w.market.reclaim(offer, w.sponsor, by=w.sponsor)
    assert token.balanceOf(w.market.address) == 55
