"""The yearly limit: what a person who is not qualified pledges to loans and shares, and gets back of it."""

from datetime import UTC, datetime

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import DONATION, LOAN, LONG_LOAN, SHARE
from tests.contracts.kit.world import DAY, h

LIMIT = 60_000_000  # kopecks: 600,000 roubles


@pytest.fixture
def limited(investing, w):
    """A limit of 1,000 kopecks, and a token of which a base unit is a kopeck."""
    w.factory.setYearLimit(1_000, by=w.operator)
    return investing


@pytest.fixture
def loan_of(limited):
    def made(**changes):
        return limited.campaign(LOAN, loan=LONG_LOAN, **changes)

    return made


def year(w):
    return datetime.fromtimestamp(w.now, UTC).year


def person(who):
    return h(f"investor {who}")


def used(w, who, of=None):
    return w.factory.usedBy(person(who), of or year(w))


def to_new_year(w, before=0):
    """Travel to the first second of the next year (UTC), or some seconds before it."""
    w.node.travel_to(int(datetime(year(w) + 1, 1, 1, tzinfo=UTC).timestamp()) - before)


def test_limit_of_the_network_is_that_of_the_law(w):
    assert w.factory.yearLimit() == LIMIT


def test_pledge_uses_the_limit(w, limited, loan_of):
    loan = loan_of()
    tx = limited.pledge(loan, w.citizen, 300, city=0)
    tx.shows(
        "LimitUsed", person=person(w.citizen), year=year(w), campaign=loan.address, wallet=w.citizen, used=300
    )
    limited.pledge(loan, w.citizen, 100, city=0)
    assert used(w, w.citizen) == 400


def test_limit_is_over_all_loans_and_shares_and_wallets(w, limited, loan_of):
    rows = [{"person": person(w.citizen), "qualified": False}]
    w.factory.setInvestors([w.guest], rows, by=w.operator)
    limited.pledge(loan_of(), w.citizen, 400, city=0)
    limited.pledge(limited.campaign(SHARE, unitPrice=50), w.guest, 350, city=0)
    with reverts("CampaignFactory_OverYearLimit", person(w.citizen), year(w), 250, 251):
        limited.pledge(loan_of(), w.citizen, 251, city=0)
    limited.pledge(loan_of(), w.citizen, 250, city=0)
    assert used(w, w.citizen) == 1_000


@pytest.mark.parametrize("form", [LOAN, SHARE])
def test_pledge_reverts_when_nobody_knows_the_investor(w, limited, form):
    changes = {"loan": LONG_LOAN} if form == LOAN else {"unitPrice": 1}
    campaign = limited.campaign(form, **changes)
    with reverts("CampaignFactory_UnknownInvestor", w.guest):
        limited.pledge(campaign, w.guest, 100, city=0)


def test_donations_have_no_limit(w, limited):
    limited.pledge(limited.campaign(DONATION), w.citizen, 5_000, city=0)
    assert used(w, w.citizen) == 0


def test_qualified_investor_has_no_limit(w, limited, loan_of):
    loan = loan_of()
    tx = limited.pledge(loan, w.sponsor, 5_000, city=0)
    assert tx.all("LimitUsed") == []
    assert loan.withdraw(w.sponsor, by=w.sponsor).all("LimitUsed") == []


def test_kopecks_are_rounded_up(w, limited):
    token = w.mock("TestToken")
    w.factory.setToken(token.address, 3_000, by=w.operator)  # 30 base units a kopeck
    good, limited.token = limited.token, token
    try:
        loan = limited.campaign(LOAN, loan=LONG_LOAN)
        limited.pledge(loan, w.citizen, 31, city=0)
        assert used(w, w.citizen) == 2
        w.factory.setToken(token.address, 1, by=w.operator)
        limited.pledge(loan, w.citizen, 60, city=0)
        assert used(w, w.citizen) == 4, "the rate is that of the campaign's beginning"
    finally:
        limited.token = good


def test_sum_beyond_all_kopecks_is_over_the_limit_or_a_qualified_investors(w, limited):
    token = w.mock("TestToken")
    w.factory.setToken(token.address, 1, by=w.operator)
    good, limited.token = limited.token, token
    most = 2**64 - 1
    try:
        loan = limited.campaign(LOAN, loan=LONG_LOAN, cap=2**90)
        limited.pledge(loan, w.sponsor, 2**80, city=0)
        with reverts("CampaignFactory_OverYearLimit", person(w.citizen), year(w), 1_000, most):
            limited.pledge(loan, w.citizen, 2**80, city=0)
    finally:
        limited.token = good


# -------------------------------------------------------------------- given back


def test_withdrawal_gives_back_exactly_what_it_took(w, limited, loan_of):
    loan = loan_of()
    limited.pledge(loan, w.citizen, 300, city=0)
    w.node.travel(11 * DAY)
    limited.pledge(loan, w.citizen, 200, city=0)
    limited.pledge(loan, w.citizen, 50, city=0)
    tx = loan.withdraw(w.citizen, by=w.citizen)
    assert (tx.one("PledgeWithdrawn").amount, tx.one("LimitUsed").used) == (250, 300)
    limited.pledge(loan, w.citizen, 700, city=0)
    assert used(w, w.citizen) == 1_000


def test_withdrawing_again_and_again_gives_nothing_away(w, limited, loan_of):
    loan = loan_of()
    limited.pledge(loan, w.citizen, 300, city=0)
    w.node.travel(11 * DAY)
    for _ in range(3):
        limited.pledge(loan, w.citizen, 700, city=0)
        loan.withdraw(w.citizen, by=w.citizen)
        assert used(w, w.citizen) == 300


