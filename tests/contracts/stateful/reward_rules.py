"""Steps of the stateful test: offers, redemptions in every way, vouchers' ends, the sponsor's money."""

from __future__ import annotations

from typing import ClassVar

from tests.contracts.kit.contract import ZERO
from tests.contracts.kit.world import CODE, DAY, SEAL, h
from tests.contracts.model.rewards import Offer
from tests.contracts.model.rules import Reasons
from tests.contracts.stateful.machine import Machine

PER_VOUCHER = 70


class RewardRules(Machine):
    draws: ClassVar = {
        "price": (5, 10, 20, 60),
        "stock": (1, 2, 3, 4),
        "limit": (0, 0, 1, 2),
        "term": (1, DAY, DAY, 20 * DAY, 70 * DAY),
        "pooled": (True, False),
        "abroad": (True, False),
        "amount": (70, 100, 150, 69),
        "way": ("self", "self", "signature", "replay"),
    }
    often: ClassVar = {
        "rule_publish": 4,
        "rule_redeem": 14,
        "rule_claim_and_redeem": 5,
        "rule_fulfil": 5,
        "rule_refund": 4,
        "rule_fund": 2,
    }

    # ------------------------------------------------------------------- offers

    def rule_publish(self, price, stock, limit, term, pooled, abroad):
        w, now = self.w, self.merits.now
        token = self.token.address if pooled else None
        accepts = [2] if abroad else []
        paid = PER_VOUCHER if pooled else 0
        closes = now + 40 * DAY
        offer = Offer(w.partner, 1, price, stock, limit, now, closes, term, token, paid, set(accepts))
        terms = {
            "cityId": 1,
            "price": price,
            "stock": stock,
            "limit": limit,
            "opens": now,
            "closes": closes,
            "term": term,
            "terms": h("terms"),
            "token": token or ZERO,
            "perVoucher": paid,
            "accepts": accepts,
        }
        number = self.attempt(
            lambda: self.rewards.publish(offer), lambda: w.market.publish(terms, by=w.partner)
        )
        assert self.last.one("OfferPublished").offerId == number

    initialize_with_an_offer = rule_publish

    def rule_close(self, which, who):
        number = self.pick(list(self.rewards.offers), which)
        if who < 5:
            return
        by = self.w.sponsor if who == 5 else self.w.partner
        self.attempt(lambda: self.rewards.close(number, by), lambda: self.w.market.close(number, by=by))

    # -------------------------------------------------------------- redemptions

    def rule_redeem(self, which, who, city, way):
        w, wallet = self.w, self.somebody(city, who)
        number = self.pick(list(self.rewards.offers), which)
        if way == "self":
            self.keep_voucher(
                lambda: self.rewards.redeem(number, wallet, city, SEAL),
                lambda: w.market.redeem(number, city, SEAL, by=wallet),
            )
        elif way == "signature":
            offer = self.rewards.offers[number]
            message = {
                "citizen": wallet,
                "offerId": number,
                "cityId": city,
                "price": offer.price,
                "seal": SEAL,
                "nonce": offer.redeemed_by[wallet],
                "deadline": self.merits.now,
            }
            args = (wallet, number, city, SEAL, self.merits.now, w.signed(message, wallet.key))
            self.keep_voucher(
                lambda: self.rewards.redeem(number, wallet, city, SEAL),
                lambda: w.market.redeemBySig(*args, by=w.relayer),
            )
            if self.last:
                self.signatures.append(args)
        elif self.signatures:
            args = self.signatures[-1]
            self.attempt(lambda: self.refuse_replay(args), lambda: w.market.redeemBySig(*args, by=w.relayer))

    def refuse_replay(self, args):
        why = Reasons()
        late = self.merits.now > args[4]
        why(late, "RewardMarket_SignatureExpired", args[4], self.merits.now)
        why(True, "RewardMarket_BadSignature", args[0])
        why.settle()

    def rule_claim_and_redeem(self, which, who):
        """A citizen claims their leaf of an epoch, if nobody has, and redeems in one call."""
        picked = self.leaf(which, who)
        number = self.pick(list(self.rewards.offers), which)
        if picked is None:
            return
        city, epoch, wallet, times, leaf = picked
        if not self.cities.is_citizen(city, wallet) or not self.could_claim(city, epoch, wallet, times):
            return
        self.keep_voucher(
            lambda: self.claim_then_redeem(city, epoch, wallet, times, number),
            lambda: self.w.market.claimAndRedeem([leaf], number, city, SEAL, by=wallet),
        )

    def could_claim(self, city, epoch, wallet, times):
        """Whether the claim would pass, so that only the redemption decides."""
        kept = self.merits.epochs[city, epoch]
        settled = epoch in self.merits.of(city, wallet).settled
        fits = times <= kept.left and times * kept.points <= kept.most
        in_time = self.merits.period <= kept.period + 1
        running = not (self.merits.paused(city) or self.merits.paused(0))
        return in_time and (settled or (fits and running and not kept.cancelled))

    def claim_then_redeem(self, city, epoch, wallet, times, number):
        """Both or neither: what a refused redemption claimed is taken back out of the model."""
        holding = self.merits.of(city, wallet)
        if epoch in holding.settled:
            return self.rewards.redeem(number, wallet, city, SEAL)
        points = self.merits.claim(city, epoch, wallet, times)
        try:
            return self.rewards.redeem(number, wallet, city, SEAL)
        except Exception:
            kept = self.merits.epochs[city, epoch]
            holding.held[kept.period] -= points
            holding.lifetime -= points
            holding.settled.remove(epoch)
            kept.left += times
            self.merits.issued[city] -= points
            raise

    def keep_voucher(self, by_rules, by_contract):
        made = self.attempt(by_rules, by_contract)
        if made:
            voucher_id, expected = made
            voucher = self.w.voucher_of(self.last)
            assert (voucher.voucherId, voucher.expires) == (voucher_id, expected.expires)
            parts = {voucher.period - 1: voucher.fromPrevious, voucher.period: voucher.fromCurrent}
            assert parts == expected.parts
            self.vouchers.append(voucher)

    # ------------------------------------------------------------ vouchers' ends

    def rule_fulfil(self, which, right):
        voucher = self.pick(self.vouchers, which)
        if voucher is None:
            return
        code = CODE if right else h("guess")
        paid = self.attempt(
            lambda: self.rewards.fulfil(voucher.voucherId, self.w.partner, right),
            lambda: self.w.market.fulfil(voucher, code, by=self.w.partner),
        )
        if paid is not None:
            assert self.last.one("VoucherFulfilled").reimbursed == paid

    def rule_refund(self, which, right):
        """Mostly after waiting for its term, so that refunds cross the turns of periods."""
        voucher = self.pick(self.vouchers, which)
        if voucher is None:
            return
        if right:
            self.travel_to(voucher.expires)
        given = self.attempt(
            lambda: self.rewards.refund(voucher.voucherId),
            lambda: self.w.market.refund(voucher, by=self.w.relayer),
        )
        if given:
            event = self.last.one("VoucherRefunded")
            assert event.citizen == given["wallet"]
            assert (event.toPrevious, event.toCurrent) == (given["toPrevious"], given["toCurrent"])

    # ---------------------------------------------------------------------- money

    def rule_fund(self, which, amount):
        number = self.pick(list(self.rewards.offers), which)
        sponsor = self.w.sponsor
        self.attempt(
            lambda: self.rewards.fund(number, sponsor, amount),
            lambda: self.w.market.fund(number, amount, by=sponsor),
        )

    def rule_reclaim(self, which, right):
        number = self.pick(list(self.rewards.offers), which)
        by = self.w.sponsor if right else self.w.partner
        amount = self.attempt(
            lambda: self.rewards.reclaim(number, by), lambda: self.w.market.reclaim(number, by, by=by)
        )
        if amount is not None:
            assert self.last.one("PoolReclaimed").amount == amount

    def rule_withdraw(self):
        w, token = self.w, self.token.address
        amount = self.attempt(
            lambda: self.rewards.withdraw(w.partner, token),
            lambda: w.market.withdraw(token, w.partner, by=w.partner),
        )
        if amount is not None:
            assert self.last.one("Withdrawn").amount == amount
