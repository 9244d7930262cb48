"""The wallet of the demo signs what any wallet would."""

from eth_account import Account
from eth_account.messages import encode_typed_data

from backend.demo.signing import Redemption, address_of, key_of, sign

MARKET = "0xCf7Ed3AccA5a467e9e704C703E8D87F634fB0Fc9"
FIELDS = {
    "citizen": "address",
    "offerId": "uint32",
    "cityId": "uint32",
    "price": "uint32",
    "seal": "bytes32",
    "nonce": "uint256",
    "deadline": "uint256",
}


def test_a_redemption_is_signed_as_typed_data() -> None:
    key = key_of("citizen 1 of Kazan")
    asked = Redemption(address_of(key), 7, 2, 30, bytes(range(32)), 1, 2**40 - 1)
    domain = {"name": "RewardMarket", "version": "1", "chainId": 31337, "verifyingContract": MARKET}
    types = {"Redeem": [{"name": name, "type": type_} for name, type_ in FIELDS.items()]}
    message = encode_typed_data(domain, types, dict(zip(FIELDS, asked, strict=True)))

    signed = sign(key, asked, 31337, MARKET)

    assert signed == Account.sign_message(message, key.to_bytes()).signature
    assert Account.recover_message(message, signature=signed) == asked.citizen
