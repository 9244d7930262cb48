"""The waterfall against worked examples that others published."""

from fractions import Fraction

import pytest

from tests.contracts.funds.lives.published import EXAMPLES, SCALE
from tests.contracts.model.waterfall import YEAR, Waterfall

BEGUN = 1_800_000_000


def played(example, rounded):
    """The waterfall after all that the example tells, its last split, and the second of it."""
    terms = {"hurdle": example.hurdle, "carry": example.carry, "catchUp": example.catch_up}
    fall, split, now = Waterfall(terms, BEGUN, rounded), None, BEGUN
    flows = [(years, amount, fall.contribute) for years, amount in example.paid]
    flows += [(years, amount, fall.distribute) for years, amount in example.distributed]
    for years, amount, flow in sorted(flows, key=lambda one: one[0]):
        now = BEGUN + int(years * YEAR)
        split = flow(amount * SCALE, now) or split
    return fall, split, now


@pytest.mark.parametrize("rounded", [True, False], ids=["rounded", "exact"])
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_the_model_agrees_with_published_waterfalls(example, rounded):
    fall, split, now = played(example, rounded)
    assert (fall.to_partners, fall.to_organisation) == (
        example.partners * SCALE,
        example.organisation * SCALE,
    )
    if example.parts:
        said = (split.capital, split.hurdle, split.catch_up, split.rest, split.carry)
        assert said == tuple(Fraction(part) * SCALE for part in example.parts)
    assert fall.clawback(now) == example.clawback * SCALE
