"""claim, claimTo: each backer's part of what came in, whenever they draw it."""

import pytest

from tests.contracts.kit.contract import ZERO, reverts
from tests.contracts.kit.raising import DONATION, SHARE, STOPPED
from tests.contracts.kit.world import h


@pytest.fixture
def earning(w, investing, share):
    """Twelve units, 600 + 400 + 200; half released; `give(amount)` distributes."""
    share.release(by=w.stranger)

    def give(amount):
        investing.give(w.partner, amount, share.address)
        return share.distribute(amount, by=w.partner)

    share.give = give
    return share


def claimable(w, share):
    return [share.claimableOf(who) for who in (w.citizen, w.neighbour, w.third)]


def test_claim_pays_the_backers_part_to_them_by_anybodys_hand(w, investing, earning):
    earning.give(1_200)
    assert claimable(w, earning) == [600, 400, 200]
    tx = earning.claim(w.citizen, by=w.stranger)
    tx.shows("ProceedsClaimed", backer=w.citizen, to=w.citizen, amount=600)
    assert investing.token.balanceOf(w.citizen) == 600
    assert claimable(w, earning) == [0, 400, 200]
    assert earning.positionOf(w.citizen).drawn == 600


def test_claim_again_pays_what_came_since(w, earning):
    earning.give(120)
    earning.claim(w.citizen, by=w.citizen)
    earning.give(240)
    assert claimable(w, earning) == [120, 120, 60]
    assert earning.claim(w.citizen, by=w.citizen).one("ProceedsClaimed").amount == 120
    assert earning.claim(w.neighbour, by=w.neighbour).one("ProceedsClaimed").amount == 120


