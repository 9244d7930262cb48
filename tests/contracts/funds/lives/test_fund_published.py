"""The waterfall, the model's and the contract's, against worked examples that others published."""

from fractions import Fraction

import pytest

from tests.contracts.funds.lives.published import EXAMPLES, SCALE
from tests.contracts.kit.funding import ENDED, YEAR
from tests.contracts.kit.raising import SHARE
from tests.contracts.kit.world import h
from tests.contracts.model.waterfall import Waterfall

BEGUN = 1_800_000_000


def flows_of(example):
    flows = [(years, "paid", amount * SCALE) for years, amount in example.paid]
    flows += [(years, "distributed", amount * SCALE) for years, amount in example.distributed]
    return sorted(flows, key=lambda flow: flow[0])


def parts_of(example):
    return tuple(Fraction(part) * SCALE for part in example.parts)


# ----------------------------------------------------------------------- model


@pytest.mark.parametrize("rounded", [True, False], ids=["rounded", "exact"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_model_agrees_with_published_waterfalls(example, rounded):
    terms = {"hurdle": example.hurdle, "carry": example.carry, "catchUp": example.catch_up}
    fall, split, now = Waterfall(terms, BEGUN, rounded), None, BEGUN
    for years, kind, amount in flows_of(example):
        now = BEGUN + int(years * YEAR)
        if kind == "paid":
            fall.contribute(amount, now)
        else:
            split = fall.distribute(amount, now)
    assert fall.to_partners == example.partners * SCALE
    assert fall.to_organisation == example.organisation * SCALE
    if example.parts:
        assert (split.capital, split.hurdle, split.catch_up, split.rest, split.carry) == parts_of(example)
    assert fall.clawback(now) == example.clawback * SCALE


# -------------------------------------------------------------------- contract


class Fund:
    """A fund of one partner, whose companies pay what an example distributes."""

    def __init__(self, w, funding, example):
        self.w, self.funding, self.whole = w, funding, sum(amount for _, amount in example.paid) * SCALE
        rates = {"hurdle": example.hurdle, "carry": example.carry, "catchUp": example.catch_up}
        self.fund = funding.qualify(funding.launch(managementFee=0, **rates))
        funding.admit(self.fund, w.citizen)
        funding.commit(self.fund, w.citizen, self.whole)
        self.fund.close(by=w.fund_manager)
        self.begun, self.company = w.now, None

    def paid(self, amount):
        """Called and paid in one second, and put in a company of their own."""
        w, funding, fund = self.w, self.funding, self.fund
        funding.call(fund, amount)
        funding.pay(fund, w.citizen)
        self.company = company = funding.raising.campaign(SHARE, goal=1, unitPrice=1)
        fund.invest(company.address, amount, 0, 1, by=w.fund_manager)
        funding.raising.end(company)
        company.release(by=w.stranger)

    def distributed(self, amount):
        author = self.funding.raising.author
        self.funding.raising.give(author, amount, self.company.address)
        self.company.distribute(amount, by=author)
        self.fund.collect(self.company.address, by=self.w.stranger)
        return self.fund.distribute(amount, by=self.w.fund_manager).one("ProceedsDistributed")

    def conclude(self):
        """What is still at cost is lost."""
        self.fund.writeOff(self.company.address, h("lost"), by=self.w.fund_manager)
        self.w.node.travel_to(self.fund.booksOf().endsAt)
        return self.fund.conclude(by=self.w.stranger).one("FundConcluded").clawback


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_contract_agrees_with_published_waterfalls(w, funding, example):
    lived, split = Fund(w, funding, example), None
    for years, kind, amount in flows_of(example):
        w.node.travel_to(lived.begun + int(years * YEAR))
        split = getattr(lived, kind)(amount) or split
    books = lived.fund.booksOf()
    assert books.toPartners == example.partners * SCALE
    assert books.toOrganisation == example.organisation * SCALE
    if example.parts:
        assert (split.capital, split.hurdle, split.catchUp, split.rest, split.carry) == parts_of(example)
    if example.clawback:
        assert lived.conclude() == example.clawback * SCALE
        assert lived.fund.phase() == ENDED
