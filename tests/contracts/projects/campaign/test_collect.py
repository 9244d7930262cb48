"""collect, collectFees: what was released is drawn by those it belongs to."""

from tests.contracts.kit.contract import ZERO, reverts


def test_the_payee_collects_to_any_address(w, raising, half):
    half.collect(w.new_wallet, by=w.partner).shows(
        "TrancheCollected", payee=w.partner, to=w.new_wallet, amount=490
    )
    assert raising.token.balanceOf(w.new_wallet) == 490
    assert half.stateOf().uncollected == 0
    with reverts("Campaign_Nothing", w.partner):
        half.collect(w.new_wallet, by=w.partner)


def test_nobody_else_collects(w, raising, half):
    with reverts("Campaign_NotPayee", raising.author):
        half.collect(raising.author, by=raising.author)
    with reverts("Campaign_ZeroAddress"):
        half.collect(ZERO, by=w.partner)


def test_anybody_sends_the_fees_to_the_treasury_of_today(w, raising, half):
    w.factory.setFee(0, w.sponsor, by=w.operator)
    half.collectFees(by=w.stranger).shows("FeeCollected", treasury=w.sponsor, amount=10)
    assert raising.token.balanceOf(w.sponsor) == 10
    with reverts("Campaign_Nothing", w.sponsor):
        half.collectFees(by=w.stranger)
