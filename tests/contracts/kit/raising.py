"""How the tests of money begin: a project at financing, its campaigns, investors, rounds."""

from __future__ import annotations

from typing import Any

from tests.contracts.kit.contract import Contract, Receipt
from tests.contracts.kit.people import Person
from tests.contracts.kit.signing import PERMIT, Domain, sign
from tests.contracts.kit.world import DAY, World, h

DONATION, REWARD, LOAN, SHARE = range(4)
CROWD, PRIVATE, FUND, STATE, NATIONAL = range(5)
UPCOMING, OPEN, COOLING, FUNDED, FAILED, STOPPED, COMPLETED = range(7)
RUNNING, WEIGHING, ASSIGNING, SETTLED = range(4)
NO_LOAN = {"rate": 0, "instalments": 0, "interval": 0, "grace": 0, "defaultAfter": 0}
LONG_LOAN = {
    "rate": 1_200,
    "instalments": 4,
    "interval": 90 * DAY,
    "grace": 10 * DAY,
    "defaultAfter": 60 * DAY,
}


class Raising:
    """A project and money for it: of `token` 100 base units are a rouble, so one is a kopeck."""

    def __init__(self, w: World, token: str = "TestToken"):
        self.w, self.author, self.payee = w, w.stranger, w.partner
        self.token = w.mock(token)
        w.factory.setToken(self.token.address, 100, by=w.operator)
        self.project = self.financed()

    def financed(self) -> int:
        """A project at stage financing, by the shortest way that the guards leave."""
        w, city = self.w, self.w.city
        thresholds = {"support": 1, "experts": 1, "score": 0, "team": 0, "courses": 0}
        w.projects.setThresholds(city, thresholds, by=w.steward)
        opened = w.projects.openProject(city, 0, 0, h("a garden"), by=self.author)
        number = opened.one("ProjectOpened").projectId
        w.projects.advance(number, h("idea"), by=self.author)
        w.projects.advance(number, h("premoderation"), by=self.author)
        getattr(w.projects, "pass")(number, h("passed"), by=w.moderator)
        w.projects.support(number, city, by=w.citizen)
        w.projects.advance(number, h(""), by=self.author)
        w.projects.score(number, city, 80, h("opinion"), by=w.expert)
        for stage in ("expertise", "team", "design", "acceleration"):
            w.projects.advance(number, h(stage), by=self.author)
        return number

    def terms(self, **changes: Any) -> dict[str, Any]:
        """Open from now on for 30 days, 10 days of cooling-off, one milestone."""
        return {
            "payee": self.payee,
            "opens": self.w.now,
            "closes": self.w.now + 30 * DAY,
            "coolingOff": 10 * DAY,
            "goal": 100,
            "cap": 10**18,
            "vetoShare": 5_000,
            "vetoWindow": 3 * DAY,
            "milestoneTerm": 60 * DAY,
            "milestones": [10_000],
            "content": h("terms"),
            "tiers": [],
            "loan": NO_LOAN,
            "unitPrice": 0,
        } | changes

    def campaign(self, form: int = DONATION, round_id: int = 0, **changes: Any) -> Contract:
        w, terms = self.w, self.terms(**changes)
        made = w.factory.create(self.project, form, round_id, self.token.address, terms, by=self.author)
        name = ("Donation", "Reward", "Loan", "Share")[form] + "Campaign"
        address = made.one("CampaignCreated").campaign
        return Contract(w.node, w.book, address, getattr(w.project, name).abi)

    def give(self, who: str, amount: int, to: str) -> None:
        """Money that `to` may take."""
        self.token.mint(who, amount, by=self.w.deployer)
        self.token.approve(to, amount, by=who)

    def permit(self, who: Person, spender: str, amount: int, /, **changes: Any) -> dict[str, Any]:
        """What ERC-2612 lets the owner sign, valid for a minute."""
        message = {
            "owner": who,
            "spender": spender,
            "value": amount,
            "nonce": self.token.nonces(who),
            "deadline": self.w.now + 60,
        } | changes
        domain = Domain("Test rouble", "1", self.w.node.chain_id, self.token.address)
        signed = sign(who.key, domain, PERMIT, message)
        shown = {"value": message["value"], "deadline": message["deadline"]}
        return shown | {"v": signed[64], "r": signed[:32], "s": signed[32:64]}

    def pledge(self, campaign: Contract, who: str, amount: int, city: int = 1, **changes: Any) -> Receipt:
        self.give(who, amount, campaign.address)
        edition = campaign.stateOf().edition
        given = {"amount": amount, "cityId": city, "tier": 0, "source": CROWD, "edition": edition} | changes
        return campaign.pledge(given, by=who)

    def end(self, campaign: Contract) -> None:
        """Travel to the second at which the campaign is funded or failed."""
        terms = campaign.terms()
        self.w.node.travel_to(terms.closes + terms.coolingOff)

    def identify(self, *wallets: str, qualified: bool = False) -> None:
        """Investors, each a person of their own."""
        rows = [{"person": h(f"investor {one}"), "qualified": qualified} for one in wallets]
        self.w.factory.setInvestors(list(wallets), rows, by=self.w.operator)

    def citizens(self, count: int) -> list[Person]:
        """Newly registered citizens of the city, who act through `w.acting_as`."""
        people = [Person.make(f"citizen {i}", 100 + i) for i in range(count)]
        self.w.enrol(self.w.city, self.w.verifier, people)
        return people

    # ------------------------------------------------------------------- rounds

    def round_terms(self, **changes: Any) -> dict[str, Any]:
        """Closes after 60 days; 1,000 base units of a person count."""
        return {
            "cityId": self.w.city,
            "token": self.token.address,
            "minMerits": 0,
            "personLimit": 1_000,
            "closes": self.w.now + 60 * DAY,
            "redistribute": True,
            "content": h("round"),
        } | changes

    def open_round(self, amount: int = 10_000, **changes: Any) -> int:
        self.give(self.w.treasurer, amount, self.w.pool.address)
        opened = self.w.pool.openRound(self.round_terms(**changes), amount, by=self.w.treasurer)
        return opened.one("RoundOpened").roundId

    def close(self, round_id: int) -> None:
        """Travel to the second from which the round can be settled."""
        self.w.node.travel_to(self.w.pool.roundOf(round_id).closes)

    def settle(self, round_id: int) -> Receipt:
        """The whole settlement in one step."""
        self.close(round_id)
        return self.w.pool.settle(round_id, 10_000, by=self.w.stranger)
