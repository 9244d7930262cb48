"""launch: an organisation's fund, with a mandate and terms that make sense."""

import pytest

from tests.contracts.kit.contract import ZERO, deploy, reverts
from tests.contracts.kit.funding import ANY_FORM, ANY_KIND, FORMING, YEAR
from tests.contracts.kit.world import DAY, h


def test_launch_makes_a_fund_with_its_mandate_and_terms(w, funding):
    cities = [w.city, w.other_city]
    given = funding.arguments({"cities": cities, "largestShare": 2_500, "mayCommit": True})
    tx = w.funds.launch(*given.values(), by=w.organisation)
    address = tx.one("FundLaunched").fund
    tx.shows(
        "FundLaunched",
        fund=address,
        organisation=w.organisation,
        token=funding.token.address,
        name="City fund",
        symbol="CITY",
        content=h("a fund"),
    )
    mandate, terms = given["mandate"], given["terms"]
    tx.shows("MandateSet", **mandate)
    of_partners = ("equalisation", "callNotice", "grace", "lateFee", "forfeit", "markTerm")
    tx.shows("FundTermsSet", **{name: terms[name] for name in terms if name not in of_partners})
    tx.shows("PartnerTermsSet", **{name: terms[name] for name in of_partners})
    tx.shows("ManagerReplaced", manager=w.fund_manager)
    tx.shows("AppraiserReplaced", appraiser=w.appraiser)

    fund = funding.at(address)
    assert w.funds.isFund(address)
    assert not w.funds.isFund(w.avatar.address)
    assert tuple(w.funds.fundOf(address).values()) == (funding.token.address, mandate["mayCommit"])
    assert tuple(w.funds.fundOf(w.avatar.address).values()) == (ZERO, False)
    assert (fund.organisation(), fund.token()) == (w.organisation, funding.token.address)
    assert (fund.manager(), fund.appraiser()) == (w.fund_manager, w.appraiser)
    assert (fund.name(), fund.symbol(), fund.decimals()) == ("City fund", "CITY", 18)
    assert (fund.totalSupply(), fund.phase()) == (0, FORMING)
    assert fund.mandate() == mandate
    assert fund.terms() == terms
    assert fund.holdings() == w.avatar.holdings() != ZERO


def test_launch_in_a_token_that_campaigns_do_not_take(w, funding):
    given = funding.arguments() | {"token": w.stranger}
    with reverts("FundFactory_TokenNotAllowed", w.stranger):
        w.funds.launch(*given.values(), by=w.organisation)


@pytest.mark.parametrize(
    ("name", "symbol"), [("", "CITY"), ("x" * 65, "CITY"), ("City fund", ""), ("City fund", "x" * 13)]
)
def test_launch_under_no_name_or_too_long_a_one(w, funding, name, symbol):
    given = funding.arguments() | {"name": name, "symbol": symbol}
    with reverts("FundFactory_BadName"):
        w.funds.launch(*given.values(), by=w.organisation)


def test_launch_under_the_longest_names(w, funding):
    given = funding.arguments() | {"name": "x" * 64, "symbol": "y" * 12}
    w.funds.launch(*given.values(), by=w.organisation)


@pytest.mark.parametrize("role", ["manager", "appraiser"])
def test_launch_without_a_manager_or_an_appraiser(w, funding, role):
    with reverts("FundAvatar_ZeroAddress"):
        w.funds.launch(*(funding.arguments() | {role: ZERO}).values(), by=w.organisation)


def test_launch_with_a_manager_who_appraises(w, funding):
    given = funding.arguments() | {"appraiser": w.fund_manager}
    with reverts("FundAvatar_BadTerms", b"appraiser".ljust(32, b"\0")):
        w.funds.launch(*given.values(), by=w.organisation)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kinds", 0),
        ("kinds", ANY_KIND + 1),
        ("forms", 0),
        ("forms", ANY_FORM + 1),
        ("largestShare", 0),
        ("largestShare", 10_001),
        ("cities", list(range(1, 258))),
        ("cities", [0]),
        ("cities", [2, 1]),
        ("cities", [1, 1]),
    ],
)
def test_launch_with_a_mandate_that_makes_no_sense(funding, field, value):
    with reverts("FundAvatar_BadTerms", field.encode().ljust(32, b"\0")):
        funding.launch({field: value})