def test_refund_of_a_failed_campaign_gives_all_of_it_back(w, limited, loan_of):
    loan = loan_of(goal=10_000)
    limited.pledge(loan, w.citizen, 300, city=0)
    w.node.travel(11 * DAY)
    limited.pledge(loan, w.citizen, 200, city=0)
    limited.end(loan)
    tx = loan.refund(w.citizen, by=w.stranger)
    assert (tx.one("PledgeRefunded").amount, tx.one("LimitUsed").used) == (500, 0)
    assert used(w, w.citizen) == 0


def test_refund_of_what_was_stopped_before_a_release_gives_it_back_too(w, limited, loan_of):
    loan = loan_of()
    limited.pledge(loan, w.citizen, 300, city=0)
    loan.stop(h("reason"), by=limited.author)
    loan.refund(w.citizen, by=w.citizen)
    assert used(w, w.citizen) == 0


def test_claims_give_nothing_back(w, limited, loan_of):
    loan = loan_of()
    limited.pledge(loan, w.citizen, 300, city=0)
    limited.end(loan)
    loan.release(by=w.stranger)
    limited.give(w.partner, 300, loan.address)
    loan.repay(300, by=w.partner)
    assert loan.claim(w.citizen, by=w.citizen).all("LimitUsed") == []
    assert used(w, w.citizen) == 300


# ----------------------------------------------------------------------- the year


def test_new_year_has_a_new_limit(w, limited, loan_of):
    to_new_year(w, before=5 * DAY)
    loan, old = loan_of(), year(w)
    limited.pledge(loan, w.citizen, 1_000, city=0)
    to_new_year(w, before=1)
    with reverts("CampaignFactory_OverYearLimit", person(w.citizen), old, 0, 1):
        limited.pledge(loan, w.citizen, 1, city=0)
    to_new_year(w)
    limited.pledge(loan, w.citizen, 1_000, city=0)
    assert (used(w, w.citizen, old), used(w, w.citizen, old + 1)) == (1_000, 1_000)


def test_withdrawal_after_new_year_frees_the_new_year_of_its_own_alone(w, limited, loan_of):
    """The old year's limit is over: what it counted stays where the new year's pledges came on top."""
    to_new_year(w, before=5 * DAY)
    loan, old = loan_of(), year(w)
    limited.pledge(loan, w.citizen, 400, city=0)
    to_new_year(w)
    limited.pledge(loan, w.citizen, 300, city=0)
    assert loan.withdraw(w.citizen, by=w.citizen).one("PledgeWithdrawn").amount == 700
    assert (used(w, w.citizen, old), used(w, w.citizen, old + 1)) == (400, 0)


def test_withdrawal_after_new_year_of_the_old_years_pledge_frees_the_old_year(w, limited, loan_of):
    to_new_year(w, before=5 * DAY)
    loan, old = loan_of(), year(w)
    limited.pledge(loan, w.citizen, 400, city=0)
    to_new_year(w)
    loan.withdraw(w.citizen, by=w.citizen)
    assert (used(w, w.citizen, old), used(w, w.citizen, old + 1)) == (0, 0)


# ------------------------------------------------------------------- persons move


def test_investor_who_becomes_qualified_gets_back_what_was_counted(w, limited, loan_of):
    loan = loan_of()
    limited.pledge(loan, w.citizen, 300, city=0)
    w.factory.setInvestors([w.citizen], [{"person": person(w.citizen), "qualified": True}], by=w.operator)
    limited.pledge(loan, w.citizen, 5_000, city=0)
    loan.withdraw(w.citizen, by=w.citizen)
    assert used(w, w.citizen) == 0


def test_wallet_that_is_anothers_meanwhile_can_still_withdraw(w, limited, loan_of):
    loan = loan_of()
    limited.pledge(loan, w.citizen, 300, city=0)
    w.factory.setInvestors([w.citizen], [{"person": h("somebody else"), "qualified": False}], by=w.operator)
    assert loan.withdraw(w.citizen, by=w.citizen).one("PledgeWithdrawn").amount == 300
    assert (used(w, w.citizen), w.factory.usedBy(h("somebody else"), year(w))) == (300, 0)


def test_recovered_investor_withdraws_and_gets_the_limit_back(w, limited, loan_of):
    loan = loan_of()
    limited.pledge(loan, w.citizen, 300, city=w.city)
    w.recover(w.citizen, w.new_wallet)
    rows = [{"person": person(w.citizen), "qualified": False}]
    w.factory.setInvestors([w.new_wallet], rows, by=w.operator)
    loan.followRecovery(w.citizen, by=w.stranger)
    loan.withdraw(w.new_wallet, by=w.new_wallet)
    assert used(w, w.citizen) == 0


def test_stakes_of_two_wallets_that_become_one_are_refunded_whole(w, limited, loan_of):
    """What of it was in cooling-off is not told apart: a withdrawal leaves it counted, a refund does not."""
    rows = [{"person": person(w.citizen), "qualified": False}]
    w.factory.setInvestors([w.new_wallet], rows, by=w.operator)
    loan = loan_of(goal=10_000)
    limited.pledge(loan, w.citizen, 300, city=w.city)
    limited.pledge(loan, w.new_wallet, 200, city=0)
    w.recover(w.citizen, w.new_wallet)
    loan.followRecovery(w.citizen, by=w.stranger)
    assert loan.withdraw(w.new_wallet, by=w.new_wallet).all("LimitUsed") == []
    assert used(w, w.citizen) == 500
    limited.pledge(loan, w.new_wallet, 100, city=0)
    limited.end(loan)
    loan.refund(w.new_wallet, by=w.stranger)
    assert used(w, w.citizen) == 0
