"""Random histories of campaigns and rounds: every step against a model of the rules, then every invariant.

`make test` plays a few, always the same; `make fuzz` plays many, others each time.
"""

import os
from time import time_ns
from typing import ClassVar

from tests.contracts.stateful.money.campaign_rules import CampaignRules
from tests.contracts.stateful.money.invariants import MoneyInvariants
from tests.contracts.stateful.money.round_rules import RoundRules
from tests.contracts.stateful.play import play, search

FUZZ = bool(os.environ.get("FUZZ"))
GAMES = int(os.environ.get("GAMES", 200 if FUZZ else 6))
STEPS = int(os.environ.get("STEPS", 150))


class Money(CampaignRules, RoundRules, MoneyInvariants):
    draws: ClassVar = CampaignRules.draws | RoundRules.draws
    often: ClassVar = CampaignRules.often | RoundRules.often


REACHED = {
    *("Pledged", "PledgeWithdrawn", "PledgeRefunded", "MilestoneReported", "Objected"),
    *("ReportVoided", "TrancheReleased", "TrancheCollected", "FeeCollected", "CampaignStopped"),
    *("LoanRepaid", "ProceedsClaimed", "MatchAssigned", "RoundSettled"),
    *("Campaign_WrongPhase", "Campaign_OverCap"),
    *("CampaignFactory_OverYearLimit", "SafeERC20FailedOperation", "BadToken_Refused"),
}


def test_money(w):
    Money.prepare(w)
    play(Money, GAMES, STEPS, seed=os.environ.get("SEED", str(time_ns()) if FUZZ else "money"))
    missing = REACHED - set(Money.happened)
    assert not missing, f"the games never came to {missing}"


def test_money_searched(w):
    Money.prepare(w)
    search(Money, examples=GAMES, steps=30)
