"""fulfil, refund: a voucher ends once, by its code or by its term."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import CODE, DAY, h

OPEN, FULFILLED, REFUNDED = 1, 2, 3


@pytest.fixture
def offer(w):
    w.earn(w.citizen, 90)
    return w.publish(limit=0)


@pytest.fixture
def voucher(w, offer):
    return w.redeem(offer, w.citizen)


def status(w, voucher):
    return tuple(w.market.voucherOf(voucher.voucherId).values())


def test_fulfil_with_the_code_settles_the_voucher(w, offer, voucher):
    tx = w.market.fulfil(voucher, CODE, by=w.partner)
    assert tx.events == [
        ("VoucherFulfilled", {"offerId": offer, "voucherId": voucher.voucherId, "reimbursed": 0})
    ]
    assert status(w, voucher) == (FULFILLED, bytes(32))
    assert w.market.offerOf(offer).settled == 1
    assert w.market.offerOf(offer).stock == 2
    assert w.merits(w.citizen) == (0, 60, 90)


def test_fulfil_until_the_last_second_of_the_term_and_refund_from_the_next(w, voucher):
    at = voucher.expires
    w.node.travel_to(at - 1)
    with reverts("RewardMarket_VoucherRunning", voucher.voucherId, at, at - 1):
        w.market.refund(voucher, by=w.citizen)
    snapshot = w.node.snapshot()
    w.market.fulfil(voucher, CODE, by=w.partner)
    w.node.restore(snapshot)
    w.node.travel_to(at)
    with reverts("RewardMarket_VoucherExpired", voucher.voucherId, at, at):
        w.market.fulfil(voucher, CODE, by=w.partner)
    w.market.refund(voucher, by=w.citizen)


@pytest.mark.parametrize("code", [bytes(32), h("guess"), CODE[::-1]])
def test_fulfil_reverts_when_code_wrong(w, voucher, code):
    with reverts("RewardMarket_WrongCode", voucher.voucherId):
        w.market.fulfil(voucher, code, by=w.partner)


@pytest.mark.parametrize("who", ["citizen", "other_partner", "operator", "steward", "sponsor"])
def test_fulfil_reverts_when_not_its_business(w, offer, voucher, who):
    caller = getattr(w, who)
    with reverts("RewardMarket_NotPartner", offer, caller):
        w.market.fulfil(voucher, CODE, by=caller)


def test_fulfil_reverts_when_offer_unknown(w, voucher):
    with reverts("RewardMarket_UnknownOffer", 9):
        w.market.fulfil(voucher | {"voucherId": 9 << 24 | 1}, CODE, by=w.partner)


CHANGES = {
    "voucherId": lambda w, v: v.voucherId + 1,
    "citizen": lambda w, v: w.neighbour,
    "cityId": lambda w, v: w.other_city,
    "fromPrevious": lambda w, v: 1,
    "fromCurrent": lambda w, v: 31,
    "period": lambda w, v: v.period + 1,
    "expires": lambda w, v: 0,
    "seal": lambda w, v: h("other"),
}


@pytest.mark.parametrize("field", CHANGES)
def test_fulfil_and_refund_revert_when_the_content_is_not_the_vouchers(w, voucher, field):
    forged = dict(voucher) | {field: CHANGES[field](w, voucher)}
    is_open = 0 if field == "voucherId" else OPEN
    with reverts("RewardMarket_NotThisVoucher", forged["voucherId"], is_open):
        w.market.fulfil(forged, CODE, by=w.partner)
    w.node.travel_to(voucher.expires)
    with reverts("RewardMarket_NotThisVoucher", forged["voucherId"], is_open):
        w.market.refund(forged, by=w.citizen)


def test_refund_gives_the_merits_back_and_the_stock(w, offer, voucher):
    w.node.travel_to(voucher.expires)
    tx = w.market.refund(voucher, by=w.stranger)
    assert tx.events == [
        (
            "VoucherRefunded",
            {
                "offerId": offer,
                "voucherId": voucher.voucherId,
                "citizen": w.citizen,
                "cityId": w.city,
                "toPrevious": 0,
                "toCurrent": 30,
                "period": w.period,
            },
        )
    ]
    assert status(w, voucher) == (REFUNDED, bytes(32))
    kept = w.market.offerOf(offer)
    assert (kept.stock, kept.serial, kept.settled) == (3, 1, 1)
    assert w.merits(w.citizen) == (0, 90, 90)
    assert w.merits(w.stranger) == (0, 0, 0)


def test_refund_does_not_count_as_earned_again(w, voucher):
    w.node.travel_to(voucher.expires)
    w.market.refund(voucher, by=w.stranger)
    assert w.merits(w.citizen)[2] == 90


def settle_by_code(w, voucher):
    w.market.fulfil(voucher, CODE, by=w.partner)
    return FULFILLED


def settle_by_refund(w, voucher):
    w.node.travel_to(voucher.expires)
    w.market.refund(voucher, by=w.citizen)
    return REFUNDED


@pytest.mark.parametrize("settle", [settle_by_code, settle_by_refund])
def test_m7_a_voucher_ends_once(w, voucher, settle):
    ended = settle(w, voucher)
    with reverts("RewardMarket_NotThisVoucher", voucher.voucherId, ended):
        w.market.fulfil(voucher, CODE, by=w.partner)
    w.node.travel_to(voucher.expires + DAY)
    with reverts("RewardMarket_NotThisVoucher", voucher.voucherId, ended):
        w.market.refund(voucher, by=w.citizen)


# -------------------------------------------------- refunds and the turn of periods


@pytest.fixture
def mixed(w):
    """A voucher for 50: 20 earned in the period before its own, 30 in its own."""
    w.earn(w.neighbour, 20)
    w.to_period(w.period + 1)
    w.earn(w.neighbour, 30)
    offer = w.publish(price=50, term=1)
    voucher = w.redeem(offer, w.neighbour)
    assert (voucher.fromPrevious, voucher.fromCurrent) == (20, 30)
    return voucher


def refund(w, voucher):
    return w.market.refund(voucher, by=w.stranger).one("VoucherRefunded")


def test_refund_in_the_same_period_gives_each_back_where_it_was(w, mixed):
    w.to_period(mixed.period + 1, -1)
    event = refund(w, mixed)
    assert (event.toPrevious, event.toCurrent, event.period) == (20, 30, mixed.period)
    assert w.merits(w.neighbour) == (20, 30, 50)


@pytest.mark.parametrize("later", [1, 2, 3, 8])
def test_refund_in_a_later_period_gives_all_until_the_end_of_it(w, mixed, later):
    w.to_period(mixed.period + later)
    event = refund(w, mixed)
    assert (event.toPrevious, event.toCurrent, event.period) == (50, 0, mixed.period + later)
    assert w.merits(w.neighbour) == (50, 0, 50)
    w.to_period(mixed.period + later + 1)
    assert w.merits(w.neighbour) == (0, 0, 50)


def test_refund_cannot_make_merits_fresh_again(w, mixed):
    """Redeeming and waiting, over and over, gains one period and never a fresh merit."""
    w.to_period(mixed.period + 2)
    refund(w, mixed)
    again = w.redeem(w.publish(price=50, term=1), w.neighbour)
    assert (again.fromPrevious, again.fromCurrent) == (50, 0)


def test_refund_after_recovery_goes_to_the_wallet_of_today(w, voucher):
    w.recover(w.citizen, w.new_wallet)
    w.node.travel_to(voucher.expires)
    assert refund(w, voucher).citizen == w.new_wallet
    assert w.merits(w.new_wallet) == (0, 90, 90)
    assert w.merits(w.citizen) == (0, 0, 0)


def test_refund_after_a_chain_of_recoveries(w, voucher):
    w.recover(w.citizen, w.new_wallet)
    w.recover(w.new_wallet, w.newer_wallet)
    w.node.travel_to(voucher.expires)
    assert refund(w, voucher).citizen == w.newer_wallet
    assert w.merits(w.newer_wallet) == (0, 90, 90)


def test_voucher_of_a_wallet_given_up_is_fulfilled_with_its_code(w, voucher):
    w.recover(w.citizen, w.new_wallet)
    w.market.fulfil(voucher, CODE, by=w.partner)
    assert w.merits(w.new_wallet) == (0, 60, 90)
