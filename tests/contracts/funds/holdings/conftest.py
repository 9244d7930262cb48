"""A fund with cash, and campaigns of one project in it: `fund` has 12,000 of the 30,000 committed to it."""

import pytest

from tests.contracts.kit.funding import YEAR
from tests.contracts.kit.raising import DONATION, LOAN, LONG_LOAN, SHARE
from tests.contracts.kit.world import h

CASH = 12_000
HALVES = {"milestones": [5_000, 5_000], "milestoneTerm": 10**9}


@pytest.fixture(scope="module")
def fund(funding):
    """Of three partners, who paid; identified as a qualified investor."""
    made = funding.qualify(funding.closed())
    funding.call_paid(made, CASH)
    return made


@pytest.fixture(scope="module")
def parent(funding):
    """The same, of a mandate that lets it commit a third to one other fund."""
    made = funding.closed({"mayCommit": True, "largestShare": 3_333})
    funding.call_paid(made, CASH)
    return made


@pytest.fixture(scope="module")
def child(funding, parent):
    """A fund that three partners and `parent` are admitted to, with the partners' 30,000, still forming."""
    made = funding.launch()
    funding.admit(made, *funding.partners, parent.address)
    for partner in funding.partners:
        funding.commit(made, partner, 10_000)
    return made


@pytest.fixture(scope="module")
def raising(funding):
    """Two citizens are identified too."""
    funding.raising.identify(funding.w.citizen, funding.w.neighbour)
    return funding.raising


@pytest.fixture(autouse=True)
def undone(w):
    """What a test does is undone, and so is what its fixtures do: this comes before them."""


@pytest.fixture
def manager(w):
    return w.fund_manager


@pytest.fixture
def invest(manager):
    """Invests by the edition of the terms that there is."""

    def act(fund, campaign, amount, tier=0):
        return fund.invest(campaign.address, amount, tier, campaign.stateOf().edition, by=manager)

    return act


@pytest.fixture
def donation(raising):
    return raising.campaign(DONATION, **HALVES)


@pytest.fixture
def share(raising):
    """Units of 100, the whole is released at once."""
    return raising.campaign(SHARE, unitPrice=100)


@pytest.fixture
def earning(w, raising, fund, share, invest):
    """The fund has 600 of 1,200 in it; all is released; `give(amount)` distributes."""
    invest(fund, share, 600)
    raising.pledge(share, w.citizen, 600, city=0)
    raising.end(share)
    share.release(by=w.stranger)

    def give(amount):
        raising.give(w.partner, amount, share.address)
        return share.distribute(amount, by=w.partner)

    share.give = give
    return share


@pytest.fixture
def loan(w, raising, fund, invest):
    """The fund has 600 of 1,200 in it, in two halves of which none is released."""
    made = raising.campaign(LOAN, loan=LONG_LOAN, **HALVES)
    invest(fund, made, 600)
    raising.pledge(made, w.citizen, 600, city=0)
    raising.end(made)
    return made


@pytest.fixture
def mark(w):
    def act(fund, holding, value, company=0, as_of=None):
        day = w.now if as_of is None else as_of
        return fund.mark(holding.address, value, company, day, h("report"), by=w.appraiser)

    return act


@pytest.fixture
def harvest(w):
    """Travels to the end of the investment period."""

    def act(fund):
        w.node.travel_to(fund.booksOf().closedAt + 5 * YEAR)

    return act


def changes(before, after):
    """Of books or holding, what is different by how much."""
    return {
        name: after[name] - before[name]
        for name in before
        if after[name] != before[name] and name not in ("feeDue", "preferred", "accruing")
    }
