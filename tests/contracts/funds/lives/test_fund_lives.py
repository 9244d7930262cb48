"""Random lives of ten years with fifty partners, on the chain beside the model in exact fractions.

`make test` plays one, always the same; `make fuzz` plays many, others each time (`LIVES=`, `SEED=`).
"""

import os
from random import Random
from time import time_ns

import pytest

from tests.contracts.funds.lives.life import Life
from tests.contracts.stateful.play import Table

FUZZ = bool(os.environ.get("FUZZ"))
LIVES = int(os.environ.get("LIVES", 40 if FUZZ else 1))
SEED = os.environ.get("SEED", str(time_ns()) if FUZZ else "lives")


@pytest.fixture
def table(w):
    Life.prepare(w)
    yield Table(Life)
    w.node.request("anvil_autoImpersonateAccount", False)


def test_funds_live_as_the_model_says(table):
    for number in range(LIVES):
        life = table.lay(Life())
        try:
            fund = life.live(Random(f"{SEED} {number}"))
            life.check_f13_events_alone_rebuild_a_fund()
            check_rounding(fund)
            check_nothing_is_left(life, fund)
        except BaseException as failure:
            failure.add_note(f"seed {SEED!r}, life {number}")
            raise
    missing = {"ProceedsDistributed", "PartnerDefaulted", "ProceedsCollected", "FundConcluded"} - {
        *life.happened
    }
    assert not missing, f"the lives never came to {missing}"


def check_rounding(fund):
    """Rounding never favours the organisation, and is at most three base units for each flow."""
    exact, mine = fund.waterfall.exact(), fund.waterfall
    carried = mine.to_organisation + fund.waterfall.returned
    assert exact.to_organisation - 3 * len(mine.flows) <= carried <= exact.to_organisation


def check_nothing_is_left(life, fund):
    """When all have taken what is theirs, less than a base unit for each change of units is left."""
    still = sum(fund.claimable(partner) for partner in fund.seats) + fund.cash
    left = life.tokens[0].balanceOf(fund.address) - still
    assert 0 <= left <= life.settlements[fund.address]
