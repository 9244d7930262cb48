"""A city of the demo: its people, its offers, and what they do there."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from backend.content.documents import Document, EvidenceDocument, ReasonDocument, encode
from backend.demo import catalogue
from backend.demo.signing import Redemption, key_of, seal_of, sign
from backend.demo.stage import Events, Person, Stage
from backend.kit.hashing import keccak
from backend.merits.epochs import Award, Tree, tree

DAY = 86_400
VERIFIER, MODERATOR, EXPERT, PARTNER, TREASURER = 1, 2, 4, 8, 16
CAP = 60
"""Merits from direct awards that a citizen gets in a day at most."""
BUDGET = 60_000
"""Merits that a verifier may award in a period."""
SUPPORT = 6
"""Supporters that a project needs."""
THRESHOLDS = (SUPPORT, 2, 60, 2, 1)
"""Supporters, scores, their mean, members and courses that the cities of the play ask for."""


@dataclass
class Offer:
    """An offer of a business of the town; `accepts` names further cities."""

    number: int
    price: int
    limit: int
    opens: int
    closes: int
    partner: Person
    accepts: tuple[int, ...]
    left: int


@dataclass
class Epoch:
    """An epoch and who has claimed their leaf."""

    number: int
    period: int
    points: int
    tree: Tree
    place: dict[str, int]
    claimed: set[str] = field(default_factory=set)


@dataclass
class Library:
    """Documents and trees that the play names by their hash."""

    documents: dict[bytes, bytes] = field(default_factory=dict)
    trees: list[Tree] = field(default_factory=list)

    def keep(self, document: Document) -> bytes:
        """The document's hash."""
        digest, body = encode(document)
        self.documents[digest] = body
        return digest


@dataclass(frozen=True)
class Contracts:
    """The contracts, and the chain that a signature is for."""

    registry: Any
    ledger: Any
    market: Any
    projects: Any
    factory: Any
    pool: Any
    funds: Any
    chain_id: int


