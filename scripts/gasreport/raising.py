"""A project at financing, its campaigns and their money: what the rows of forms and matching begin with."""

import json
from typing import Any

from backend.chain.contract import Contract
from scripts.gasreport.chain import ROOT, Sent
from scripts.gasreport.projects import Desk
from scripts.gasreport.world import CITY, DAY, World, some

DONATION, REWARD, LOAN, SHARE = range(4)
FORMS = ("DonationCampaign", "RewardCampaign", "LoanCampaign", "ShareCampaign")
FINANCING = 9
UNIT = 10**18
"""Base units of a rouble; of a share's unit."""
TREASURER = 16


class Raising:
    """Campaigns of the steward's project, in roubles of 18 decimals."""

    def __init__(self, world: World):
        self.world, self.token = world, world.token
        self.project = Desk(world).at(FINANCING)
        self.payee = world.partner
        self.do(world.operator, world.factory, "setToken", self.token.address, UNIT)
        self.do(world.steward, world.registry, "setRoles", CITY, world.sponsor, TREASURER)
        abis = (
            json.loads((ROOT / "build" / "contracts" / f"{name}.json").read_text())["abi"] for name in FORMS
        )
        self.forms = [
            Contract(name, None, abi).with_errors_of(world.factory, world.pool, self.token)
            for name, abi in zip(FORMS, abis, strict=True)
        ]

    def do(self, sender: str, contract: Contract, action: str, *arguments: Any) -> Sent:
        return self.world.send(contract.call(action, *arguments), sender)

    def terms(self, form: int, milestones: tuple[int, ...] = (10_000,)) -> tuple[Any, ...]:
        """A goal of a rouble, open for 20 days, five of cooling-off."""
        now = self.world.chain.now
        loan = (1_200, 12, 30 * DAY, DAY, 30 * DAY) if form == LOAN else (0,) * 5
        tiers = [(UNIT, 100, some("tier"))] if form == REWARD else []
        return (
            *(self.payee, now - DAY, now + 20 * DAY, 5 * DAY, UNIT, 10**9 * UNIT),
            *(5_000, 3 * DAY, 90 * DAY, list(milestones), some("terms"), tiers, loan),
            UNIT if form == SHARE else 0,
        )

    def campaign(self, form: int, round_id: int = 0, milestones: tuple[int, ...] = (10_000,)) -> Contract:
        world, terms = self.world, self.terms(form, milestones)
        call = world.factory.call("create", self.project, form, round_id, self.token.address, terms)
        (made,) = (
            log
            for log in world.send(call, world.steward).logs
            if log["address"] == world.factory.address.lower()
        )
        return self.forms[form].at("0x" + made["topics"][1][-40:])

    def give(self, who: str, amount: int, to: str) -> None:
        """Money that `to` may take; some is left with its owner and in the allowance."""
        self.do(who, self.token, "mint", who, 10 * amount)
        self.do(who, self.token, "approve", to, 10 * amount)

    def pledged(self, amount: int, city: int = 0) -> tuple[Any, ...]:
        return (amount, city, 0, 0, 1)

    def pledge(self, campaign: Contract, who: str, amount: int, city: int = 0) -> None:
        self.give(who, amount, str(campaign.address))
        self.do(who, campaign, "pledge", self.pledged(amount, city))

    def funded(self, campaign: Contract) -> Contract:
        """Time runs until the campaign is over."""
        self.world.chain.travel(26 * DAY)
        return campaign
