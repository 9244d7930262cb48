"""What is signed is what wallets show and the contracts check."""

from pathlib import Path

import pytest
from eth_account.messages import encode_typed_data
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.chain.deployment import Deployment, Place
from backend.demo.signing import Redemption, key_of, sign
from backend.domains import actions
from backend.kit.hashing import keccak
from backend.kit.types import checksum
from backend.merits.actions.vouchers import REDEEM
from backend.relay import typed
from backend.relay.action import SignedAction
from backend.relay.chain import Chain

SIGNED = [a for a in actions().values() if isinstance(a, SignedAction) and a.consent]
PLACES = {action.contract: Place(checksum(keccak(action.contract.encode())[:20]), 1) for action in SIGNED}
CHAIN = Chain("http://127.0.0.1:1", Deployment(77, PLACES))


def value(kind: str) -> st.SearchStrategy:
    if kind == "address":
        return st.binary(min_size=20, max_size=20).map(checksum)
    if kind == "bytes":
        return st.binary(max_size=100)
    if kind.startswith("bytes"):
        return st.binary(min_size=int(kind[5:]), max_size=int(kind[5:]))
    return st.integers(0, 2 ** int(kind[4:]) - 1)


def messages(action: SignedAction) -> st.SearchStrategy:
    return st.fixed_dictionaries({n: value(k) for n, k in typed.fields(action.shape).items()})


def by_eth_account(data: dict) -> bytes:
    """The digest that eth_account makes of what a wallet is shown."""
    whole = encode_typed_data(full_message=data)
    return keccak(b"\x19" + whole.version + whole.header + whole.body)


@pytest.mark.parametrize("action", SIGNED, ids=lambda action: action.name)
@settings(max_examples=30, deadline=None)
@given(st.data())
def test_the_digest_is_that_of_what_the_wallet_shows(action: SignedAction, data: st.DataObject) -> None:
    message = data.draw(messages(action))
    shown = typed.typed_data(action, CHAIN, message)
    assert typed.digest(action, CHAIN, message) == by_eth_account(shown)
    assert typed.read(action.shape, typed.shown(message)) == message
    assert shown["message"] == {name: typed.shown(message)[name] for name in typed.fields(action.struct)}


@settings(max_examples=30, deadline=None)
@given(messages(REDEEM))
def test_the_demo_signs_the_same(message: dict) -> None:
    key, market = key_of("citizen 1 of Kazan"), CHAIN["RewardMarket"].address or ""
    signature = sign(key, Redemption(*message.values()), CHAIN.chain_id, market)
    expected = key.sign_msg_hash(by_eth_account(typed.typed_data(REDEEM, CHAIN, message)))
    assert signature == expected.to_bytes()[:64] + bytes([27 + expected.v])


@pytest.mark.parametrize("action", SIGNED, ids=lambda action: action.name)
def test_the_struct_is_the_contracts_own(action: SignedAction) -> None:
    (contract,) = Path("contracts").glob(f"*/{action.contract}.sol")
    assert any(f'"{action.struct}"' in source.read_text() for source in contract.parent.glob("*.sol"))
