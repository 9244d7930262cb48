"""The tree of an epoch, made from its definition alone: leaves hashed twice and sorted, pairs sorted."""

from __future__ import annotations

from eth_abi import encode
from eth_utils import keccak


def leaf_hash(citizen: str, times: int, evidence: bytes) -> bytes:
    return keccak(keccak(encode(["address", "uint16", "bytes32"], [citizen, times, evidence])))


def pair_hash(one: bytes, other: bytes) -> bytes:
    return keccak(min(one, other) + max(one, other))


class Tree:
    """Leaves are (citizen, times, evidence). A node without a partner moves up as it is."""

    def __init__(self, leaves: list[tuple[str, int, bytes]]):
        self.leaves = leaves
        level = sorted(leaf_hash(*leaf) for leaf in leaves)
        self.levels = [level]
        while len(level) > 1:
            pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
            level = [pair_hash(*pair) if len(pair) == 2 else pair[0] for pair in pairs]
            self.levels.append(level)

    @property
    def root(self) -> bytes:
        return self.levels[-1][0]

    @property
    def acts(self) -> int:
        return sum(times for _, times, _ in self.leaves)

    def proof(self, leaf: tuple[str, int, bytes]) -> list[bytes]:
        place = self.levels[0].index(leaf_hash(*leaf))
        proof = []
        for level in self.levels[:-1]:
            partner = place ^ 1
            if partner < len(level):
                proof.append(level[partner])
            place //= 2
        return proof
