"""What citizens and businesses do with vouchers."""

from collections.abc import Sequence
from typing import Any

from backend.chain.contract import Call, Reverted
from backend.errors import not_found
from backend.kit.forms import Form
from backend.kit.texts import N_
from backend.kit.types import AddressIn, CityId, EpochId, HashIn, OfferId, VoucherId, checksum
from backend.merits import epochs, rewards
from backend.merits.schemas import Leaf, Voucher
from backend.relay.action import Ask, Message, SentAction, SignedAction

Claim = tuple[int, int, int, bytes, list[bytes]]
"""`IMeritLedger.Claim`."""


# -------------------------------------------------------------------- redeem


class RedeemForm(Form):
    """`seal`: Keccak-256 of a code of 32 bytes that only the citizen knows."""

    offer_id: OfferId
    city_id: CityId
    seal: HashIn


async def _redemption(ask: Ask, form: RedeemForm) -> dict[str, Any]:
    market = ask.chain["RewardMarket"]
    offer, nonce = await ask.chain.read_all(
        [market.call("offerOf", form.offer_id), market.call("redemptionsOf", form.offer_id, ask.address)]
    )
    return {
        "citizen": ask.address,
        "offerId": form.offer_id,
        "cityId": form.city_id,
        "price": offer[2],
        "seal": form.seal,
        "nonce": nonce,
    }


async def _own_redemption(ask: Ask, message: Message) -> Call:
    market, claims = ask.chain["RewardMarket"], await _claims(ask, message)
    asked = (message["offerId"], message["cityId"], message["seal"])
    return market.call("claimAndRedeem", claims, *asked) if claims else market.call("redeem", *asked)


async def _relayed_redemption(ask: Ask, message: Message, signature: bytes) -> Call:
    market, claims = ask.chain["RewardMarket"], await _claims(ask, message)
    signed = (*(message[name] for name in ("citizen", "offerId", "cityId", "seal", "deadline")), signature)
    if claims:
        return market.call("claimAndRedeemBySig", claims, *signed)
    return market.call("redeemBySig", *signed)


async def _claims(ask: Ask, message: Message) -> list[Claim]:
    """The waiting awards that are claimed with a redemption (docs/decisions/0072).

    Soonest lost first, and only until the price is covered: those that end with this period until the merits
    that end with it cover the price, so that the citizen keeps the others longer; the rest where all that is
    held does not. Awards that the contract would not let be claimed are passed over.
    """
    waiting = await epochs.claimable(ask.conn, ask.moment, ask.account)
    fitting = [w for w in waiting if w.city_id == message["cityId"] and w.citizen == ask.address]
    if not fitting:
        return []
    ledger = ask.chain["MeritLedger"]
    (expiring, fresh, _), period = await ask.chain.read_all(
        [ledger.call("balanceOf", message["cityId"], ask.address), ledger.call("period")]
    )
    claims = []
    for leaf in fitting:
        ends_now = leaf.epoch_id >> 8 < period
        if (expiring if ends_now else expiring + fresh) >= message["price"]:
            continue
        claim = claim_of(leaf)
        try:
            await ask.chain.read(ledger.call("claim", leaf.citizen, claim))
        except Reverted:
            continue
        claims.append(claim)
        expiring, fresh = (expiring + leaf.points, fresh) if ends_now else (expiring, fresh + leaf.points)
    return claims


def claim_of(leaf: Leaf) -> Claim:
    """A leaf as the contract takes it."""
    proof = [bytes.fromhex(node[2:]) for node in leaf.proof]
    return (leaf.city_id, leaf.epoch_id, leaf.times, bytes.fromhex(leaf.evidence[2:]), proof)


REDEEM = SignedAction(
    name="redeem",
    title=N_("Redeem merits"),
    contract="RewardMarket",
    struct="Redeem(address citizen,uint32 offerId,uint32 cityId,uint32 price,bytes32 seal,uint256 nonce,"
    "uint256 deadline)",
    signer="citizen",
    form=RedeemForm,
    message=_redemption,
    own=_own_redemption,
    call=_relayed_redemption,
    city=lambda message: message["cityId"],
    slot=lambda message: str(message["offerId"]),
    # The nonce counts the citizen's redemptions of the offer: of two with the same seal it names one.
    trace="""
        SELECT r.block_number, r.tx_hash, 'vouchers/' || r.voucher_id AS path FROM redeemed r
        WHERE r.citizen = %(citizen)s AND r.offer_id = %(offerId)s AND r.seal = %(seal)s AND %(nonce)s = (
            SELECT count(*) FROM redeemed x WHERE x.citizen = r.citizen AND x.offer_id = r.offer_id
            AND (x.block_number, x.log_index) < (r.block_number, r.log_index)
        )
    """,
    where=lambda message: f"wallet/vouchers/0x{message['seal'].hex()}",
)


