"""M13: whoever holds every role of one city can do nothing in another."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h
from tests.contracts.model.cities import MODERATOR, PARTNER, VERIFIER

ALL = 31


@pytest.fixture
def mayor(w):
    """A person with all roles in the first city, and its steward; nothing in the other."""
    w.registry.setRoles(w.city, w.stranger, ALL, by=w.steward)
    w.registry.setSteward(w.city, w.stranger, by=w.operator)
    return w.stranger


def leaf(w, city):
    return {"cityId": city, "epochId": 0, "times": 1, "evidence": h("e"), "proof": []}


def batch(w, city):
    names = ("verifier", "serial", "kindId", "points", "period", "evidence", "citizens")
    values = (w.other_verifier, 1, 1, 10, w.period, h("e"), [w.citizen])
    return {"cityId": city} | dict(zip(names, values, strict=True))


BY_ROLE = {
    "registerCitizen": (VERIFIER, lambda w, c: w.registry.registerCitizen.data(c, w.new_wallet, h("n"))),
    "registerCitizens": (VERIFIER, lambda w, c: w.registry.registerCitizens.data(c, [])),
    "proposeRecovery": (
        VERIFIER,
        lambda w, c: w.registry.proposeRecovery.data(c, w.citizen, w.new_wallet, h("e")),
    ),
    "award": (VERIFIER, lambda w, c: w.ledger.award.data(c, 1, w.citizen, h("e"))),
    "awardBatch": (VERIFIER, lambda w, c: w.ledger.awardBatch.data(c, 1, h("e"), [w.citizen])),
    "openEpoch": (
        VERIFIER,
        lambda w, c: w.ledger.openEpoch.data(c, 1, 1, w.today - 1, w.today - 1, h("r"), h("c")),
    ),
    "cancelEpoch": (MODERATOR, lambda w, c: w.ledger.cancelEpoch.data(c, 0, h("r"))),
    "reverseAward": (MODERATOR, lambda w, c: w.ledger.reverseAward.data(batch(w, c), 0, h("r"))),
    "reverseEpochAward": (
        MODERATOR,
        lambda w, c: w.ledger.reverseEpochAward.data(w.citizen, leaf(w, c), h("r")),
    ),
    "publish": (PARTNER, lambda w, c: w.market.publish.data(w.terms(cityId=c))),
}

BY_STEWARD = {
    "describe": lambda w, c: w.registry.describe.data(c, h("about")),
    "setRoles": lambda w, c: w.registry.setRoles.data(c, w.stranger, ALL),
    "publishKind": lambda w, c: w.ledger.publishKind.data(c, 1, 99, h("k")),
    "setCap": lambda w, c: w.ledger.setCap.data(c, 9),
    "setBudget": lambda w, c: w.ledger.setBudget.data(c, w.stranger, 9),
    "setPaused": lambda w, c: w.ledger.setPaused.data(c, True),
}


def call(w, name, data, by):
    contract = next(one for one in (w.registry, w.ledger, w.market) if hasattr(one, name))
    return w.send(contract, data, by)


@pytest.mark.parametrize("name", BY_ROLE)
def test_m13_a_role_opens_nothing_in_another_city(w, mayor, name):
    role, data = BY_ROLE[name]
    with reverts("CityRegistry_MissingRole", w.other_city, mayor, role):
        call(w, name, data(w, w.other_city), mayor)


@pytest.mark.parametrize("name", BY_STEWARD)
def test_m13_a_steward_rules_no_other_city(w, mayor, name):
    with reverts("CityRegistry_NotSteward", w.other_city, mayor):
        call(w, name, BY_STEWARD[name](w, w.other_city), mayor)
    call(w, name, BY_STEWARD[name](w, w.city), mayor)


def test_m13_a_verifier_withdraws_no_recovery_of_another_city(w, mayor):
    w.registry.proposeRecovery(w.other_city, w.guest, w.new_wallet, h("seen"), by=w.other_verifier)
    with reverts("CityRegistry_MayNotCancel", w.other_city, mayor):
        w.registry.cancelRecovery(w.other_city, w.guest, by=mayor)


def test_every_function_with_a_role_is_tried(w):
    """Whatever takes a city and changes something is in the lists above, or is open to all by its rules."""
    open_to_all = {
        *("cancelRecovery", "vetoRecoveryBySig", "executeRecovery"),  # tried above, by signature, by anybody
        *("redeem", "redeemBySig", "claimAndRedeem", "claimAndRedeemBySig", "claim", "refund", "fulfil"),
        *("setSteward", "setPausedByOperator"),  # the operator's
        *("spend", "giveBack", "followRecovery"),  # the market's and the registry's
    }
    takes_city = {
        item["name"]
        for contract in (w.registry, w.ledger, w.market)
        for item in contract.abi
        if item["type"] == "function"
        and item["stateMutability"] == "nonpayable"
        and "cityId" in str(item["inputs"])
    }
    assert takes_city == open_to_all | set(BY_ROLE) | set(BY_STEWARD)
