"""setFollowers: the operator names the contracts that follow a recovery."""

from tests.contracts.kit.contract import ZERO, reverts


def test_set_followers_replaces_all(w):
    tx = w.registry.setFollowers([w.market.address], by=w.operator)
    assert tx.events == [("FollowersSet", {"followers": [w.market.address]})]
    assert w.registry.followers() == [w.market.address]


def test_ledger_follows_from_the_start(w):
    assert w.ledger.address in w.registry.followers()


def test_set_followers_accepts_as_many_as_the_registry_calls(w):
    most = w.registry.MAX_FOLLOWERS()
    w.registry.setFollowers([w.ledger.address] * most, by=w.operator)
    assert len(w.registry.followers()) == most


def test_set_followers_reverts_when_too_many(w):
    most = w.registry.MAX_FOLLOWERS()
    with reverts("CityRegistry_TooManyFollowers", most, most + 1):
        w.registry.setFollowers([w.ledger.address] * (most + 1), by=w.operator)


def test_set_followers_reverts_when_one_is_zero(w):
    with reverts("CityRegistry_ZeroAddress"):
        w.registry.setFollowers([w.ledger.address, ZERO], by=w.operator)


def test_set_followers_reverts_when_not_operator(w):
    with reverts("AccessManagedUnauthorized", w.steward):
        w.registry.setFollowers([], by=w.steward)
