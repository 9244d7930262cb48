"""claim, claimTo: what was credited to a holder's units."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts


@pytest.fixture
def credited(w, funding, closed):
    """9,000 were paid, 3,000 of them distributed again."""
    funding.call_paid(closed, 9_000)
    funding.distribute(closed, 3_000)
    return closed


def test_claim_pays_what_was_credited(w, funding, credited):
    assert credited.claimableOf(w.citizen) == 1_000
    tx = credited.claim(w.citizen, by=w.stranger)
    tx.shows("DistributionClaimed", partner=w.citizen, to=w.citizen, amount=1_000)
    assert funding.token.balanceOf(w.citizen) == 1_000
    assert credited.claimableOf(w.citizen) == 0
    with reverts("FundAvatar_Nothing", w.citizen):
        credited.claim(w.citizen, by=w.citizen)


def test_claim_to_another_address(w, funding, credited):
    tx = credited.claimTo(w.stranger, by=w.citizen)
    tx.shows("DistributionClaimed", partner=w.citizen, to=w.stranger, amount=1_000)
    assert funding.token.balanceOf(w.stranger) == 1_000
    with reverts("FundAvatar_ZeroAddress"):
        credited.claimTo(ZERO, by=w.neighbour)


def test_claim_of_somebody_without_units(w, credited):
    with reverts("FundAvatar_Nothing", w.stranger):
        credited.claim(w.stranger, by=w.stranger)


def test_claims_wait_until_what_is_late_is_paid(w, funding, credited):
    funding.call(credited, 6_000)
    credited.claim(w.neighbour, by=w.neighbour)
    funding.pass_due(credited)
    for refused in (
        lambda: credited.claim(w.citizen, by=w.citizen),
        lambda: credited.claimTo(w.stranger, by=w.citizen),
    ):
        with reverts("FundAvatar_Late", w.citizen, 2_000):
            refused()
    funding.pay(credited, w.citizen)
    credited.claim(w.citizen, by=w.citizen)


def test_a_fund_is_paid_by_its_own_collect_alone(w, funding, credited):
    other = funding.launch()
    with reverts("FundAvatar_FundCollects", other.address):
        credited.claim(other.address, by=w.stranger)


def test_credits_add_up_over_distributions_and_payments(w, funding, credited):
    funding.call(credited, 6_000)
    funding.pay(credited, w.citizen)  # 5,000 units of 11,000
    for partner in (w.neighbour, w.third):
        funding.pay(credited, partner)
    funding.pass_due(credited)
    funding.distribute(credited, 1_500)
    assert [credited.claimableOf(one) for one in funding.partners] == [1_500] * 3


def test_what_does_not_divide_goes_along_with_the_next_distribution(w, funding, closed):
    funding.call_paid(closed, 9)
    each = [closed.claimableOf(one) for one in funding.partners]
    assert each == [0] * 3
    for _ in range(3):
        funding.distribute(closed, 1)
        w.node.travel(1)
    assert [closed.claimableOf(one) for one in funding.partners] == [1] * 3