class Town:
    """A city that takes part in the play."""

    def __init__(self, stage: Stage, at: Contracts, library: Library, number: int, name: str, seed: int):
        self.stage, self.at, self.library, self.number, self.name = stage, at, library, number, name
        self.random = Random(seed)
        self.steward = stage.person(f"steward of {name}", acts=True)
        self.verifiers = [stage.person(f"verifier {i} of {name}", acts=True) for i in (1, 2)]
        self.moderator = stage.person(f"moderator of {name}", acts=True)
        self.partners = {
            plan.business: stage.person(f"{plan.business} of {name}", acts=True) for plan in catalogue.OFFERS
        }
        self.experts = [stage.person(f"expert {i} of {name}", acts=True) for i in (1, 2)]
        self.treasurer = stage.person(f"treasurer of {name}", acts=True)
        self.authors = [stage.person(f"author {i} of {name}", acts=True) for i in (1, 2, 3)]
        self.backers = [stage.person(f"backer {i} of {name}") for i in (1, 2)]
        self.backers.append(stage.person(f"fund of {name}"))
        self.citizens: list[Person] = []
        self.offers: list[Offer] = []
        self.epochs: list[Epoch] = []
        self.batches: list[tuple[Any, ...]] = []
        self._planned: list[tuple[catalogue.Plan, Offer]] = []
        self._awards: list[list[str]] = []
        self._accepted: dict[str, int] = {}

    # -------------------------------------------------------------- city desk

    def set_up(self) -> None:
        """Roles, cap, budgets, act kinds, and what is asked of projects."""
        registry, ledger, number = self.at.registry, self.at.ledger, self.number
        roles = [
            *((who, VERIFIER) for who in self.verifiers),
            (self.moderator, MODERATOR),
            *((who, EXPERT) for who in self.experts),
            *((who, PARTNER) for who in self.partners.values()),
            (self.treasurer, TREASURER),
        ]
        for who, role in roles:
            self.stage.do(self.steward, registry.call("setRoles", number, who.address, role))
        self.stage.do(self.steward, ledger.call("setCap", number, CAP))
        for who in self.verifiers:
            self.stage.do(self.steward, ledger.call("setBudget", number, who.address, BUDGET))
        for kind in catalogue.KINDS:
            content = self.library.keep(kind.document)
            self.stage.do(self.steward, ledger.call("publishKind", number, kind.number, kind.points, content))

        self.stage.do(self.steward, self.at.projects.call("setThresholds", number, THRESHOLDS))

    def accept(self, member: Person) -> int:
        """The nonce of a member's next acceptance."""
        nonce = self._accepted.get(member.address, 0)
        self._accepted[member.address] = nonce + 1
        return nonce

    def register(self, count: int, acting: int = 0) -> None:
        """Registers so many further citizens in one batch; the first few send transactions of their own."""
        first = len(self.citizens) + 1
        new = [
            self.stage.person(f"citizen {first + i} of {self.name}", acts=i < acting) for i in range(count)
        ]
        self.citizens += new
        rows = [(who.address, nullifier(who)) for who in new]
        self.stage.do(self.verifiers[0], self.at.registry.call("registerCitizens", self.number, rows))

    def award(self, kind: int, citizens: list[Person], note: str) -> None:
        """Awards an act to citizens: one by `award`, several by `awardBatch`."""
        verifier = self.random.choice(self.verifiers)
        evidence = self.library.keep(EvidenceDocument(description=_noted(catalogue.EVIDENCE, note)))
        who = [citizen.address for citizen in citizens]
        if len(who) == 1:
            call = self.at.ledger.call("award", self.number, kind, who[0], evidence)
        else:
            call = self.at.ledger.call("awardBatch", self.number, kind, evidence, who)
        self._awards.append(who)
        self.stage.do(verifier, call)

    def note_awards(self, events: Events) -> None:
        """Takes note of the batches awarded, in order: a reversal gives a batch whole."""
        mine = [e for e in events.get("BatchAwarded", []) if e["cityId"] == self.number]
        for event, who in zip(mine, self._awards, strict=True):
            self.batches.append(
                (
                    self.number,
                    event["verifier"],
                    event["serial"],
                    event["kindId"],
                    event["points"],
                    event["period"],
                    event["evidence"],
                    who,
                )
            )
        self._awards.clear()

    def open_epoch(self, kind: int, first_day: int, last_day: int, note: str) -> None:
        """Awards most of the citizens by one root for the days (since 1970)."""
        evidence = self.library.keep(EvidenceDocument(description=_noted(catalogue.EVIDENCE, note)))
        who = [citizen for citizen in self.citizens if self.random.random() < 0.8] or self.citizens[:1]
        made = tree([Award(bytes.fromhex(c.address[2:]), self.random.randint(1, 9), evidence) for c in who])
        self.library.trees.append(made)
        points = next(k.points for k in catalogue.KINDS if k.number == kind)
        place = {citizen.address: i for i, citizen in enumerate(who)}
        self.epochs.append(Epoch(0, 0, points, made, place))
        call = self.at.ledger.call(
            "openEpoch", self.number, kind, made.acts, first_day, last_day, made.root, keccak(made.content)
        )
        self.stage.do(self.verifiers[1], call)

    def note_epochs(self, events: Events) -> None:
        for event in events.get("EpochOpened", []):
            if event["cityId"] == self.number:
                made = next(e for e in self.epochs if e.tree.root == event["root"])
                made.number, made.period = event["epochId"], event["period"]

    def leaf(self, epoch: Epoch, citizen: Person) -> tuple[int, int, int, bytes, list[bytes]]:
        """The citizen's `Claim` of an epoch."""
        place = epoch.place[citizen.address]
        award = epoch.tree.awards[place]
        return (self.number, epoch.number, award.times, award.evidence, epoch.tree.proof(place))

    def unclaimed(self, citizen: Person, period: int) -> Iterator[Epoch]:
        """Epochs whose award the citizen can still claim."""
        for epoch in self.epochs:
            within = epoch.number and epoch.period >= period - 1
            if within and citizen.address in epoch.place and citizen.address not in epoch.claimed:
                yield epoch

    def claim(self, by: Person, citizen: Person, epoch: Epoch) -> None:
        """Somebody claims for the citizen."""
        epoch.claimed.add(citizen.address)
        self.stage.do(by, self.at.ledger.call("claim", citizen.address, self.leaf(epoch, citizen)))

    def reverse(self, batch: tuple[Any, ...], index: int) -> None:
        """The moderator reverses one award of a batch."""
        reason = self.library.keep(ReasonDocument(text=catalogue.REASON))
        self.stage.do(self.moderator, self.at.ledger.call("reverseAward", batch, index, reason))

    def propose_recovery(self, old: Person, new: Person) -> None:
        evidence = self.library.keep(EvidenceDocument(description=catalogue.LOST))
        call = self.at.registry.call("proposeRecovery", self.number, old.address, new.address, evidence)
        self.stage.do(self.verifiers[0], call)

    # ----------------------------------------------------------------- market

    def publish(
        self,
        plan: catalogue.Plan,
        opens: int,
        closes: int,
        accepts: tuple[int, ...] = (),
        stock: int | None = None,
        pool: tuple[str, int] | None = None,
    ) -> None:
        """A business publishes an offer. `pool`: token, and base units for each fulfilled voucher."""
        partner = self.partners[plan.business]
        content = self.library.keep(plan.document)
        token, per_voucher = pool or ("0x" + "0" * 40, 0)
        terms = (
            self.number,
            plan.price,
            stock or plan.stock,
            plan.limit,
            opens,
            closes,
            plan.term_days * DAY,
            content,
            token,
            per_voucher,
            list(accepts),
        )
        made = Offer(0, plan.price, plan.limit, opens, closes, partner, accepts, stock or plan.stock)
        self._planned.append((plan, made))
        self.stage.do(partner, self.at.market.call("publish", terms))

    def note_offers(self, events: Events) -> None:
        """Takes the numbers of the offers just published, in order."""
        mine = [e for e in events.get("OfferPublished", []) if e["cityId"] == self.number]
        for (_, made), event in zip(self._planned, mine, strict=True):
            made.number = event["offerId"]
            self.offers.append(made)
        self._planned.clear()


