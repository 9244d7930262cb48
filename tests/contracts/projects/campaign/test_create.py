"""create: a clone of the form's implementation, for a project that looks for money."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.raising import DONATION, LOAN, LONG_LOAN, REWARD, SHARE
from tests.contracts.kit.world import h

FORMS = {
    DONATION: {},
    REWARD: {"tiers": [{"price": 1, "stock": 1, "content": h("tier")}]},
    LOAN: {"loan": LONG_LOAN},
    SHARE: {"unitPrice": 10},
}


def create(w, raising, form=DONATION, by=None, token=None, project=None, round_id=0, **changes):
    token = token or raising.token.address
    return w.factory.create(
        project or raising.project, form, round_id, token, raising.terms(**changes), by=by or raising.author
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_campaign_of_each_form(w, raising, form):
    made = raising.campaign(form, **FORMS[form])
    assert made.form() == form
    assert (made.projectId(), made.cityId(), made.roundId()) == (raising.project, w.city, 0)
    assert (made.token(), made.feeShare()) == (raising.token.address, w.factory.feeShare())
    assert w.factory.projectOf(made.address) == raising.project
    told = (raising.project, w.city, form, raising.token.address)
    assert tuple(w.factory.campaignOf(made.address).values()) == told
    assert tuple(w.factory.campaignOf(w.stranger).values()) == (0, 0, 0, ZERO)
    assert [made.factory(), made.projects(), made.cities(), made.pool()] == [
        w.factory.address, w.projects.address, w.registry.address, w.pool.address
    ]  # fmt: skip
    code = w.node.request("eth_getCode", made.address, "latest")
    assert w.factory.implementationOf(form).lower()[2:] in code
    assert len(code) == 2 + 2 * 45


def test_who_made_it_is_told(w, raising):
    tx = create(w, raising)
    made = tx.one("CampaignCreated").campaign
    tx.shows(
        "CampaignCreated",
        campaign=made,
        projectId=raising.project,
        cityId=w.city,
        form=DONATION,
        author=raising.author,
        token=raising.token.address,
        roundId=0,
        feeShare=200,
    )
    assert tx.one("TermsSet").edition == 1


def test_only_the_author_makes_one(w, raising):
    with reverts("CampaignFactory_NotAuthor", raising.project, w.citizen):
        create(w, raising, by=w.citizen)
    with reverts("CampaignFactory_NotAuthor", 77, raising.author):
        create(w, raising, project=77)


def test_none_before_financing_or_while_paused(w, raising):
    early = w.projects.openProject(w.city, 0, 0, h("early"), by=raising.author).one("ProjectOpened").projectId
    with reverts("CampaignFactory_WrongStage", early, 1):
        create(w, raising, project=early)
    w.projects.pause(raising.project, h("why"), by=w.moderator)
    with reverts("CampaignFactory_ProjectPaused", raising.project):
        create(w, raising)


def test_only_in_the_operators_money(w, raising):
    other = w.mock("TestToken").address
    for token in (other, ZERO):
        with reverts("CampaignFactory_TokenNotAllowed", token):
            create(w, raising, token=token)
    w.factory.setToken(raising.token.address, 0, by=w.operator)
    with reverts("CampaignFactory_TokenNotAllowed", raising.token.address):
        create(w, raising)


@pytest.mark.parametrize("form", [LOAN, SHARE])
def test_loans_and_shares_are_not_matched(w, raising, form):
    with reverts("CampaignFactory_FormNotMatched", form):
        create(w, raising, form, round_id=1, **FORMS[form])


def test_terms_without_sense_make_none(w, raising):
    with reverts("Campaign_BadTerms", b"goal".ljust(32, b"\0")):
        create(w, raising, goal=0)


@pytest.mark.parametrize("form", [DONATION, REWARD])
def test_what_other_forms_do_is_not_theirs(w, raising, form):
    made = raising.campaign(form, **FORMS[form])
    for act in (
        lambda: made.repay(1, by=w.citizen),
        lambda: made.declareDefault(by=w.citizen),
        lambda: made.distribute(1, by=w.citizen),
        lambda: made.claim(w.citizen, by=w.citizen),
        lambda: made.claimTo(w.citizen, by=w.citizen),
    ):
        with reverts("Campaign_WrongForm", form):
            act()
    assert made.claimableOf(w.citizen) == made.stateOf().proceeds == 0
    assert list(made.loanOf()) == [0, 0, 0, False] or list(made.loanOf().values()) == [0, 0, 0, False]


def test_a_factory_needs_all_its_neighbours(w):
    forms = [one.address for one in w.forms]
    whole = [w.manager.address, w.projects.address, w.pool.address, w.sponsor, 0, 0, forms]
    for i in (1, 2, 3):
        with reverts("CampaignFactory_ZeroAddress"):
            w.mock("CampaignFactory", *whole[:i], ZERO, *whole[i + 1 :])
    for i in range(4):
        with reverts("CampaignFactory_ZeroAddress"):
            w.mock("CampaignFactory", *whole[:6], [*forms[:i], ZERO, *forms[i + 1 :]])
