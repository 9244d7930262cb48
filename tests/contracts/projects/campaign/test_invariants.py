"""Invariants of docs/invariants.md that a history shows best."""

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.raising import OPEN, SHARE, Raising
from tests.contracts.kit.world import DAY, h


def blocking(w):
    """A project with money in a token that can reject accounts."""
    return Raising(w, "BadToken")


def reject(w, token, *accounts, yes=True):
    for account in accounts:
        token.setBlocked(account, yes, by=w.deployer)


def test_c5_a_rejected_payee_blocks_nobody(w):
    """Neither payee nor treasury nor one of the backers can be paid: all others go on."""
    made = blocking(w)
    w.factory.setFee(250, w.operator, by=w.operator)
    campaign = made.campaign(goal=300, milestones=[5_000, 5_000])
    for backer in (w.citizen, w.neighbour, w.third):
        made.pledge(campaign, backer, 200)
    reject(w, made.token, made.payee, w.operator, w.neighbour)

    with reverts("BadToken_Refused"):
        campaign.withdraw(w.neighbour, by=w.neighbour)
    campaign.withdraw(w.citizen, by=w.citizen)
    made.pledge(campaign, w.citizen, 200)
    made.end(campaign)
    campaign.release(by=w.relayer)
    with reverts("BadToken_Refused"):
        campaign.collect(made.payee, by=made.payee)
    with reverts("BadToken_Refused"):
        campaign.collectFees(by=w.relayer)
    campaign.report(h("half"), by=made.author)
    w.node.travel(3 * DAY)
    campaign.release(by=w.relayer)
    campaign.collect(w.spare_wallet, by=made.payee)
    assert made.token.balanceOf(w.spare_wallet) == 584  # the fee is rounded up twice

    reject(w, made.token, w.operator, yes=False)
    campaign.collectFees(by=w.relayer)
    assert made.token.balanceOf(campaign.address) == 0


def test_c5_a_rejected_payee_blocks_nobody_refunds(w):
    made = blocking(w)
    campaign = made.campaign(goal=300, milestones=[5_000, 5_000])
    for backer in (w.citizen, w.neighbour, w.third):
        made.pledge(campaign, backer, 200)
    made.end(campaign)
    campaign.release(by=w.relayer)
    reject(w, made.token, made.payee, w.operator, w.neighbour)
    campaign.stop(h("over"), by=made.author)
    with reverts("BadToken_Refused"):
        campaign.refund(w.neighbour, by=w.relayer)
    for backer in (w.citizen, w.third):
        campaign.refund(backer, by=w.relayer)
        assert made.token.balanceOf(backer) == 100
    campaign.refundTo(w.spare_wallet, by=w.neighbour)


def test_c5_a_rejected_payee_blocks_nobody_draws(w):
    made = blocking(w)
    made.identify(w.citizen, w.neighbour)
    campaign = made.campaign(SHARE, goal=100, unitPrice=10)
    for backer in (w.citizen, w.neighbour):
        made.pledge(campaign, backer, 100)
    made.end(campaign)
    campaign.release(by=w.relayer)
    reject(w, made.token, made.payee, w.operator, w.neighbour)
    made.give(w.sponsor, 60, campaign.address)
    campaign.distribute(60, by=w.sponsor)
    campaign.claim(w.citizen, by=w.relayer)
    assert made.token.balanceOf(w.citizen) == 30


def test_c12_a_recovery_moves_a_position_whole(w):
    """To the wallet of today, in the city of the pledge alone; objections count once."""
    made = Raising(w)
    campaign = made.campaign(goal=100, vetoShare=6_000, vetoWindow=10 * DAY, milestones=[5_000, 5_000])
    made.pledge(campaign, w.citizen, 300)
    made.pledge(campaign, w.neighbour, 300)
    w.recover(w.guest, w.newest_wallet, city=2)
    with reverts("Campaign_NotRecovered", 1, w.citizen):
        campaign.followRecovery(w.citizen, by=w.relayer)
    w.recover(w.citizen, w.new_wallet)
    before = campaign.positionOf(w.citizen)
    assert campaign.phase() == OPEN
    campaign.followRecovery(w.citizen, by=w.relayer)
    assert campaign.positionOf(w.new_wallet) == before
    assert set(campaign.positionOf(w.citizen).values()) == {0}

    made.end(campaign)
    campaign.release(by=w.relayer)
    campaign.report(h("half"), by=made.author)
    campaign.object(by=w.new_wallet)
    w.recover(w.new_wallet, w.newer_wallet)
    campaign.followRecovery(w.new_wallet, by=w.relayer)
    with reverts("Campaign_ObjectedAlready", w.newer_wallet):
        campaign.object(by=w.newer_wallet)
    assert campaign.reportOf().objections == 300
