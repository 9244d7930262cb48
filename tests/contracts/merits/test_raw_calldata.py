"""Calldata that no encoder writes: lists and proofs are taken as they lie there, and must not mislead."""

import pytest

from tests.contracts.kit.contract import reverts
from tests.contracts.kit.world import h

DIRT = b"\xff" * 12


def dirty(data, address):
    """The call data with dirt in the twelve bytes before the address."""
    clean = bytes(12) + bytes.fromhex(address[2:])
    assert data.count(clean) == 1
    return data.replace(clean, DIRT + clean[12:])


def word(number):
    return number.to_bytes(32, "big")


def test_award_reverts_when_the_address_is_dirty(w):
    data = dirty(w.ledger.award.data(w.city, w.kind, w.citizen, h("e")), w.citizen)
    with reverts(None):
        w.send(w.ledger, data, w.verifier)


@pytest.mark.parametrize("place", [0, 1])
def test_award_batch_reverts_when_an_address_is_dirty(w, place):
    people = [w.citizen, w.neighbour]
    data = dirty(w.ledger.awardBatch.data(w.city, w.kind, h("e"), people), people[place])
    with reverts("FailedCall"):  # of the registry, which is the first to read them
        w.send(w.ledger, data, w.verifier)
    assert w.merits(w.citizen) == (0, 0, 0)


def test_award_batch_reverts_when_the_list_is_longer_than_the_call(w):
    data = w.ledger.awardBatch.data(w.city, w.kind, h("e"), [w.citizen])
    for length in (2, 2**32, 2**251 + 1, 2**256 - 1):
        with reverts(None):
            w.send(w.ledger, data[:-64] + word(length) + data[-32:], w.verifier)


def test_award_batch_takes_no_more_of_the_call_than_its_list(w):
    data = w.ledger.awardBatch.data(w.city, w.kind, h("e"), [w.citizen]) + word(int(w.neighbour, 16))
    batch = w.batch_of(w.send(w.ledger, data, w.verifier))
    assert batch["citizens"] == [w.citizen]
    w.ledger.reverseAward(batch, 0, h("reason"), by=w.moderator)


def test_reverse_award_reverts_when_the_named_citizen_is_dirty(w):
    batch = w.batch_of(w.ledger.award(w.city, w.kind, w.citizen, h("e"), by=w.verifier))
    data = dirty(w.ledger.reverseAward.data(batch, 0, h("reason")), w.citizen)
    with pytest.raises(Exception, match=r"reverted with 0x|MeritLedger_UnknownBatch"):
        w.send(w.ledger, data, w.moderator)
    assert w.merits(w.citizen) == (0, 10, 10)


def test_claim_reverts_when_the_proof_is_longer_than_the_call(w):
    number, tree = w.open_epoch([(w.citizen, 1, h("a")), (w.neighbour, 1, h("b"))])
    data = w.ledger.claim.data(w.citizen, w.leaf(number, tree, 0))
    for length in (2, 2**32, 2**251 + 1, 2**256 - 1):
        with reverts(None):
            w.send(w.ledger, data[:-64] + word(length) + data[-32:], w.citizen)
    w.send(w.ledger, data, w.citizen)


def test_claim_reverts_when_the_citizen_is_dirty(w):
    number, tree = w.open_epoch([(w.citizen, 1, h("a"))])
    data = dirty(w.ledger.claim.data(w.citizen, w.leaf(number, tree, 0)), w.citizen)
    with reverts(None):
        w.send(w.ledger, data, w.citizen)


def test_claim_takes_no_inner_node_for_a_leaf(w):
    """The root of a subtree is no leaf: leaves are hashed twice."""
    number, tree = w.open_epoch([(w.citizen, 1, h("a")), (w.neighbour, 1, h("b")), (w.third, 1, h("c"))])
    leaf = w.leaf(number, tree, 0) | {"proof": [tree.levels[1][1]]}
    if tree.proof(tree.leaves[0]) == leaf["proof"]:
        leaf["proof"] = [tree.levels[0][0]]
    with reverts("MeritLedger_BadProof", w.city, number, w.citizen):
        w.ledger.claim(w.citizen, leaf, by=w.citizen)