def test_claims_in_any_order_and_number_come_to_the_same(w, investing, earning):
    """Odd sums: each is rounded down, and what the rounding leaves is less than a base unit a backer."""
    for amount in (7, 101, 1, 13):
        earning.give(amount)
        if earning.claimableOf(w.third):
            earning.claim(w.third, by=w.third)
    for who in (w.neighbour, w.citizen):
        earning.claim(who, by=who)
    drawn = [earning.positionOf(who).drawn for who in (w.citizen, w.neighbour, w.third)]
    assert drawn == [122 * part // 1_200 for part in (600, 400, 200)]
    left = investing.token.balanceOf(earning.address) - 1_200
    assert 0 <= left == 122 - sum(drawn) < 3


def test_claim_to_another_address(w, investing, earning):
    earning.give(1_200)
    tx = earning.claimTo(w.guest, by=w.neighbour)
    tx.shows("ProceedsClaimed", backer=w.neighbour, to=w.guest, amount=400)
    assert investing.token.balanceOf(w.guest) == 400


def test_claim_reverts_when_there_is_nothing(w, earning):
    with reverts("Campaign_Nothing", w.citizen):
        earning.claim(w.citizen, by=w.citizen)
    earning.give(1_200)
    earning.claim(w.citizen, by=w.citizen)
    for who in (w.citizen, w.guest):
        with reverts("Campaign_Nothing", who):
            earning.claim(who, by=who)


def test_claim_reverts_when_sent_to_nobody(w, earning):
    earning.give(1_200)
    with reverts("Campaign_ZeroAddress"):
        earning.claimTo(ZERO, by=w.citizen)


def test_claim_is_no_action_of_a_donation(w, investing):
    donation = investing.campaign(DONATION)
    for call in (donation.claim, donation.claimTo):
        with reverts("Campaign_WrongForm", DONATION):
            call(w.citizen, by=w.citizen)
    assert donation.claimableOf(w.citizen) == 0


def test_repayments_are_claimed_as_distributions_are(w, investing, loan):
    loan.release(by=w.stranger)
    investing.give(w.partner, 300, loan.address)
    loan.repay(300, by=w.partner)
    assert claimable(w, loan) == [150, 100, 50]
    loan.claim(w.third, by=w.stranger).shows("ProceedsClaimed", backer=w.third, to=w.third, amount=50)


# ----------------------------------------------------------------------- stopped


def test_stop_after_a_release_leaves_the_rest_as_proceeds(w, investing, earning):
    """600 of 1,200 are released; the other 600 are drawn as distributions are, and the units stay."""
    earning.give(120)
    earning.claim(w.citizen, by=w.citizen)
    earning.stop(h("reason"), by=investing.author)
    state = earning.stateOf()
    assert (state.phase, state.proceeds) == (STOPPED, 720)
    assert claimable(w, earning) == [300, 240, 120]
    assert [earning.refundableOf(who) for who in (w.citizen, w.neighbour)] == [300, 240]
    tx = earning.refund(w.citizen, by=w.stranger)
    tx.shows("ProceedsClaimed", backer=w.citizen, to=w.citizen, amount=300)
    assert tx.all("PledgeRefunded") == []
    assert earning.positionOf(w.citizen).amount == 600
    earning.refundTo(w.guest, by=w.neighbour).shows(
        "ProceedsClaimed", backer=w.neighbour, to=w.guest, amount=240
    )
    earning.give(12)
    assert claimable(w, earning) == [6, 4, 122]
    with reverts("Campaign_Nothing", w.guest):
        earning.refund(w.guest, by=w.guest)


def test_stop_before_a_release_refunds_all_and_leaves_no_holders(w, investing, share):
    share.stop(h("reason"), by=investing.author)
    assert share.refundableOf(w.citizen) == 600
    share.refund(w.citizen, by=w.stranger).shows(
        "PledgeRefunded", backer=w.citizen, to=w.citizen, principal=600, amount=600
    )
    assert (share.stateOf().proceeds, share.claimableOf(w.neighbour)) == (0, 0)
    with reverts("Campaign_WrongPhase", STOPPED):
        share.distribute(1, by=w.partner)
    share.refundTo(w.guest, by=w.neighbour)
    assert investing.token.balanceOf(w.guest) == 400


# ---------------------------------------------------------------------- recovery


def test_recovered_backer_draws_with_the_new_wallet(w, investing):
    share = investing.campaign(SHARE, unitPrice=100)
    investing.pledge(share, w.citizen, 100, city=w.city)
    investing.pledge(share, w.neighbour, 300, city=0)
    investing.end(share)
    share.release(by=w.stranger)
    investing.give(w.partner, 800, share.address)
    share.distribute(400, by=w.partner)
    share.claim(w.citizen, by=w.citizen)
    w.recover(w.citizen, w.new_wallet)
    tx = share.followRecovery(w.citizen, by=w.stranger)
    assert (tx.one("PledgeMoved").amount, tx.one("PledgeMoved").drawn) == (100, 100)
    share.distribute(400, by=w.partner)
    assert [share.claimableOf(who) for who in (w.citizen, w.new_wallet)] == [0, 100]
    share.claim(w.new_wallet, by=w.stranger)
    assert share.positionOf(w.new_wallet).drawn == 200


def test_two_wallets_that_become_one_draw_what_both_would_have(w, investing):
    investing.identify(w.new_wallet)
    share = investing.campaign(SHARE, unitPrice=100)
    for who, amount, city in ((w.citizen, 300, w.city), (w.new_wallet, 200, 0), (w.neighbour, 500, 0)):
        investing.pledge(share, who, amount, city=city)
    investing.end(share)
    share.release(by=w.stranger)
    investing.give(w.partner, 2_000, share.address)
    share.distribute(999, by=w.partner)
    share.claim(w.citizen, by=w.citizen)
    share.claim(w.new_wallet, by=w.new_wallet)
    drawn = share.positionOf(w.citizen).drawn + share.positionOf(w.new_wallet).drawn
    w.recover(w.citizen, w.new_wallet)
    share.followRecovery(w.citizen, by=w.stranger)
    position = share.positionOf(w.new_wallet)
    assert (position.amount, position.drawn) == (500, drawn)
    share.distribute(1_001, by=w.partner)
    assert share.claimableOf(w.new_wallet) == 1_000 - drawn


# -------------------------------------------------------------------- bad tokens


def test_rejected_backer_blocks_nobody_and_claims_later(w, investing):
    good, investing.token = investing.token, w.mock("BadToken")
    token = investing.token
    try:
        w.factory.setToken(token.address, 100, by=w.operator)
        share = investing.campaign(SHARE, unitPrice=100)
        investing.pledge(share, w.citizen, 100, city=0)
        investing.end(share)
        share.release(by=w.stranger)
        investing.give(w.partner, 50, share.address)
        share.distribute(50, by=w.partner)
        for manner, error in ((2, ("SafeERC20FailedOperation", token.address)), (3, ("BadToken_Refused",))):
            token.behave(manner, by=w.deployer)
            with reverts(*error):
                share.claim(w.citizen, by=w.citizen)
        token.callBack(share.address, share.claim.data(w.citizen), by=w.deployer)
        with reverts("ReentrancyGuardReentrantCall"):
            share.claim(w.citizen, by=w.citizen)
        token.behave(0, by=w.deployer)
        share.claim(w.citizen, by=w.citizen)
        assert token.balanceOf(w.citizen) == 50
    finally:
        investing.token = good
