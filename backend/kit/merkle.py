"""OpenZeppelin's standard Merkle tree: leaves hashed twice and sorted, pairs sorted.

The whole tree is one array of 32-byte nodes, `2n - 1` of them: the root is node 0, the children of node `i`
are `2i + 1` and `2i + 2`, and the leaves, sorted by hash, fill the end backwards. It is the layout of
`@openzeppelin/merkle-tree`.
"""

from collections.abc import Sequence

from backend.kit.hashing import keccak

NODE = 32


def leaf_hash(encoded: bytes) -> bytes:
    """Hash of a leaf whose ABI encoding is `encoded`."""
    return keccak(keccak(encoded))


def build(hashes: Sequence[bytes]) -> tuple[bytes, list[int]]:
    """The tree of leaf hashes: its nodes in one string, and the node index of each leaf in the order given.

    Raises ValueError where there is no leaf.
    """
    count = len(hashes)
    if count == 0:
        raise ValueError("a tree has at least one leaf")
    size = 2 * count - 1
    nodes: list[bytes] = [b""] * size
    indexes = [0] * count
    for place, leaf in enumerate(sorted(range(count), key=hashes.__getitem__)):
        indexes[leaf] = size - 1 - place
        nodes[size - 1 - place] = hashes[leaf]
    for parent in range(count - 2, -1, -1):
        nodes[parent] = _pair(nodes[2 * parent + 1], nodes[2 * parent + 2])
    return b"".join(nodes), indexes


def proof_indexes(index: int) -> list[int]:
    """Indexes of the nodes that prove the leaf at node `index`, from its sibling up."""
    path = []
    while index > 0:
        path.append(index + 1 if index % 2 else index - 1)
        index = (index - 1) // 2
    return path


def verify(root: bytes, leaf: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the leaf hash is in the tree with this root."""
    for sibling in proof:
        leaf = _pair(leaf, sibling)
    return leaf == root


def _pair(a: bytes, b: bytes) -> bytes:
    return keccak(a + b) if a < b else keccak(b + a)
