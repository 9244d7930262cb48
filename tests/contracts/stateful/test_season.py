"""Random seasons of two cities: every step against a model of the rules, every invariant after it.

`make test` plays a few, always the same; `make fuzz` plays many, others each time.
"""

import os
from time import time_ns
from typing import ClassVar

from tests.contracts.stateful.invariants import Invariants
from tests.contracts.stateful.merit_rules import MeritRules
from tests.contracts.stateful.play import play, search
from tests.contracts.stateful.reward_rules import RewardRules

FUZZ = bool(os.environ.get("FUZZ"))
GAMES = int(os.environ.get("GAMES", 400 if FUZZ else 8))
STEPS = int(os.environ.get("STEPS", 150))


class Season(MeritRules, RewardRules, Invariants):
    draws: ClassVar = MeritRules.draws | RewardRules.draws
    often: ClassVar = MeritRules.often | RewardRules.often


REACHED = {
    *("Awarded", "EpochClaimed", "AwardReversed", "Recovered", "AccountMoved", "PoolFunded"),
    *("Redeemed", "VoucherFulfilled", "VoucherRefunded"),
    *("MeritLedger_BudgetExceeded", "MeritLedger_CapExceeded", "MeritLedger_TooFewMerits"),
    *("MeritLedger_AlreadyClaimed", "MeritLedger_AlreadyReversed", "MeritLedger_EpochOver"),
    *("RewardMarket_SoldOut", "RewardMarket_VoucherExpired", "RewardMarket_BadSignature"),
}


def test_season(w):
    Season.prepare(w)
    play(Season, GAMES, STEPS, seed=os.environ.get("SEED", str(time_ns()) if FUZZ else "season"))
    missing = REACHED - set(Season.happened)
    assert not missing, f"the games never came to {missing}"


def test_season_searched(w):
    Season.prepare(w)
    search(Season, examples=2 * GAMES, steps=50)
