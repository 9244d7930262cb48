"""Fund avatars on a test network: who launches them, commits, pays, manages and marks, through the real
contracts.
"""

from typing import Any

from eth_utils import keccak, to_checksum_address

from backend.chain.contract import Contract
from backend.chain.deployment import abi
from backend.chain.send import Receipt
from tests.backend.money_world import HOUR, ROUBLE, SHARE, Money
from tests.backend.network import DAY

FORMING, INVESTING, HARVESTING, WINDING, ENDED, LAPSED = range(6)
REPLACE_MANAGER, REPLACE_APPRAISER, EXTEND_LIFE, WIND_UP = range(4)
NOBODY = "0x" + "0" * 40
YEAR = 365 * DAY
WHOLE = 10**18
"""All of a commitment, as shares of it are called."""


class Funds:
    """What people do with funds. A fund is spoken of by the name it was launched with (`"growth"`), its
    people by theirs (`"manager of growth"`, `"appraiser of growth"`, `"organisation of growth"`); partners
    have names of their own. Sums are base units unless they are called roubles.
    """

    def __init__(self, money: Money):
        self.money, self.network = money, money.network
        self.launched: dict[str, str] = {}
        self._abi = abi("IFundAvatar")

    def text(self, what: str) -> bytes:
        return self.money.text(what)

    def at(self, fund: str) -> str:
        """The address of a fund, by its name or its address."""
        return self.launched.get(fund, fund)

    def send(self, who: str, fund: str, function: str, *arguments: Any) -> Receipt:
        return self.network.send(who, self.at(fund), function, *arguments)

    def manage(self, fund: str, function: str, *arguments: Any) -> Receipt:
        """Sent by the fund's manager."""
        return self.send(f"manager of {fund}", fund, function, *arguments)

    def read(self, fund: str, function: str, *arguments: Any, block: int | str = "latest") -> Any:
        return self.network.read(self.at(fund), function, *arguments, block=block)

    def books(self, fund: str, block: int | str = "latest") -> dict[str, int]:
        """`booksOf` by the names of its fields."""
        entry = next(e for e in self._abi if e["type"] == "function" and e["name"] == "booksOf")
        names = [part["name"] for part in entry["outputs"][0]["components"]]
        return dict(zip(names, self.read(fund, "booksOf", block=block), strict=True))

    # --------------------------------------------------------------- launch

    def mandate(self, **changed: Any) -> tuple[Any, ...]:
        """Of all kinds, forms and cities, up to the whole in one project; no other funds."""
        filled = {
            "kinds": 2**11 - 1, "forms": 2**4 - 1, "largest_share": 10_000, "may_commit": False, "cities": [],
        } | changed  # fmt: skip
        return tuple(filled.values())

    def terms(self, **changed: Any) -> tuple[Any, ...]:
        """Usual terms: 2 and 20 over a hurdle of 8 %, three years of investing, six of life."""
        filled = {
            "minimum": 100 * ROUBLE, "cap": 10_000 * ROUBLE, "final_closing": self.network.time + YEAR,
            "investment_period": 3 * YEAR, "life": 6 * YEAR, "extension": YEAR, "extensions": 2,
            "management_fee": 200, "hurdle": 800, "catch_up": 10_000, "carry": 2_000, "escrow": 3_000,
            "equalisation": 600, "call_notice": DAY, "grace": HOUR, "late_fee": 150, "forfeit": 5_000,
            "mark_term": 180 * DAY,
        } | changed  # fmt: skip
        return tuple(filled.values())

    def launch(
        self, name: str, mandate: tuple[Any, ...] | None = None, content: bytes = b"", **terms: Any
    ) -> str:
        """A new fund, which the operator knows as a qualified investor; its address."""
        roles = (self.network.wallet(f"{role} of {name}") for role in ("manager", "appraiser"))
        receipt = self.network.send(
            f"organisation of {name}", "FundFactory", "launch", f"Fund {name}", name.upper()[:6],
            self.money.token, *roles, mandate or self.mandate(), self.terms(**terms),
            content or self.text("fund"),
        )  # fmt: skip
        factory = self.network.deployment.place("FundFactory").address.lower()
        log = next(log for log in receipt.logs if log["address"].lower() == factory)
        address = to_checksum_address("0x" + log["topics"][1][-40:])
        made = Contract("FundAvatar", address, self._abi)
        self.network.contracts[address] = made.with_errors_of(*self.network.contracts.values())
        self.launched[name] = address
        known = [(keccak(text=f"document of {name}"), True)]
        self.network.send("operator", "CampaignFactory", "setInvestors", [address], known)
        return address

    # -------------------------------------------------------------- partners

    def admit(self, fund: str, *partners: str) -> None:
        self.manage(fund, "admit", [self.network.wallet(partner) for partner in partners], True)

    def commit(self, who: str, fund: str, roubles: int) -> None:
        """Commits, and pays what it costs by now."""
        amount = roubles * ROUBLE
        # The premium grows by the second: an hour's is left for it.
        most = sum(self.read(fund, "costOfEntry", amount)) + amount // 1_000
        self.money.allow(who, self.at(fund), most)
        self.send(who, fund, "commit", amount, most)

    def call(self, fund: str, roubles: int, days: int = 1) -> None:
        """Calls capital, due so many days from now (and an hour)."""
        due = self.network.time + days * DAY + HOUR
        self.manage(fund, "callCapital", roubles * ROUBLE, due, self.text("notice"))

    def pay(self, who: str, fund: str, share: int = 1, payer: str = "") -> None:
        """Pays what a partner owes, or the part of it that `share` divides; what is late with its fee."""
        due = self.read(fund, "dueOf", self.network.wallet(who))[0] // share
        payer = payer or who
        self.money.allow(payer, self.at(fund), 2 * due)
        self.send(payer, fund, "pay", self.network.wallet(who), due)

    def claim(self, who: str, fund: str) -> None:
        self.send("anybody", fund, "claim", self.network.wallet(who))

    # -------------------------------------------------------------- holdings

    def campaign(self, project: int, form: int = SHARE, goal: int = 10, **terms: Any) -> str:
        """A new campaign that takes pledges for two hours, a third is for cooling off; one milestone."""
        given = {"goal": goal * ROUBLE, "milestones": [10_000]} | terms
        if form == SHARE:
            given.setdefault("unit_price", ROUBLE)
        return self.money.campaign(project, form, **given)

    def invest(self, fund: str, campaign: str, roubles: int) -> None:
        self.manage(fund, "invest", campaign, roubles * ROUBLE, 0, 1)

    def finish(self, *campaigns: str) -> None:
        """Lets the time of pledges and of cooling off pass; these are funded, and released."""
        self.network.pass_time(3 * HOUR + 1)
        for campaign in campaigns:
            self.money.send("anybody", campaign, "release")

    def earn(self, campaign: str, roubles: int) -> None:
        """A company distributes income to the holders of its units."""
        self.money.pay("a company", campaign, "distribute", roubles * ROUBLE)

    def collect(self, fund: str, holding: str) -> None:
        self.send("anybody", fund, "collect", self.at(holding))

    def mark(self, fund: str, holding: str, roubles: int, company: int = 0, days_ago: int = 0) -> None:
        """Marks a holding at so many roubles; `company` in roubles too."""
        day = self.network.time - days_ago * DAY
        figures = (roubles * ROUBLE, company * ROUBLE, day, self.text("evidence"))
        self.send(f"appraiser of {fund}", fund, "mark", self.at(holding), *figures)

    def pledged(self, fund: str, campaign: str) -> int:
        """What stands to a fund's name in a campaign, by the campaign."""
        return self.money.read(campaign, "positionOf", self.at(fund))[0]

    # -------------------------------------------------------------- motions

    def decide(self, fund: str, matter: int, *partners: str, subject: str = "") -> None:
        """The first of the partners puts a motion, the others consent."""
        first, *others = partners
        whom = self.network.wallet(subject) if subject else NOBODY
        self.send(first, fund, "propose", matter, whom, self.text("reason"))
        number = self._motions(fund)
        for partner in others:
            self.send(partner, fund, "consent", number)

    def _motions(self, fund: str) -> int:
        topic = "0x" + keccak(text="MotionProposed(uint32,uint8,address,address,uint40,bytes32)").hex()
        wanted = {"address": self.at(fund), "fromBlock": "0x0", "topics": [topic]}
        logs = self.network.chain.call("eth_getLogs", wanted)
        return int(logs[-1]["topics"][1], 16)