class Wallet:
    """What citizens do with their wallets: redemptions, and the codes that seal them."""

    def __init__(self, stage: Stage, at: Contracts):
        self.stage, self.at = stage, at
        self.codes: dict[bytes, bytes] = {}
        self.redemptions: dict[tuple[int, str], int] = {}

    def redeem(
        self,
        citizen: Person,
        offer: Offer,
        city: int,
        by: Person | None,
        claims: list[tuple[Any, ...]],
        deadline: int,
    ) -> None:
        """The citizen redeems, with their own transaction or (`by`) by signature."""
        nonce = self.redemptions.get((offer.number, citizen.address), 0)
        self.redemptions[offer.number, citizen.address] = nonce + 1
        offer.left -= 1
        code = keccak(f"demo code {offer.number} {citizen.name} {nonce}".encode())
        seal = seal_of(code)
        self.codes[seal] = code
        market = self.at.market
        if by is None:
            call = (
                market.call("claimAndRedeem", claims, offer.number, city, seal)
                if claims
                else market.call("redeem", offer.number, city, seal)
            )
            self.stage.do(citizen, call)
            return
        asked = Redemption(citizen.address, offer.number, city, offer.price, seal, nonce, deadline)
        signature = sign(key_of(citizen.name), asked, self.at.chain_id, market.address)
        signed = (citizen.address, offer.number, city, seal, deadline, signature)
        if claims:
            self.stage.do(by, market.call("claimAndRedeemBySig", claims, *signed))
        else:
            self.stage.do(by, market.call("redeemBySig", *signed))


def nullifier(person: Person) -> bytes:
    """What stands for the person's document: nobody has one here."""
    return keccak(f"demo nullifier of {person.name}".encode())


def voucher(event: dict[str, Any]) -> tuple[Any, ...]:
    """The content of a voucher, from its `Redeemed`."""
    keys = "voucherId citizen cityId fromPrevious fromCurrent period expires seal"
    return tuple(event[key] for key in keys.split())


def _noted(text: Any, note: str) -> Any:
    return type(text)(ru=f"{text.ru} № {note}", en=f"{text.en} No. {note}")
