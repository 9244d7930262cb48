"""The account that the relay sends from: its key signs, and shows itself nowhere."""

from dataclasses import dataclass

from eth_account.signers.local import LocalAccount

from backend.kit.types import checksum
from backend.relay.fees import Fee

PLAIN = 21_000
"""Gas of a transaction that calls nothing."""


@dataclass(frozen=True)
class Signed:
    """A transaction as it goes to the node."""

    tx_hash: bytes
    nonce: int
    raw: bytes
    gas: int
    fee: Fee


class Purse:
    """An account and its key, for one chain."""

    def __init__(self, account: LocalAccount, chain_id: int):
        self._account, self._chain_id = account, chain_id
        self.address: str = account.address
        self.bytes = bytes.fromhex(account.address[2:])

    def call(self, to: bytes, data: bytes, gas: int, nonce: int, fee: Fee) -> Signed:
        """The transaction that calls a contract."""
        return self._sign(checksum(to), data, gas, nonce, fee)

    def filler(self, nonce: int, fee: Fee) -> Signed:
        """The transaction that uses up a nonce and does nothing."""
        return self._sign(self.address, b"", PLAIN, nonce, fee)

    def _sign(self, to: str, data: bytes, gas: int, nonce: int, fee: Fee) -> Signed:
        signed = self._account.sign_transaction(
            {
                "type": 2,
                "chainId": self._chain_id,
                "nonce": nonce,
                "to": to,
                "value": 0,
                "data": data,
                "gas": gas,
                "maxFeePerGas": fee.most,
                "maxPriorityFeePerGas": fee.tip,
            }
        )
        return Signed(bytes(signed.hash), nonce, bytes(signed.raw_transaction), gas, fee)
