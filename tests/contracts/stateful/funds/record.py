"""What a fund's events alone tell: a fund that takes no action, only notes what the events say."""

from __future__ import annotations

from typing import Any

from tests.contracts.model.funds import Fund
from tests.contracts.model.partners import ONE, Call
from tests.contracts.model.portfolios import Holding
from tests.contracts.model.waterfall import Waterfall

ZERO = "0x" + "00" * 20


class FundRecord:
    """`fund` is as its events tell; only times of blocks are known besides."""

    def __init__(self, fund: Fund):
        self.fund = fund

    def fold(self, name: str, e: Any, game: Any) -> None:
        note = getattr(self, f"on_{name}", None)
        if note:
            note(e, game)

    # ------------------------------------------------------------------- launch

    def on_MandateSet(self, e, game):
        self.fund.mandate = dict(e)

    def on_FundTermsSet(self, e, game):
        self.fund.terms |= e
        self.fund.waterfall.terms = self.fund.terms

    on_PartnerTermsSet = on_FundTermsSet

    def on_ManagerReplaced(self, e, game):
        self.fund.manager = e.manager

    def on_AppraiserReplaced(self, e, game):
        self.fund.appraiser = e.appraiser

    # ----------------------------------------------------------------- partners

    def on_PartnerAdmitted(self, e, game):
        self.fund.seat(e.partner).admitted = e.admitted

    def on_CapitalCommitted(self, e, game):
        fund = self.fund
        if fund.closed_at:
            fund.accrue_fee()
            fund.fee += fund.fee_of(e.amount, min(fund.now, fund.invests_until) - fund.closed_at)
        fund.per_unit = e.perUnit
        fund.seat(e.partner).commitment += e.amount
        fund.committed += e.amount
        if e.capital:
            fund.pay_in(e.partner, e.capital)

    def on_CommitmentWithdrawn(self, e, game):
        self.fund.seats[e.partner].commitment = 0
        self.fund.committed -= e.amount

    def on_FundClosed(self, e, game):
        fund = self.fund
        if e.finally_:
            fund.finally_closed = True
            return
        fund.closed_at = fund.fee_at = fund.now
        fund.ends_at = fund.now + fund.terms["life"]
        fund.waterfall = Waterfall(fund.terms, fund.now)

    def on_CapitalCalled(self, e, game):
        self.fund.calls.append(Call(e.called - self.fund.called, self.fund.now, e.dueAt))
        assert self.fund.called <= ONE

    def on_CallPaid(self, e, game):
        self.fund.gains += e.lateFee
        self.fund.cash += e.lateFee
        self.fund.pay_in(e.partner, e.amount)

    def on_PartnerDefaulted(self, e, game):
        self.fund.accrue_fee()
        seat = self.fund.settle(e.partner)
        seat.commitment, seat.defaulted = 0, True
        seat.units -= e.units
        self.fund.committed -= e.commitment

    def on_Transfer(self, e, game):
        values = list(e.values())  # `from` is a word of Python's
        giver, to, amount = values
        if ZERO not in (giver, to):
            self.fund.settle(giver).units -= amount
            self.fund.settle(to).units += amount

    def on_DistributionClaimed(self, e, game):
        self.fund.settle(e.partner).credited -= e.amount

    # ----------------------------------------------------------------- holdings

    def holding(self, address: str, game: Any) -> Holding:
        return self.fund.holdings.setdefault(address, Holding(game.target(address)))

    def on_Invested(self, e, game):
        self.fund.accrue_fee()
        self.fund.put_in(self.holding(e.campaign, game), e.amount, 0)

    def on_InvestmentWithdrawn(self, e, game):
        holding = self.holding(e.campaign, game)
        holding.principal -= e.amount
        assert self.fund.take_out(holding, e.amount) == e.cost

    def on_FundCommitted(self, e, game):
        self.holding(e.fund, game).commitment += e.amount

    def on_FundPaid(self, e, game):
        self.fund.accrue_fee()
        self.fund.put_in(self.holding(e.fund, game), e.amount, e.expense)

    def on_ProceedsCollected(self, e, game):
        fund, holding = self.fund, self.holding(e.holding, game)
        assert fund.take_out(holding, e.amount) == e.cost
        if e.principal:
            fund.losses += e.loss
            holding.cost, holding.value, holding.principal = 0, 0, 0
        elif not holding.is_fund:
            holding.drawn += e.amount

    def on_HoldingWrittenOff(self, e, game):
        self.fund.accrue_fee()
        holding = self.holding(e.holding, game)
        self.fund.losses += e.cost
        holding.cost = holding.value = 0

    def on_HoldingMarked(self, e, game):
        holding = self.holding(e.holding, game)
        holding.value, holding.marked = e.value, e.asOf

    # -------------------------------------------------------------------- money

    def on_FeeTaken(self, e, game):
        fund = self.fund
        fund.fees += e.amount
        fund.cash -= e.amount
        fund.credits[e.manager] = fund.credits.get(e.manager, 0) + e.amount

    def on_CreditTaken(self, e, game):
        self.fund.credits[e.account] -= e.amount

    def on_ProceedsDistributed(self, e, game):
        fund, fall = self.fund, self.fund.waterfall
        fall.pay(e.capital, e.hurdle, fund.now)
        fall.to_partners += e.amount - e.carry
        fall.to_organisation += e.carry
        fund.finally_closed = True
        fund.cash -= e.amount
        fund.escrow += e.escrowed
        fund.owe_organisation(e.carry - e.escrowed)
        fund.per_unit = e.perUnit

    def on_LifeSet(self, e, game):
        self.fund.ends_at = e.endsAt

    def on_FundConcluded(self, e, game):
        fund = self.fund
        fund.concluded = True
        fund.owe_organisation(fund.escrow - e.fromEscrow)
        fund.escrow, fund.clawback = 0, e.clawback - e.fromEscrow
        self.returned(e.fromEscrow, e.perUnit)

    def on_CarryReturned(self, e, game):
        self.fund.clawback -= e.amount
        self.returned(e.amount, e.perUnit)

    def returned(self, amount: int, per_unit: int) -> None:
        self.fund.waterfall.give_back(amount, self.fund.now)
        self.fund.per_unit = per_unit
