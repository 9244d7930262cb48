"""Donations and rewards of `raising`'s project."""

import pytest

from tests.contracts.kit.raising import REWARD
from tests.contracts.kit.world import h

HALVES = {"milestones": [5_000, 5_000], "milestoneTerm": 10**6}


@pytest.fixture
def donation(w, raising):
    """Open, of two halves, for 1,000 to 5,000 base units."""
    return raising.campaign(goal=1_000, cap=5_000, **HALVES)


@pytest.fixture
def reward(w, raising):
    """Open; tier 1 costs 100 and there are two, tier 2 costs 500 and there is one."""
    tiers = [{"price": price, "stock": stock, "content": h("tier")} for price, stock in ((100, 2), (500, 1))]
    return raising.campaign(REWARD, tiers=tiers)


@pytest.fixture
def funded(w, raising, donation):
    """The donation with 600 of the citizen's, 300 of the neighbour's, 101 of the third's; not released."""
    for who, amount in ((w.citizen, 600), (w.neighbour, 300), (w.third, 101)):
        raising.pledge(donation, who, amount)
    raising.end(donation)
    return donation


@pytest.fixture
def half(w, funded):
    """After the first milestone: 500 of 1,001 are released."""
    funded.release(by=w.stranger)
    return funded
