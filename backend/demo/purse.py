"""What backers do with their wallets in the play: money, permits, and pledges by signature or allowance."""

from collections import defaultdict
from typing import Any

from backend.chain import deployment
from backend.chain.contract import Contract
from backend.chain.eip712 import digest
from backend.demo.signing import key_of, signature
from backend.demo.stage import Person, Stage

PLEDGE = (
    "Pledge(address backer,uint96 amount,uint32 cityId,uint8 tier,uint8 source,uint16 edition,"
    "uint256 nonce,uint256 deadline)"
)
PERMIT = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
CROWD, PRIVATE, FUND, STATE, NATIONAL_PROGRAMME = range(5)
"""Where a pledge comes from, see `ICampaign.Source`."""


def campaign_at(address: str) -> Contract:
    """A campaign of any form."""
    return Contract("Campaign", address, deployment.artifact("ICampaign")["abi"])


class Purse:
    """The money of everybody in the play. Amounts are base units of the token."""

    def __init__(self, stage: Stage, money: Contract, chain_id: int, relay: Person):
        self.stage, self.money, self.chain_id, self.relay = stage, money, chain_id, relay
        self.balance: defaultdict[str, int] = defaultdict(int)
        self._permits: defaultdict[str, int] = defaultdict(int)
        self._pledges: defaultdict[tuple[str, str], int] = defaultdict(int)

    def fund(self, who: Person, amount: int) -> None:
        """Somebody has so much at least: what is missing is made."""
        missing = amount - self.balance[who.address]
        if missing > 0:
            self.stage.do(self.relay, self.money.call("mint", who.address, missing))
            self.balance[who.address] += missing

    def allow(self, who: Person, spender: str, amount: int) -> None:
        """Somebody who sends transactions of their own lets a contract take so much, which it then does."""
        self.fund(who, amount)
        self.stage.do(who, self.money.call("approve", spender, amount))
        self.balance[who.address] -= amount

    def pledge(
        self,
        campaign: Contract,
        backer: Person,
        amount: int,
        deadline: int,
        city: int = 0,
        tier: int = 0,
        source: int = CROWD,
    ) -> None:
        """A pledge on the first edition of the terms: by the backer's own transactions where they send any,
        else by signature and permit.
        """
        address = str(campaign.address)
        given = (amount, city, tier, source, 1)
        if backer.address in self.stage.sender.addresses:
            self.allow(backer, address, amount)
            self.stage.do(backer, campaign.call("pledge", given))
            return
        self.fund(backer, amount)
        self.balance[backer.address] -= amount
        nonce = self._pledges[address, backer.address]
        self._pledges[address, backer.address] = nonce + 1
        values = (backer.address, *given, nonce, deadline)
        signed = signature(key_of(backer.name), digest(PLEDGE, values, "Campaign", self.chain_id, address))
        permit = self._permit(backer, address, amount, deadline)
        call = campaign.call("pledgeBySig", backer.address, given, deadline, signed, permit)
        self.stage.do(self.relay, call)

    def _permit(self, owner: Person, spender: str, value: int, deadline: int) -> tuple[Any, ...]:
        nonce = self._permits[owner.address]
        self._permits[owner.address] = nonce + 1
        values = (owner.address, spender, value, nonce, deadline)
        hashed = digest(PERMIT, values, "Test rouble", self.chain_id, str(self.money.address))
        signed = signature(key_of(owner.name), hashed)
        return (value, deadline, signed[64], signed[:32], signed[32:64])
