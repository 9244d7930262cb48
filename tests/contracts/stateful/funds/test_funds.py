"""Random histories of funds: every step against a model of the rules, then every invariant.

`make test` plays a few, always the same; `make fuzz` plays many, others each time.
"""

import os
from time import time_ns
from typing import ClassVar

from tests.contracts.stateful.funds.fund_rules import FundRules
from tests.contracts.stateful.funds.holding_rules import HoldingRules
from tests.contracts.stateful.funds.invariants import FundInvariants
from tests.contracts.stateful.money.campaign_rules import CampaignRules
from tests.contracts.stateful.play import methods, play, search

FUZZ = bool(os.environ.get("FUZZ"))
GAMES = int(os.environ.get("GAMES", 200 if FUZZ else 3))
STEPS = int(os.environ.get("STEPS", 150))


QUIET = dict.fromkeys(methods(CampaignRules, "rule"), 0)  # of campaigns' own steps only what funds live by
LOUD = {"rule_pledge": 2, "rule_report": 2, "rule_release": 2, "rule_stop": 1, "rule_misbehave": 1}


class Funds(HoldingRules, FundInvariants):
    draws: ClassVar = HoldingRules.draws
    often: ClassVar = QUIET | LOUD | FundRules.often | HoldingRules.often


REACHED = {
    *("CapitalCommitted", "CapitalCalled", "CallPaid", "PartnerDefaulted", "Invested", "FundCommitted"),
    *("ProceedsCollected", "HoldingMarked", "FeeTaken", "ProceedsDistributed", "DistributionClaimed"),
    *("FundAvatar_OutsideMandate", "FundAvatar_OverDue", "FundAvatar_Late", "FundAvatar_JustEntered"),
    *("FundAvatar_CommitmentsClosed", "FundAvatar_CallRunning", "FundAvatar_NotLate"),
}


def test_funds(w):
    Funds.prepare(w)
    play(Funds, GAMES, STEPS, seed=os.environ.get("SEED", str(time_ns()) if FUZZ else "funds"))
    missing = REACHED - set(Funds.happened)
    assert not missing, f"the games never came to {missing}"


def test_funds_searched(w):
    Funds.prepare(w)
    search(Funds, examples=GAMES, steps=30)
