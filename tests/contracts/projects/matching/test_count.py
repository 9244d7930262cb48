"""countPledge, countWithdrawal: what a citizen's pledges count for their campaign."""

from math import isqrt

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import DAY


@pytest.fixture
def number(raising):
    return raising.open_round()


@pytest.fixture
def campaign(raising, number):
    return raising.campaign(round_id=number)


def tally_of(*counts):
    """The sums that follow from what counts of each person."""
    standing = [count for count in counts if count]
    return (sum(isqrt(count << 64) for count in standing), sum(standing), len(standing))


def sums(w, number, campaign):
    tally = w.pool.tallyOf(number, campaign.address)
    assert (tally.weight, tally.assigned, tally.paid) == (0, 0, False)
    return tally.roots, tally.sum, tally.people


def test_pledge_of_a_citizen_counts(w, raising, number, campaign):
    tx = raising.pledge(campaign, w.citizen, 50)
    person = w.nullifier(w.city, w.citizen)
    tx.shows(
        "PledgeCounted",
        roundId=number,
        campaign=campaign.address,
        person=person,
        counted=50,
        roots=isqrt(50 << 64),
        sum=50,
    )
    assert w.pool.countedOf(campaign.address, person) == 50
    assert sums(w, number, campaign) == tally_of(50)


def test_pledges_of_a_person_count_as_one(w, raising, number, campaign):
    raising.pledge(campaign, w.citizen, 50)
    raising.pledge(campaign, w.citizen, 30)
    raising.pledge(campaign, w.neighbour, 7)
    assert sums(w, number, campaign) == tally_of(80, 7)


def test_pledges_count_up_to_the_personal_limit(w, raising, number, campaign):
    raising.pledge(campaign, w.citizen, 999)
    assert sums(w, number, campaign) == tally_of(999)
    raising.pledge(campaign, w.citizen, 2)
    assert sums(w, number, campaign) == tally_of(1_000)
    raising.pledge(campaign, w.citizen, 500)
    assert sums(w, number, campaign) == tally_of(1_000)
    assert w.pool.countedOf(campaign.address, w.nullifier(w.city, w.citizen)) == 1_501


def test_limit_is_for_each_campaign(w, raising, number, campaign):
    other = raising.campaign(round_id=number)
    for one in (campaign, other):
        raising.pledge(one, w.citizen, 1_000)
    assert sums(w, number, campaign) == sums(w, number, other) == tally_of(1_000)


@pytest.mark.parametrize("city", [0, 2])
def test_pledge_as_nobodys_or_another_citys_citizen_does_not_count(w, raising, number, campaign, city):
    tx = raising.pledge(campaign, w.citizen, 50, city=city)
    assert tx.all("PledgeCounted") == []
    tx = campaign.withdraw(w.citizen, by=w.citizen)
    assert tx.all("PledgeCounted") == []
    assert sums(w, number, campaign) == tally_of()


def test_pledge_counts_from_the_merits_of_then(w, raising):
    number = raising.open_round(minMerits=20)
    campaign = raising.campaign(round_id=number)
    w.earn(w.citizen, 10)
    raising.pledge(campaign, w.citizen, 50)
    assert sums(w, number, campaign) == tally_of()
    w.earn(w.citizen, 10)
    raising.pledge(campaign, w.citizen, 30)
    assert sums(w, number, campaign) == tally_of(30)


def test_merits_of_a_lifetime_count_whether_spent_or_expired(w, raising):
    w.earn(w.citizen, 20)
    number = raising.open_round(minMerits=20, closes=w.now + 400 * DAY)
    campaign = raising.campaign(round_id=number, closes=w.now + 300 * DAY)
    w.node.travel(100 * DAY)
    assert w.ledger.balanceOf(w.city, w.citizen) == {"expiring": 0, "fresh": 0, "lifetime": 20}
    raising.pledge(campaign, w.citizen, 50)
    assert sums(w, number, campaign) == tally_of(50)


def test_merits_in_another_city_do_not_count(w, raising):
    w.earn(w.citizen, 20, city=w.other_city)
    number = raising.open_round(minMerits=20)
    campaign = raising.campaign(round_id=number)
    raising.pledge(campaign, w.citizen, 50)
    assert sums(w, number, campaign) == tally_of()


# -------------------------------------------------------------------- withdrawal


