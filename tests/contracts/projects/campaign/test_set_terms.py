"""initialize, setTerms: what makes sense, and until when it can be changed."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.raising import DONATION, FAILED, LONG_LOAN, STOPPED, UPCOMING
from tests.contracts.kit.world import DAY, h


def test_the_author_sets_them_anew(w, raising, donation):
    terms = raising.terms(goal=7, cap=8, milestones=[1, 9_999], payee=w.sponsor)
    tx = donation.setTerms(terms, by=raising.author)
    shown = {name: terms[name] for name in terms if name not in ("tiers", "loan", "unitPrice")}
    tx.shows("TermsSet", edition=2, **shown)
    assert donation.terms() == terms
    assert donation.stateOf().edition == 2


def test_nobody_else_sets_them(w, raising, donation):
    with reverts("Campaign_NotAuthor", w.partner):
        donation.setTerms(raising.terms(), by=w.partner)


def test_they_stand_from_the_first_pledge_on(w, raising, donation):
    raising.pledge(donation, w.citizen, 1)
    donation.withdraw(w.citizen, by=w.citizen)
    with reverts("Campaign_Frozen"):
        donation.setTerms(raising.terms(), by=raising.author)


def test_no_new_terms_for_a_campaign_that_is_over(w, raising, donation):
    other = raising.campaign()
    other.stop(h("why"), by=raising.author)
    with reverts("Campaign_WrongPhase", STOPPED):
        other.setTerms(raising.terms(), by=raising.author)
    raising.end(donation)
    with reverts("Campaign_WrongPhase", FAILED):
        donation.setTerms(raising.terms(), by=raising.author)


def test_new_terms_before_it_opens(w, raising):
    soon = raising.campaign(opens=w.now + DAY)
    assert soon.phase() == UPCOMING
    soon.setTerms(raising.terms(opens=w.now + 2 * DAY), by=raising.author)


WRONG = {
    "payee": {"payee": ZERO},
    "closes": {"closes": 1},
    "goal": {"goal": 0},
    "cap": {"goal": 2, "cap": 1},
    "vetoShare": {"vetoShare": 10_001},
    "vetoWindow": {"vetoWindow": DAY - 1},
    "milestoneTerm": {"milestoneTerm": 0},
    "content": {"content": bytes(32)},
    "tiers": {"tiers": [{"price": 1, "stock": 1, "content": h("tier")}]},
    "loan": {"loan": LONG_LOAN},
    "unitPrice": {"unitPrice": 1},
}


@pytest.mark.parametrize("field", WRONG)
def test_terms_that_make_no_sense(w, raising, donation, field):
    with reverts("Campaign_BadTerms", field.encode().ljust(32, b"\0")):
        donation.setTerms(raising.terms(**WRONG[field]), by=raising.author)


@pytest.mark.parametrize("milestones", [[], [9_999], [10_000, 1], [0, 10_000], [909] * 10 + [910]])
def test_milestones_that_make_no_sense(w, raising, donation, milestones):
    with reverts("Campaign_BadTerms", b"milestones".ljust(32, b"\0")):
        donation.setTerms(raising.terms(milestones=milestones), by=raising.author)


def test_times_that_do_not_follow_each_other(w, raising, donation):
    for times in (
        {"opens": w.now + 5, "closes": w.now + 5},
        {"opens": w.now - 9, "closes": w.now},
        {"opens": 0, "closes": 2**32, "coolingOff": 0},
    ):
        with reverts("Campaign_BadTerms", b"closes".ljust(32, b"\0")):
            donation.setTerms(raising.terms(**times), by=raising.author)


def test_only_the_factory_sets_up(w, raising, donation):
    for campaign in (donation, w.forms[DONATION]):
        with reverts("Campaign_NotFactory", w.stranger):
            campaign.initialize(1, 1, 0, raising.token.address, 0, raising.terms(), by=w.stranger)


def test_a_campaign_in_a_round_ends_with_it(w, raising):
    round_id = raising.open_round()
    made = raising.campaign(round_id=round_id)
    closes = w.pool.roundOf(round_id).closes
    fits = raising.terms(closes=closes - 10 * DAY)
    made.setTerms(fits, by=raising.author)
    with reverts("MatchingPool_EndsTooLate", round_id, closes + 1, closes):
        made.setTerms(fits | {"closes": fits["closes"] + 1}, by=raising.author)


@pytest.mark.parametrize("name", ["Donation", "Reward", "Loan", "Share"])
def test_an_implementation_needs_all_its_neighbours(w, name):
    places = [w.factory.address, w.projects.address, w.registry.address, w.pool.address]
    for i in range(4):
        with reverts("Campaign_ZeroAddress"):
            w.mock(f"{name}Campaign", *places[:i], ZERO, *places[i + 1 :])
