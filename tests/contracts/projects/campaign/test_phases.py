"""C6, at every boundary: of pledge, withdrawal, refund and release one kind is open."""

import pytest

from tests.contracts.kit.contract import Reverted
from tests.contracts.kit.world import DAY, h


def open_now(w, raising, campaign):
    """What could be done now, by asking the node and changing nothing."""
    given = {"amount": 1, "cityId": 0, "tier": 0, "source": 0, "edition": campaign.stateOf().edition}
    tries = {
        "pledge": lambda: campaign.pledge.call(given, by=w.guest),
        "withdraw": lambda: campaign.withdraw.call(w.citizen, by=w.citizen),
        "refund": lambda: campaign.refund.call(w.citizen, by=w.citizen),
        "release": lambda: campaign.release.call(by=w.stranger),
    }
    found = set()
    for name, attempt in tries.items():
        try:
            attempt()
            found.add(name)
        except Reverted as error:
            if error.error not in ("Campaign_WrongPhase", "Campaign_Nothing", "Campaign_NoReport"):
                raise
    return found


@pytest.fixture
def late(w, raising):
    """Opens in a day; 1,000 are pledged in its last second."""
    made = raising.campaign(opens=w.now + DAY, goal=1_000, milestones=[5_000, 5_000], milestoneTerm=DAY)
    raising.give(w.guest, 10, made.address)
    return made


@pytest.mark.parametrize("amount", [999, 1_000])
def test_c6_no_two_of_pledge_refund_and_release_are_open_at_once(w, raising, late, amount):
    terms = late.terms()
    assert open_now(w, raising, late) == set()
    w.node.travel_to(terms.opens - 1)
    assert open_now(w, raising, late) == set()
    w.node.travel(1)
    assert open_now(w, raising, late) == {"pledge"}
    w.node.travel_to(terms.closes - 1)
    raising.pledge(late, w.citizen, amount)
    assert open_now(w, raising, late) == {"pledge", "withdraw"}
    w.node.travel(1)
    assert open_now(w, raising, late) == {"withdraw"}
    w.node.travel_to(terms.closes + terms.coolingOff - 2)
    assert open_now(w, raising, late) == {"withdraw"}
    w.node.travel(1)
    assert open_now(w, raising, late) == set()
    w.node.travel(1)
    assert open_now(w, raising, late) == ({"release"} if amount == 1_000 else {"refund"})
    if amount == 1_000:
        late.release(by=w.stranger)
        assert open_now(w, raising, late) == set()
        late.stop(h("why"), by=w.moderator)
        assert open_now(w, raising, late) == {"refund"}
