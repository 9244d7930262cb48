"""Loans and shares of the investors citizen, neighbour and third; the sponsor is qualified."""

import pytest

from tests.contracts.kit.raising import LOAN, LONG_LOAN, SHARE

UNIT = 100


@pytest.fixture(scope="module")
def investing(raising):
    w = raising.w
    raising.identify(w.citizen, w.neighbour, w.third)
    raising.identify(w.sponsor, qualified=True)
    return raising


@pytest.fixture
def loan(w, investing):
    """A loan of 1,200 from three investors in two milestones of half each, funded and not released."""
    made = investing.campaign(LOAN, milestones=[5_000, 5_000], loan=LONG_LOAN, milestoneTerm=10**9)
    for who, amount in ((w.citizen, 600), (w.neighbour, 400), (w.third, 200)):
        investing.pledge(made, who, amount, city=0)
    investing.end(made)
    return made


@pytest.fixture
def share(w, investing):
    """Twelve units of 100, of three investors, in two milestones of half each, funded and not released."""
    made = investing.campaign(SHARE, milestones=[5_000, 5_000], unitPrice=UNIT, milestoneTerm=10**9)
    for who, amount in ((w.citizen, 600), (w.neighbour, 400), (w.third, 200)):
        investing.pledge(made, who, amount, city=0)
    investing.end(made)
    return made
