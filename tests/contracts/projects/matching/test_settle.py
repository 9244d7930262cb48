"""settle: the match that follows from the pledges, whoever pushes it on and in how many steps."""

from math import isqrt

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import ASSIGNING, CROWD, DONATION, SETTLED, WEIGHING
from tests.contracts.kit.world import h

MANY = 240


def weight_of(counts, limit=1_000):
    """(Σ √c)² − Σ c, roots of c × 2^64 rounded down."""
    counts = [min(count, limit) for count in counts]
    roots = sum(isqrt(count << 64) for count in counts)
    return max(0, (roots * roots >> 64) - sum(counts))


def matches_of(budget, weights):
    total = sum(weights)
    return weights if total <= budget else [weight * budget // total for weight in weights]


@pytest.fixture
def backed(w, raising):
    """Campaigns of a round, each with the pledges of citizen, neighbour and third that are given."""

    def made(number, *pledges, goal=1):
        campaigns = [raising.campaign(round_id=number, goal=goal) for _ in pledges]
        for campaign, amounts in zip(campaigns, pledges, strict=True):
            for who, amount in zip((w.citizen, w.neighbour, w.third), amounts, strict=False):
                if amount:
                    raising.pledge(campaign, who, amount)
        return campaigns

    return made


def assigned(w, number, campaigns):
    return [w.pool.tallyOf(number, campaign.address).assigned for campaign in campaigns]


# --------------------------------------------------------------------- the match


def test_match_is_the_weight_where_the_budget_suffices(w, raising, backed):
    """Three people with 100 each: (3 × 10)² − 300 = 600; one person alone: nothing."""
    number = raising.open_round(10_000)
    campaigns = backed(number, (100, 100, 100), (900,))
    tx = raising.settle(number)
    assert assigned(w, number, campaigns) == [600, 0]
    first, second = (campaign.address for campaign in campaigns)
    assert tx.all("CampaignWeighed") == [
        {"roundId": number, "campaign": first, "funded": True, "weight": 600},
        {"roundId": number, "campaign": second, "funded": True, "weight": 0},
    ]
    assert tx.all("MatchAssigned") == [
        {"roundId": number, "campaign": first, "amount": 600},
        {"roundId": number, "campaign": second, "amount": 0},
    ]
    tx.shows("RoundSettled", roundId=number, weight=600, assigned=600, rest=9_400)
    round_ = w.pool.roundOf(number)
    assert (round_.step, round_.weight, round_.assigned, round_.rest) == (SETTLED, 600, 600, 9_400)
    assert w.pool.tallyOf(number, first).weight == 600


def test_match_is_a_share_of_the_budget_where_it_does_not_suffice(w, raising, backed):
    pledges = (100, 100, 100), (50, 70, 900), (1, 2, 3), (999, 0, 1_000), (0, 0, 5)
    number = raising.open_round(1_000)
    campaigns = backed(number, *pledges)
    raising.settle(number)
    weights = [weight_of([amount for amount in one if amount]) for one in pledges]
    assert sum(weights) > 1_000
    assert [w.pool.tallyOf(number, one.address).weight for one in campaigns] == weights
    matches = matches_of(1_000, weights)
    assert assigned(w, number, campaigns) == matches
    round_ = w.pool.roundOf(number)
    assert (round_.weight, round_.assigned, round_.rest) == (
        *(sum(weights), sum(matches)),
        1_000 - sum(matches),
    )
    assert 0 < round_.rest < len(campaigns), "dust alone"


def test_many_small_pledges_outweigh_one_large(w, raising):
    """Nine people with 16 each: (9 × 4)² − 144 = 1,152; one with 1,000 gets nothing, though it gave more."""
    number = raising.open_round()
    crowd, alone = (raising.campaign(round_id=number, goal=1) for _ in range(2))
    for person in raising.citizens(9):
        with w.acting_as(person):
            raising.pledge(crowd, person, 16)
    raising.pledge(alone, w.citizen, 1_000)
    raising.settle(number)
    assert assigned(w, number, (crowd, alone)) == [weight_of([16] * 9), 0] == [1_152, 0]


def test_amounts_as_large_as_they_come_are_exact(w, raising):
    """Eighteen decimals and a billion roubles a person: no rounding that a model would not have."""
    amounts = [10**27 + 7, 10**27, 3 * 10**26 + 1, 10**18, 1]
    number = raising.open_round(10**28, personLimit=10**27)
    campaign = raising.campaign(round_id=number, goal=1, cap=2**96 - 1)
    people = [w.citizen, w.neighbour, w.third, *raising.citizens(2)]
    for who, amount in zip(people, amounts, strict=True):
        with w.acting_as(who):
            raising.pledge(campaign, who, amount)
    raising.settle(number)
    tally = w.pool.tallyOf(number, campaign.address)
    assert tally.weight == tally.assigned == weight_of(amounts, 10**27)


def test_largest_numbers_fit(w, raising):
    """A budget, limit and pledges of 2^96 − 1."""
    most = 2**96 - 1
    number = raising.open_round(most, personLimit=most)
    campaigns = [raising.campaign(round_id=number, goal=1) for _ in range(2)]
    for campaign in campaigns:
        raising.pledge(campaign, w.guest, 1, city=0)
        with w.acting_as(campaign.address) as itself:
            for person in (w.citizen, w.neighbour, w.third):
                w.pool.countPledge(number, person, w.nullifier(w.city, person), w.city, most, by=itself)
    raising.settle(number)
    weight = weight_of([most] * 3, most)
    assert assigned(w, number, campaigns) == matches_of(most, [weight, weight])


def test_weight_below_nothing_is_nothing(w, raising):
    """A single root is rounded down: its square may be less than the amount."""
    number = raising.open_round(personLimit=2**96 - 1)
    campaign = raising.campaign(round_id=number, goal=1)
    raising.pledge(campaign, w.citizen, 2**59 + 1)
    tally = w.pool.tallyOf(number, campaign.address)
    assert tally.roots**2 >> 64 < tally.sum
    raising.settle(number)
    assert assigned(w, number, [campaign]) == [0]


def test_q3_a_tally_is_the_sum_over_the_people_who_count(w, raising, backed):
    number = raising.open_round(minMerits=10)
    w.earn(w.citizen, 10)
    w.earn(w.third, 10)
    (campaign,) = backed(number, (1_500, 700, 20))
    tally = w.pool.tallyOf(number, campaign.address)
    roots = isqrt(1_000 << 64) + isqrt(20 << 64)
    assert (tally.roots, tally.sum, tally.people) == (roots, 1_020, 2)


# ------------------------------------------------------------ campaigns that failed


def test_failed_campaigns_part_goes_to_the_others(w, raising, backed):
    number = raising.open_round(700, redistribute=True)
    good, other = backed(number, (100, 100, 100), (36, 36, 36))
    (failed,) = backed(number, (400, 400, 400), goal=5_000)
    tx = raising.settle(number)
    weights = [600, 216, 0]
    assert [one.weight for one in tx.all("CampaignWeighed")] == weights
    assert [one.funded for one in tx.all("CampaignWeighed")] == [True, True, False]
    assert assigned(w, number, (good, other, failed)) == matches_of(700, weights) == [514, 185, 0]


def test_failed_campaigns_part_goes_back_to_the_city(w, raising, backed):
    number = raising.open_round(700, redistribute=False)
    good, other = backed(number, (100, 100, 100), (36, 36, 36))
    (failed,) = backed(number, (400, 400, 400), goal=5_000)
    tx = raising.settle(number)
    weights = [600, 216, 2_400]
    assert [one.weight for one in tx.all("CampaignWeighed")] == weights
    shares = matches_of(700, weights)
    assert assigned(w, number, (good, other, failed)) == [*shares[:2], 0]
    assert w.pool.roundOf(number).rest == 700 - sum(shares[:2])


@pytest.mark.parametrize("redistribute", [True, False])
def test_stopped_campaign_gets_nothing(w, raising, backed, redistribute):
    number = raising.open_round(10_000, redistribute=redistribute)
    stopped, good = backed(number, (100, 100, 100), (100, 100, 100))
    stopped.stop(h("reason"), by=raising.author)
    raising.settle(number)
    assert assigned(w, number, (stopped, good)) == [0, 600]
    with reverts("MatchingPool_Nothing", number):
        w.pool.payMatch(number, stopped.address, by=w.stranger)


def test_round_in_which_all_failed_leaves_the_whole_budget(w, raising, backed):
    number = raising.open_round(700)
    failed = backed(number, (36, 36, 36), (1, 1, 1), goal=5_000)
    raising.settle(number)
    assert assigned(w, number, failed) == [0, 0]
    assert w.pool.roundOf(number).rest == 700


def test_round_without_campaigns_is_settled_at_once(w, raising):
    number = raising.open_round(700)
    raising.close(number)
    tx = w.pool.settle(number, 1, by=w.stranger)
    tx.shows("RoundSettled", roundId=number, weight=0, assigned=0, rest=700)


# ------------------------------------------------------------------------- steps


def test_settle_in_steps_by_anybody_gives_the_same(w, raising, backed):
    pledges = [(10 + i, 20, 3 * i) for i in range(5)]
    number = raising.open_round(100)
    campaigns = backed(number, *pledges)
    raising.close(number)
    steps = []
    for who in (w.stranger, w.citizen, w.guest, w.steward, w.sponsor):
        w.pool.settle(number, 2, by=who)
        round_ = w.pool.roundOf(number)
        steps.append((round_.step, round_.next))
    assert steps == [(WEIGHING, 2), (WEIGHING, 4), (ASSIGNING, 1), (ASSIGNING, 3), (SETTLED, 5)]
    matches = matches_of(100, [weight_of([amount for amount in one if amount]) for one in pledges])
    assert assigned(w, number, campaigns) == matches
    assert w.pool.roundOf(number).rest == 100 - sum(matches)


def test_campaign_stopped_between_weighing_and_assigning_forfeits_when_paid(w, raising, backed):
    number = raising.open_round(10_000)
    first, second = backed(number, (100, 100, 100), (36, 36, 36))
    raising.close(number)
    w.pool.settle(number, 2, by=w.stranger)
    first.stop(h("reason"), by=raising.author)
    w.pool.settle(number, 2, by=w.stranger)
    assert assigned(w, number, (first, second)) == [600, 216]
    w.pool.payMatch(number, first.address, by=w.stranger).shows(
        "MatchForfeited", roundId=number, campaign=first.address, amount=600
    )
    assert w.pool.roundOf(number).rest == 10_000 - 216


def at_once(w, calls):
    """Transactions of (sender, receiver, call data), many in a block: one by one they take their time."""
    w.node.request("evm_setAutomine", False)
    w.node.request("anvil_autoImpersonateAccount", True)
    for start in range(0, len(calls), 40):
        w.node.requests(("eth_sendTransaction", [_transaction(*call)]) for call in calls[start : start + 40])
        w.node.request("evm_mine")
    w.node.request("anvil_autoImpersonateAccount", False)
    w.node.request("evm_setAutomine", True)


def _transaction(sender, to, data):
    return {"from": sender, "to": to, "data": "0x" + data.hex(), "gas": hex(700_000), "gasPrice": "0x0"}


def test_q1_the_match_never_exceeds_the_budget_over_hundreds_of_campaigns(w, raising):
    """Settled in steps, each within a block's gas; the dust is less than one base unit a campaign."""
    budget = 100_003
    number, token = raising.open_round(budget), raising.token
    terms = raising.terms(goal=1)
    create = w.factory.create.data(raising.project, DONATION, number, token.address, terms)
    at_once(w, [(raising.author, w.factory.address, create)] * MANY)
    asked = [w.pool.campaignAt.request(number, i) for i in range(MANY)]
    campaigns = [w.pool.campaignAt.answer(one) for one in w.node.requests(asked)]
    token.mint(w.guest, MANY, by=w.deployer)
    at_once(w, [(w.guest, token.address, token.approve.data(one, 1)) for one in campaigns])
    given = {"amount": 1, "cityId": 0, "tier": 0, "source": CROWD, "edition": 1}
    pledge = raising.campaign().pledge.data(given)
    at_once(w, [(w.guest, one, pledge) for one in campaigns])
    pledges = [[1 + (i * 37 + k * 101) % 997 for k in range(i % 4)] for i in range(MANY)]
    people = (w.citizen, w.neighbour, w.third)
    names = {person: w.nullifier(w.city, person) for person in people}
    counted = [
        (campaign, w.pool.address, w.pool.countPledge.data(number, person, names[person], w.city, count))
        for campaign, counts in zip(campaigns, pledges, strict=True)
        for person, count in zip(people, counts, strict=False)
    ]
    at_once(w, counted)

    raising.close(number)
    receipts = []
    while w.pool.roundOf(number).step != SETTLED:
        receipts.append(w.pool.settle(number, 70, by=w.stranger))
    assert len(receipts) == -(-2 * MANY // 70)
    assert max(tx.gas for tx in receipts) < 3_000_000
    weights = [weight_of(counts) for counts in pledges]
    matches = matches_of(budget, weights)
    assert sum(weights) > budget >= sum(matches) > budget - MANY
    made = [one for tx in receipts for one in tx.all("MatchAssigned")]
    assert [(one.campaign, one.amount) for one in made] == list(zip(campaigns, matches, strict=True))
    receipts[-1].shows(
        "RoundSettled",
        **{"roundId": number, "weight": sum(weights), "assigned": sum(matches)},
        rest=budget - sum(matches),
    )


# ---------------------------------------------------------------------- failures


def test_settle_from_the_second_of_closing_and_not_before(w, raising, backed):
    number = raising.open_round()
    backed(number, (1, 1, 1))
    closes = w.pool.roundOf(number).closes
    w.node.travel_to(closes - 1)
    with reverts("MatchingPool_StillRunning", number, closes, closes - 1):
        w.pool.settle(number, 9, by=w.stranger)
    w.node.travel_to(closes)
    w.pool.settle(number, 9, by=w.stranger)
    with reverts("MatchingPool_WrongStep", number, SETTLED):
        w.pool.settle(number, 9, by=w.stranger)


def test_settle_reverts_when_no_step_is_asked_for(w, raising):
    number = raising.open_round()
    raising.close(number)
    with reverts("MatchingPool_BadTerms", b"steps".ljust(32, b"\0")):
        w.pool.settle(number, 0, by=w.stranger)


def test_settle_reverts_when_round_unknown(w):
    with reverts("MatchingPool_UnknownRound", 9):
        w.pool.settle(9, 1, by=w.stranger)


def test_rounds_of_one_token_take_nothing_from_each_other(w, raising, backed):
    rich, poor = raising.open_round(10_000), raising.open_round(30)
    (one,), (other,) = backed(rich, (100, 100, 100)), backed(poor, (100, 100, 100))
    raising.settle(rich)
    w.pool.settle(poor, 9, by=w.stranger)
    assert (assigned(w, rich, [one]), assigned(w, poor, [other])) == ([600], [30])
