"""Every action of merits, by real keys on a real chain, found in the ledger afterwards."""

from collections.abc import Iterator

import pytest
from eth_utils import keccak

from backend.migrations import upgrade
from tests.backend.acting import Acting
from tests.backend.network import Network

CODE = keccak(text="a code that only the citizen knows")
SEAL = keccak(CODE)


@pytest.fixture(scope="module")
def acting(anvil, database: str) -> Iterator[Acting]:
    network = Network(anvil)
    network.settle(network.open_city("geonames:1"), citizens=5)
    network.publish(1, price=30, stock=50)
    network.index(database)
    upgrade(database)
    return Acting(network, database)


def hex_(data: bytes) -> str:
    return "0x" + data.hex()


def redeem(acting: Acting, who: str, seal: bytes = SEAL) -> int:
    """By signature; the voucher's number."""
    message = acting.message(who, "redeem", offer_id=1, city_id=1, seal=hex_(seal))
    assert acting.trace("redeem", message) == []
    receipt = acting.relay(who, "redeem", message, acting.sign(who, "redeem", message))
    ((block, tx_hash, path),) = acting.trace("redeem", message)
    assert (block, hex_(tx_hash)) == (receipt.block, receipt.tx_hash)
    return int(path.removeprefix("vouchers/"))


def test_a_citizen_redeems_by_signature_and_the_business_fulfils(acting: Acting) -> None:
    acting.network.award(1, ["citizen 1.0"])
    voucher = redeem(acting, "citizen 1.0")
    acting.send("partner 1", "fulfil", voucher_id=voucher, code=hex_(CODE))
    (fact,) = acting.rows("SELECT * FROM voucher_fulfilled WHERE voucher_id = %(voucher)s", voucher=voucher)
    assert fact["offer_id"] == 1