def test_a_fund_of_funds_needs_no_kinds_nor_forms(w, funding):
    assert funding.launch({"kinds": 0, "forms": 0, "mayCommit": True}).mandate().mayCommit


def test_a_mandate_has_room_for_256_cities(w, funding):
    assert len(funding.launch({"cities": list(range(1, 257))}).mandate().cities) == 256


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("minimum", 0),
        ("cap", 999),
        ("finalClosing", 0),
        ("investmentPeriod", 0),
        ("life", 5 * YEAR - 1),
        ("extension", 0),
        ("managementFee", 1_001),
        ("hurdle", 10_001),
        ("catchUp", 2_000),
        ("catchUp", 10_001),
        ("carry", 5_001),
        ("escrow", 10_001),
        ("equalisation", 10_001),
        ("callNotice", DAY - 1),
        ("lateFee", 10_001),
        ("forfeit", 10_001),
        ("markTerm", 0),
    ],
)
def test_launch_on_terms_that_make_no_sense(funding, field, value):
    with reverts("FundAvatar_BadTerms", field.encode().ljust(32, b"\0")):
        funding.launch(**{field: value})


def test_launch_with_extensions_of_no_time_or_time_for_no_extension(funding):
    for terms in ({"extension": YEAR, "extensions": 0}, {"extension": 0, "extensions": 1}):
        with reverts("FundAvatar_BadTerms", b"extension".ljust(32, b"\0")):
            funding.launch(**terms)


def test_launch_on_the_plainest_terms(w, funding):
    nothing = dict.fromkeys(
        (
            *("extension", "extensions", "managementFee", "hurdle", "catchUp", "carry", "escrow"),
            *("equalisation", "grace", "lateFee", "forfeit"),
        ),
        0,
    )
    funding.launch(**nothing, investmentPeriod=1, life=1, callNotice=DAY, markTerm=1, finalClosing=w.now + 1)


def test_only_the_factory_sets_up_a_fund(w, funding):
    given = funding.arguments()
    given.pop("content")
    for one in (funding.launch(), w.avatar, funding.at(w.avatar.holdings())):
        with reverts("FundAvatar_NotFactory", w.stranger):
            one.initialize(w.organisation, *given.values(), by=w.stranger)


def test_the_code_behind_funds_is_nobodys_fund(w, funding):
    """Neither of the two contracts has a manager, partners or holdings."""
    for one in (w.avatar, funding.at(w.avatar.holdings())):
        with reverts("FundAvatar_NotManager", w.fund_manager):
            one.invest(w.stranger, 1, 0, 1, by=w.fund_manager)
        with reverts("FundAvatar_NoHolding", w.stranger):
            one.collect(w.stranger, by=w.stranger)
        with reverts("FundAvatar_NotAppraiser", w.appraiser):
            one.mark(w.stranger, 1, 0, 1, h("evidence"), by=w.appraiser)


def test_contracts_are_made_of_something(w):
    parts = [w.funds.address, w.factory.address, w.projects.address, w.avatar.holdings()]
    for name, count in (("FundHoldings", 3), ("FundAvatar", 4)):
        for missing in range(count):
            given = [ZERO if i == missing else part for i, part in enumerate(parts[:count])]
            with reverts("FundAvatar_ZeroAddress"):
                deploy(w.node, w.book, getattr(w.project, name), *given, by=w.deployer)
    for given in ((ZERO, w.avatar.address), (w.factory.address, ZERO)):
        with reverts("FundFactory_ZeroAddress"):
            deploy(w.node, w.book, w.project.FundFactory, *given, by=w.deployer)


def test_contracts_know_each_other(w):
    for one in (w.avatar, w.avatar):
        assert (one.factory(), one.campaigns(), one.projects()) == (
            w.funds.address,
            w.factory.address,
            w.projects.address,
        )
    assert (w.funds.campaigns(), w.funds.implementation()) == (w.factory.address, w.avatar.address)
