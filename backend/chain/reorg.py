"""Finds where the node's chain leaves the stored one."""

from backend.chain.headers import Header
from backend.chain.windows import Fetcher

STEP = 32


class BelowFinality(Exception):
    """The node's chain differs from blocks taken as final. Not repaired: somebody has to look.

    `block` is the lowest stored block, and it differs.
    """

    def __init__(self, block: int):
        self.block = block
        super().__init__(
            f"the node is on another chain: block {block}, taken as final, has another hash there. "
            "If the node is right (another network, a chain begun anew), read it anew with --rebuild"
        )


def common_ancestor(fetcher: Fetcher, stored: dict[int, bytes]) -> Header | None:
    """Return the highest block that the stored chain and the node's have in common; None where the node
    is only behind, or has the newest stored block after all.

    A block that the node has not (yet, or any more) is no difference: only another hash at the same
    height is.

    Args:
        stored: Hashes of the stored blocks by number, from the newest to the final one.

    Raises BelowFinality, and RpcError where the node does not answer.
    """
    numbers = sorted(stored, reverse=True)
    differs = False
    for i in range(0, len(numbers), STEP):
        part = numbers[i : i + STEP]
        found = fetcher.headers(part)
        for number in part:
            if number not in found:
                continue
            if found[number].hash == stored[number]:
                return found[number] if differs else None
            differs = True
    if differs:
        raise BelowFinality(numbers[-1])
    return None
