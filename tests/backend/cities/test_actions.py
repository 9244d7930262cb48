"""Every action of cities, by real keys on a real chain, found in the ledger afterwards."""

import inspect
import sys
from collections.abc import Iterator

import pytest
from eth_utils import keccak

from backend.chain.contract import Reverted
from backend.cities import domain
from backend.content import queries as contents
from backend.migrations import upgrade
from tests.backend.acting import Acting
from tests.backend.network import DAY, Network


@pytest.fixture(scope="module")
def acting(anvil, database: str) -> Iterator[Acting]:
    network = Network(anvil)
    network.settle(network.open_city("geonames:1"), citizens=4)
    network.index(database)
    upgrade(database)
    return Acting(network, database)


def bytes_of(address: str) -> bytes:
    return bytes.fromhex(address[2:])


def newcomer(acting: Acting, name: str) -> dict[str, str]:
    return {"wallet": acting.network.wallet(name), "nullifier": "0x" + keccak(text=name).hex()}


def registered(acting: Acting, name: str) -> bool:
    wallet = bytes_of(acting.network.wallet(name))
    return bool(acting.rows("SELECT FROM citizen_registered WHERE wallet = %(wallet)s", wallet=wallet))


def propose(acting: Acting, old: str, new: str) -> bytes:
    """A verifier proposes a recovery; hash of the evidence."""
    (sent,) = acting.send(
        "verifier 1", "propose_recovery", city_id=1, old_wallet=acting.network.wallet(old),
        new_wallet=acting.network.wallet(new), evidence={"ru": "Паспорт", "en": "Passport"},
    )  # fmt: skip
    (fact,) = acting.rows(
        "SELECT evidence FROM recovery_proposed WHERE block_number = %(block)s", block=sent.block
    )
    return fact["evidence"]


def test_a_verifier_registers_one_and_many(acting: Acting) -> None:
    acting.send("verifier 1", "register_citizen", city_id=1, **newcomer(acting, "new 0"))
    many = [newcomer(acting, f"new {n}") for n in (1, 2)]
    acting.send("verifier 1", "register_citizens", city_id=1, citizens=many)
    assert all(registered(acting, f"new {n}") for n in range(3))


def test_a_stranger_registers_nobody(acting: Acting) -> None:
    with pytest.raises(Reverted, match="CityRegistry_MissingRole"):
        acting.send("stranger", "register_citizen", city_id=1, **newcomer(acting, "new 9"))
    assert not registered(acting, "new 9")


def test_the_steward_grants_roles(acting: Acting) -> None:
    expert = acting.network.wallet("expert")
    acting.send("steward 1", "set_roles", city_id="1", account=expert, roles="6")
    roles = acting.rows("SELECT roles FROM city_role WHERE account = %(account)s", account=bytes_of(expert))
    assert roles == [{"roles": 6}]


def test_a_verifier_proposes_a_recovery_and_withdraws_it(acting: Acting) -> None:
    evidence = propose(acting, "citizen 1.0", "wallet 0")
    kept = acting.ledger(lambda conn, _: contents.stored(conn, evidence))
    assert kept
    assert kept.body == '{"type":"evidence","description":{"ru":"Паспорт","en":"Passport"}}'.encode()
    old = acting.network.wallet("citizen 1.0")
    acting.send("verifier 1", "cancel_recovery", city_id=1, old_wallet=old)
    (fact,) = acting.rows("SELECT * FROM recovery_cancelled WHERE old_wallet = %(old)s", old=bytes_of(old))
    assert fact["by"] == bytes_of(acting.network.wallet("verifier 1"))


def test_the_old_wallet_vetoes_by_signature(acting: Acting) -> None:
    propose(acting, "citizen 1.1", "wallet 1")
    message = acting.message("citizen 1.1", "veto_recovery", city_id=1)
    assert acting.trace("veto_recovery", message) == []
    signature = acting.sign("citizen 1.1", "veto_recovery", message)
    receipt = acting.relay("citizen 1.1", "veto_recovery", message, signature)
    ((block, _, path),) = acting.trace("veto_recovery", message)
    assert block == receipt.block
    assert path == f"citizens/{acting.network.wallet('citizen 1.1').lower()}"


def test_where_no_recovery_runs_there_is_nothing_to_veto(acting: Acting) -> None:
    with pytest.raises(Reverted, match="CityRegistry_NoRecovery"):
        acting.message("citizen 1.2", "veto_recovery", city_id=1)


def test_anybody_carries_out_a_recovery_that_is_due(acting: Acting) -> None:
    propose(acting, "citizen 1.3", "wallet 3")
    old, new = (acting.network.wallet(name) for name in ("citizen 1.3", "wallet 3"))
    message = acting.message("wallet 3", "execute_recovery", city_id=1, old_wallet=old)
    with pytest.raises(Reverted, match="CityRegistry_RecoveryTooEarly"):
        acting.relay("wallet 3", "execute_recovery", message)
    acting.network.pass_time(DAY)
    receipt = acting.relay("wallet 3", "execute_recovery", message)
    ((block, _, path),) = acting.trace("execute_recovery", message)
    assert (block, path) == (receipt.block, f"citizens/{new.lower()}")


def test_every_action_of_cities_is_tried_here() -> None:
    """But for those that send a part of a list: tests/backend/cities/test_desk.py."""
    tried = inspect.getsource(sys.modules[__name__])
    own = [action.name for action in domain.DOMAIN.actions if not action.name.startswith("send_")]
    assert [name for name in own if f'"{name}"' not in tried] == []
