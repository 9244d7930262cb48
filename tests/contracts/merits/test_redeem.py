"""redeem: merits are taken and a sealed voucher opens."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import DAY, SEAL
from tests.contracts.model.record import voucher_hash


@pytest.fixture
def rich(w):
    w.earn(w.citizen, 100)
    return w


def test_redeem_opens_a_voucher_for_the_price(rich):
    w, offer = rich, rich.publish()
    tx = w.market.redeem(offer, w.city, SEAL, by=w.citizen)
    assert tx.events == [
        (
            "Redeemed",
            {
                "offerId": offer,
                "citizen": w.citizen,
                "cityId": w.city,
                "voucherId": offer << 24 | 1,
                "fromPrevious": 0,
                "fromCurrent": 30,
                "period": w.period,
                "expires": w.now + 7 * DAY,
                "seal": SEAL,
            },
        )
    ]
    assert w.merits(w.citizen) == (0, 70, 100)
    status = w.market.voucherOf(offer << 24 | 1)
    assert (status.status, status.contentHash) == (1, voucher_hash(tx.one("Redeemed")))


def test_redeem_counts_stock_serial_and_the_citizens_redemptions(rich):
    w, offer = rich, rich.publish()
    w.redeem(offer, w.citizen)
    assert w.redeem(offer, w.citizen).voucherId == offer << 24 | 2
    kept = w.market.offerOf(offer)
    assert (kept.stock, kept.serial, kept.settled) == (1, 2, 0)
    assert w.market.redemptionsOf(offer, w.citizen) == 2
    assert w.market.redemptionsOf(offer, w.neighbour) == 0


def test_redeem_answers_the_vouchers_number(rich):
    w, offer = rich, rich.publish()
    assert w.market.redeem.call(offer, w.city, SEAL, by=w.citizen) == offer << 24 | 1


def test_voucher_never_opened_is_none(w):
    assert tuple(w.market.voucherOf(1 << 24 | 1).values()) == (0, bytes(32))


# --------------------------------------------------------------------- the time


def test_redeem_from_the_first_second_to_the_last_and_no_further(rich):
    w = rich
    opens, closes = w.now + DAY, w.now + 2 * DAY
    offer = w.publish(opens=opens, closes=closes)
    w.node.travel_to(opens - 1)
    with reverts("RewardMarket_NotOpen", offer, opens, closes, opens - 1):
        w.redeem(offer, w.citizen)
    w.node.travel_to(opens)
    w.redeem(offer, w.citizen)
    w.node.travel_to(closes - 1)
    w.redeem(offer, w.citizen)
    w.node.travel_to(closes)
    with reverts("RewardMarket_NotOpen", offer, opens, closes, closes):
        w.redeem(offer, w.citizen)


# -------------------------------------------------------------- stock and limit


def test_redeem_reverts_when_sold_out(rich):
    w, offer = rich, rich.publish(stock=2, limit=0)
    w.redeem(offer, w.citizen)
    w.redeem(offer, w.citizen)
    with reverts("RewardMarket_SoldOut", offer):
        w.redeem(offer, w.citizen)


def test_redeem_reverts_when_limit_reached_and_not_for_others(rich):
    w, offer = rich, rich.publish(stock=9, limit=2)
    w.redeem(offer, w.citizen)
    w.redeem(offer, w.citizen)
    with reverts("RewardMarket_LimitReached", offer, w.citizen, 2):
        w.redeem(offer, w.citizen)
    w.earn(w.neighbour, 30)
    w.redeem(offer, w.neighbour)


def test_redeem_without_limit_takes_any_number(rich):
    w, offer = rich, rich.publish(price=10, stock=10, limit=0)
    for _ in range(10):
        w.redeem(offer, w.citizen)
    assert w.merits(w.citizen) == (0, 0, 100)


def test_refund_frees_the_stock_and_not_the_limit(rich):
    w, offer = rich, rich.publish(stock=1, limit=1)
    voucher = w.redeem(offer, w.citizen)
    w.node.travel_to(voucher.expires)
    w.market.refund(voucher, by=w.citizen)
    with reverts("RewardMarket_LimitReached", offer, w.citizen, 1):
        w.redeem(offer, w.citizen)
    w.earn(w.neighbour, 30)
    assert w.redeem(offer, w.neighbour).voucherId == offer << 24 | 2


# ------------------------------------------------------------------ other cities


def test_redeem_with_another_citys_merits_where_accepted(w):
    w.earn(w.citizen, 50, city=w.other_city)
    offer = w.publish(accepts=[w.other_city])
    voucher = w.redeem(offer, w.citizen, city=w.other_city)
    assert voucher.cityId == w.other_city
    assert w.merits(w.citizen, w.other_city) == (0, 20, 50)
    w.node.travel_to(voucher.expires)
    w.market.refund(voucher, by=w.stranger)
    assert w.merits(w.citizen, w.other_city) == (0, 50, 50)


def test_redeem_with_another_citys_merits_hangs_on_that_citys_pause(w):
    w.earn(w.citizen, 50, city=w.other_city)
    offer = w.publish(accepts=[w.other_city])
    w.ledger.setPaused(w.city, True, by=w.steward)
    w.redeem(offer, w.citizen, city=w.other_city)
    w.ledger.setPaused(w.other_city, True, by=w.other_steward)
    with reverts("MeritLedger_Paused", w.other_city):
        w.redeem(offer, w.citizen, city=w.other_city)


def test_redeem_of_a_citizen_of_the_accepted_city_alone(w):
    w.earn(w.guest, 50, city=w.other_city)
    w.redeem(w.publish(accepts=[w.other_city]), w.guest, city=w.other_city)
    assert w.merits(w.guest, w.other_city) == (0, 20, 50)


@pytest.mark.parametrize("city", [0, 2, 77])
def test_redeem_reverts_when_city_not_accepted(rich, city):
    w, offer = rich, rich.publish()
    with reverts("RewardMarket_CityNotAccepted", offer, city):
        w.redeem(offer, w.citizen, city=city)


# ------------------------------------------------------------------ what is wrong


def test_redeem_reverts_when_too_few_merits(w):
    w.earn(w.citizen, 20)
    offer = w.publish()
    with reverts("MeritLedger_TooFewMerits", w.city, w.citizen, 20, 30):
        w.redeem(offer, w.citizen)
    w.earn(w.citizen, 10)
    w.redeem(offer, w.citizen)
    with reverts("MeritLedger_TooFewMerits", w.city, w.citizen, 0, 30):
        w.redeem(offer, w.citizen)


def test_redeem_reverts_when_no_citizen(w):
    offer = w.publish()
    with reverts("MeritLedger_TooFewMerits", w.city, w.stranger, 0, 30):
        w.redeem(offer, w.stranger)


def test_redeem_reverts_when_seal_zero(rich):
    w, offer = rich, rich.publish()
    with reverts("RewardMarket_NoSeal"):
        w.redeem(offer, w.citizen, seal=bytes(32))


def test_redeem_reverts_when_offer_unknown(rich):
    with reverts("RewardMarket_UnknownOffer", 9):
        rich.redeem(9, rich.citizen)
    with reverts("RewardMarket_UnknownOffer", 0):
        rich.redeem(0, rich.citizen)