# -------------------------------------------------------------------- fulfil


class FulfilForm(Form):
    """`code`: the 32 bytes that the citizen shows."""

    voucher_id: VoucherId
    code: HashIn


async def _fulfilment(ask: Ask, form: FulfilForm) -> Sequence[Call]:
    content = rewards.content(await _voucher(ask, form.voucher_id))
    return [ask.chain["RewardMarket"].call("fulfil", content, form.code)]


async def _voucher(ask: Ask, voucher_id: int) -> Voucher:
    found = await rewards.voucher(ask.conn, ask.moment, voucher_id)
    if found is None:
        raise not_found("voucher", "voucher_id")
    return found


FULFIL = SentAction(
    name="fulfil",
    title=N_("Fulfil a voucher"),
    form=FulfilForm,
    calls=_fulfilment,
    where=lambda form: f"vouchers/{form.voucher_id}",
)

# -------------------------------------------------- what anybody may do for a citizen


class VoucherForm(Form):
    voucher_id: VoucherId


async def _expired(ask: Ask, form: VoucherForm) -> dict[str, Any]:
    return {"voucherId": form.voucher_id}


async def _refund(ask: Ask, message: Message, signature: bytes = b"") -> Call:
    content = rewards.content(await _voucher(ask, message["voucherId"]))
    return ask.chain["RewardMarket"].call("refund", content)


REFUND = SignedAction(
    name="refund",
    title=N_("Give the merits of a voucher back"),
    contract="RewardMarket",
    struct="Refund(uint56 voucherId)",
    signer="",
    form=VoucherForm,
    message=_expired,
    own=_refund,
    call=_refund,
    city=lambda message: None,
    slot=lambda message: str(message["voucherId"]),
    trace="""
        SELECT block_number, tx_hash, 'vouchers/' || voucher_id AS path FROM voucher_refunded
        WHERE voucher_id = %(voucherId)s
    """,
    where=lambda message: f"vouchers/{message['voucherId']}",
    consent=False,
)


class ClaimForm(Form):
    """`citizen`: the wallet of today, the account unless given; the award may name one before it."""

    city_id: CityId
    epoch_id: EpochId
    citizen: AddressIn | None = None


async def _waiting(ask: Ask, form: ClaimForm) -> dict[str, Any]:
    citizen = checksum(form.citizen or ask.account)
    return {"cityId": form.city_id, "epochId": form.epoch_id, "citizen": citizen}


async def _claim(ask: Ask, message: Message, signature: bytes = b"") -> Call:
    waiting = await epochs.claimable(ask.conn, ask.moment, bytes.fromhex(message["citizen"][2:]))
    asked = (message["cityId"], message["epochId"])
    leaf = next((leaf for leaf in waiting if (leaf.city_id, leaf.epoch_id) == asked), None)
    if leaf is None:
        raise not_found("award that waits", "epoch_id")
    return ask.chain["MeritLedger"].call("claim", leaf.citizen, claim_of(leaf))


CLAIM = SignedAction(
    name="claim",
    title=N_("Collect an award"),
    contract="MeritLedger",
    struct="Claim(uint32 cityId,uint32 epochId,address citizen)",
    signer="",
    form=ClaimForm,
    message=_waiting,
    own=_claim,
    call=_claim,
    city=lambda message: message["cityId"],
    slot=lambda message: f"{message['cityId']}/{message['epochId']}/{message['citizen']}",
    trace="""
        SELECT block_number, tx_hash, 'citizens/0x' || encode(citizen, 'hex') AS path FROM epoch_claimed
        WHERE citizen = %(citizen)s AND city_id = %(cityId)s AND epoch_id = %(epochId)s
    """,
    where=lambda message: f"citizens/{message['citizen']}",
    consent=False,
)

ACTIONS = (REDEEM, FULFIL, REFUND, CLAIM)
