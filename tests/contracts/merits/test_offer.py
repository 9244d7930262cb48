"""publish, close: a business's offer."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.world import CODE, DAY, h
from tests.contracts.model.cities import PARTNER

TOKEN = "0x" + "70" * 20


def test_publish_keeps_the_terms(w):
    tx = w.market.publish(w.terms(token=TOKEN, perVoucher=500), by=w.partner)
    assert tx.events == [
        (
            "OfferPublished",
            {
                "offerId": 1,
                "partner": w.partner,
                "cityId": w.city,
                "price": 30,
                "stock": 3,
                "limit": 2,
                "opens": w.now,
                "closes": w.now + 30 * DAY,
                "term": 7 * DAY,
                "terms": h("terms"),
                "token": TOKEN,
                "perVoucher": 500,
            },
        )
    ]
    assert w.market.offerOf(1) == {
        "partner": w.partner,
        "cityId": w.city,
        "price": 30,
        "stock": 3,
        "serial": 0,
        "settled": 0,
        "limit": 2,
        "opens": w.now,
        "closes": w.now + 30 * DAY,
        "term": 7 * DAY,
    }
    assert w.market.poolOf(1) == {"token": TOKEN, "sponsor": ZERO, "perVoucher": 500, "balance": 0}


def test_publish_numbers_offers_from_one_on(w):
    assert w.market.offerCount() == 0
    assert w.market.publish.call(w.terms(), by=w.partner) == 1
    assert [w.publish(), w.publish()] == [1, 2]
    assert w.market.offerCount() == 2


def test_publish_accepts_its_own_city_and_those_it_names(w):
    tx = w.market.publish(w.terms(accepts=[w.other_city, w.quiet_city]), by=w.partner)
    assert tx.events[1:] == [
        ("CityAccepted", {"offerId": 1, "cityId": w.other_city}),
        ("CityAccepted", {"offerId": 1, "cityId": w.quiet_city}),
    ]
    assert [w.market.accepts(1, city) for city in (0, 1, 2, 3, w.nowhere)] == [False, True, True, True, False]
    assert [w.market.accepts(w.publish(), city) for city in (1, 2)] == [True, False]
    assert not w.market.accepts(99, 0)


WRONG = [
    ("price", {"price": 0}),
    ("stock", {"stock": 0}),
    ("stock", {"stock": 2**24}),
    ("closes", {"opens": 2**40 - 2, "closes": 2**40 - 2}),
    ("closes", {"opens": 2**40 - 1, "closes": 2**40 - 2}),
    ("closes", {"opens": 0, "closes": 1}),
    ("term", {"term": 0}),
    ("token", {"perVoucher": 1}),
    ("perVoucher", {"token": TOKEN}),
    ("accepts", {"accepts": [77]}),
    ("accepts", {"accepts": [0]}),
    ("accepts", {"accepts": [1]}),
    ("accepts", {"accepts": [2, 2]}),
]


@pytest.mark.parametrize(("field", "changes"), WRONG)
def test_publish_reverts_when_terms_make_no_sense(w, field, changes):
    with reverts("RewardMarket_BadTerms", field.encode().ljust(32, b"\0")):
        w.market.publish(w.terms(**changes), by=w.partner)


def test_publish_reverts_when_it_would_close_this_second(w):
    with reverts("RewardMarket_BadTerms", b"closes".ljust(32, b"\0")):
        w.publish(opens=0, closes=w.now)
    w.publish(opens=0, closes=w.now + 1)


def test_publish_takes_the_largest_stock(w):
    assert w.market.offerOf(w.publish(stock=2**24 - 1)).stock == 2**24 - 1


@pytest.mark.parametrize("who", ["operator", "steward", "verifier", "other_partner", "citizen"])
def test_publish_reverts_when_not_partner(w, who):
    caller = getattr(w, who)
    with reverts("CityRegistry_MissingRole", w.city, caller, PARTNER):
        w.market.publish(w.terms(), by=caller)


# ------------------------------------------------------------------------ close


def test_close_ends_redemption_at_once(w):
    w.earn(w.citizen, 60)
    offer = w.publish()
    assert w.market.close(offer, by=w.partner).events == [("OfferClosed", {"offerId": offer})]
    assert w.market.offerOf(offer).closes == w.now
    with reverts("RewardMarket_NotOpen", offer, w.now, w.now, w.now):
        w.redeem(offer, w.citizen)


def test_close_leaves_open_vouchers_their_term(w):
    w.earn(w.citizen, 60)
    offer = w.publish(limit=0)
    first, second = w.redeem(offer, w.citizen), w.redeem(offer, w.citizen)
    w.market.close(offer, by=w.partner)
    w.node.travel_to(first.expires - 1)
    w.market.fulfil(first, CODE, by=w.partner)
    w.node.travel(1)
    w.market.refund(second, by=w.stranger)


def test_close_before_the_offer_opens(w):
    offer = w.publish(opens=w.now + DAY)
    w.market.close(offer, by=w.partner)
    w.node.travel(DAY)
    with reverts("RewardMarket_NotOpen", offer, w.now, w.now - DAY, w.now):
        w.redeem(offer, w.citizen)


def test_close_reverts_when_the_offer_is_over(w):
    offer = w.publish()
    w.market.close(offer, by=w.partner)
    closed = w.now
    with reverts("RewardMarket_NotOpen", offer, closed, closed, closed):
        w.market.close(offer, by=w.partner)
    by_itself = w.publish(closes=w.now + 10)
    w.node.travel(10)
    with reverts("RewardMarket_NotOpen", by_itself, closed, w.now, w.now):
        w.market.close(by_itself, by=w.partner)


def test_close_reverts_when_offer_unknown(w):
    with reverts("RewardMarket_UnknownOffer", 9):
        w.market.close(9, by=w.partner)


@pytest.mark.parametrize("who", ["operator", "steward", "other_partner", "sponsor"])
def test_close_reverts_when_not_its_business(w, who):
    offer = w.publish()
    with reverts("RewardMarket_NotPartner", offer, getattr(w, who)):
        w.market.close(offer, by=getattr(w, who))


def test_business_keeps_its_offer_when_its_role_is_taken_away(w):
    w.earn(w.citizen, 30)
    offer = w.publish()
    voucher = w.redeem(offer, w.citizen)
    w.registry.setRoles(w.city, w.partner, 0, by=w.steward)
    w.market.fulfil(voucher, CODE, by=w.partner)
    w.market.close(offer, by=w.partner)
