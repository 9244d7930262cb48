"""Sending, and what contracts answer."""

import pytest

from backend.chain.contract import Call, Contract, Reverted
from backend.chain.deployment import artifact
from backend.chain.send import Sender, SendError
from tests.backend.anvil import KEYS, running
from tests.backend.chain import world
from tests.backend.chain.world import GAS, World

NOBODY = "0x" + "00" * 20


@pytest.fixture
def sender(anvil) -> Sender:
    return Sender(anvil.url, KEYS)


@pytest.fixture
def registry(sender) -> Contract:
    """A registry whose operator is the second account."""
    manager = Contract("NetworkManager", None, artifact("NetworkManager")["abi"])
    made = sender.send(manager.deploy(artifact("NetworkManager")["bytecode"], sender.addresses[1]))
    contract = Contract("CityRegistry", None, artifact("CityRegistry")["abi"])
    call = contract.deploy(artifact("CityRegistry")["bytecode"], made.contract, 86_400)
    return Contract("CityRegistry", sender.send(call).contract, artifact("CityRegistry")["abi"])


def test_a_thousand_calls_in_flight_are_included_in_order():
    """On a chain that mines every second besides: under load anvil can miss its own news of a transaction."""
    calls = [Call(NOBODY, i.to_bytes(4), value=i) for i in range(1000)]
    with running("--mixed-mining", "--block-time", "1") as chain:
        receipts = Sender(chain.url, KEYS).send_all(calls, gas=30_000)
    places = [(receipt.block, receipt.tx_hash) for receipt in receipts]
    assert [block for block, _ in places] == sorted(block for block, _ in places)
    assert len({tx_hash for _, tx_hash in places}) == 1000


def test_an_opened_city_can_be_read(sender, registry):
    steward = sender.addresses[2]
    opening = (b"geonames:1".ljust(32, b"\0"), steward, bytes(32))
    sender.send(registry.call("openCities", [opening]), sender=sender.addresses[1])
    calls = [
        registry.call("cityCount"),
        registry.call("stewardOf", 1),
        registry.call("recoveryOf", 1, steward),
    ]
    assert sender.read_all(calls) == [1, steward, (NOBODY, 0)]


@pytest.mark.parametrize("gas", [None, GAS])
def test_a_custom_error_is_named_with_its_values(sender, registry, gas):
    with pytest.raises(Reverted, match=r"CityRegistry_UnknownCity\(cityId=9\)") as caught:
        sender.send(registry.call("describe", 9, bytes(32)), gas=gas)
    assert (caught.value.name, caught.value.values) == ("CityRegistry_UnknownCity", {"cityId": 9})


def test_after_a_refusal_the_next_call_goes_through(sender, registry):
    with pytest.raises(Reverted):
        sender.send(registry.call("describe", 9, bytes(32)))
    with pytest.raises(SendError, match="nsufficient funds"):
        sender.send(Call(NOBODY, b"", value=1 << 128), gas=GAS)
    assert sender.send(Call(NOBODY, b"", value=1)).gas_used == 21_000


def test_running_out_of_gas_is_said(sender, anvil):
    probe = World(anvil).probe
    sender.forget()
    with pytest.raises(SendError, match="ran out of gas"):
        sender.send(probe.call("move", 1, [NOBODY] * 50, 1), gas=100_000)


def test_an_account_without_key_is_refused(sender):
    with pytest.raises(SendError, match="no key of 0x"):
        sender.send(Call(NOBODY, b""), sender=NOBODY)
    with pytest.raises(SendError, match="no key to sign with"):
        Sender(sender.rpc).send(Call(NOBODY, b""))


def test_functions_of_one_name_are_told_apart_by_their_arguments():
    with pytest.raises(ValueError, match="0 functions move with 1 arguments"):
        world.contract("Probe", NOBODY).call("move", 1)