def test_withdrawal_takes_from_what_counted(w, raising, number, campaign):
    raising.pledge(campaign, w.citizen, 50)
    w.node.travel(11 * DAY)
    raising.pledge(campaign, w.citizen, 30)
    raising.pledge(campaign, w.neighbour, 7)
    tx = campaign.withdraw(w.citizen, by=w.citizen)
    assert (tx.one("PledgeWithdrawn").amount, tx.one("PledgeCounted").counted) == (30, 50)
    assert sums(w, number, campaign) == tally_of(50, 7)


def test_withdrawal_of_all_leaves_nobody(w, raising, number, campaign):
    raising.pledge(campaign, w.citizen, 5_000)
    campaign.withdraw(w.citizen, by=w.citizen)
    assert sums(w, number, campaign) == (0, 0, 0)
    raising.pledge(campaign, w.citizen, 9)
    assert sums(w, number, campaign) == tally_of(9)


def test_withdrawal_takes_no_more_than_counted(w, raising):
    """A pledge without merits and a later one with them are withdrawn together."""
    number = raising.open_round(minMerits=10)
    campaign = raising.campaign(round_id=number)
    raising.pledge(campaign, w.citizen, 50)
    w.earn(w.citizen, 10)
    raising.pledge(campaign, w.citizen, 30)
    tx = campaign.withdraw(w.citizen, by=w.citizen)
    assert (tx.one("PledgeWithdrawn").amount, tx.one("PledgeCounted").counted) == (80, 0)
    assert sums(w, number, campaign) == tally_of()


def test_withdrawal_of_what_never_counted_writes_nothing(w, raising):
    number = raising.open_round(minMerits=10)
    campaign = raising.campaign(round_id=number)
    raising.pledge(campaign, w.citizen, 50)
    assert campaign.withdraw(w.citizen, by=w.citizen).all("PledgeCounted") == []


# ---------------------------------------------------------------------- recovery


def test_recovered_citizen_goes_on_counting_as_the_same_person(w, raising, number, campaign):
    raising.pledge(campaign, w.citizen, 900)
    w.recover(w.citizen, w.new_wallet)
    raising.pledge(campaign, w.new_wallet, 900)
    assert sums(w, number, campaign) == tally_of(1_000)
    assert w.pool.countedOf(campaign.address, w.nullifier(w.city, w.citizen)) == 1_800


def test_withdrawal_after_recovery_is_the_persons(w, raising, number, campaign):
    raising.pledge(campaign, w.citizen, 900)
    w.recover(w.citizen, w.new_wallet)
    campaign.followRecovery(w.citizen, by=w.stranger)
    campaign.withdraw(w.new_wallet, by=w.new_wallet)
    assert sums(w, number, campaign) == (0, 0, 0)


def test_old_wallet_that_withdraws_after_the_recovery_leaves_nothing_counted(w, raising, number, campaign):
    raising.pledge(campaign, w.citizen, 900)
    w.recover(w.citizen, w.new_wallet)
    with w.acting_as(campaign.address) as itself:
        w.pool.countWithdrawal(number, w.citizen, w.city, 900, by=itself)
    assert sums(w, number, campaign) == (0, 0, 0)


# -------------------------------------------------------------------- who and when


@pytest.mark.parametrize("name", ["countPledge", "countWithdrawal"])
def test_counting_reverts_when_not_a_campaign_of_the_round(w, raising, number, campaign, name):
    count, other = getattr(w.pool, name), raising.open_round()
    who = (w.citizen, w.nullifier(w.city, w.citizen)) if name == "countPledge" else (w.citizen,)
    for caller, round_id in ((w.stranger, number), (w.stranger, 0), (w.factory.address, number)):
        with w.acting_as(caller), reverts("MatchingPool_NotItsCampaign", round_id, caller):
            count(round_id, *who, w.city, 1, by=caller)
    with w.acting_as(campaign.address), reverts("MatchingPool_NotItsCampaign", other, campaign.address):
        count(other, *who, w.city, 1, by=campaign.address)


def test_nothing_is_counted_once_the_round_closed(w, raising, number, campaign):
    """No campaign asks for it then; if one did, the sums that the settlement reads would stand."""
    raising.pledge(campaign, w.citizen, 50)
    raising.close(number)
    with w.acting_as(campaign.address) as itself:
        w.pool.countPledge(number, w.neighbour, w.nullifier(w.city, w.neighbour), w.city, 70, by=itself)
        w.pool.countWithdrawal(number, w.citizen, w.city, 50, by=itself)
    assert sums(w, number, campaign) == tally_of(50)


def test_tally_reverts_when_not_a_campaign_of_the_round(w, number):
    with reverts("MatchingPool_NotItsCampaign", number, w.stranger):
        w.pool.tallyOf(number, w.stranger)
