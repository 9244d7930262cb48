"""The rehearsal's second part: all projects of Paris' participatory budget, with their real budgets.

Each goes through the guards of the contracts to the stage that it has in the file (docs/paris.md): opened as
the answer to its year's request, passed, supported, judged, given a team, designed, accelerated; its budget
raised in euro cents of a test token by pledges of the season's citizens, released by milestones; the
abandoned stopped and refunded.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import Pool
from typing import TYPE_CHECKING, Any

from eth_keys.datatypes import PrivateKey

from backend.chain.contract import Call
from backend.chain.eip712 import digest
from backend.cli.storing import store_documents
from backend.content.documents import (
    CampaignDocument,
    CourseDocument,
    DossierDocument,
    EvidenceDocument,
    OpinionDocument,
    ReasonDocument,
    RequestDocument,
    RoleDocument,
    Text,
    encode,
)
from backend.demo import token
from backend.demo.purse import PERMIT, PLEDGE, campaign_at
from backend.demo.signing import address_of, key_of, signature
from backend.demo.town import EXPERT, MODERATOR, TREASURER, VERIFIER
from backend.demo.works import BALLOT
from backend.kit.hashing import keccak
from backend.projects import paris
from backend.projects.names import KINDS, STAGES

if TYPE_CHECKING:
    from scripts.rehearsal import Rehearsal

DAY = 86_400
CODE = b"geonames:2988507"
THRESHOLDS = (3, 2, 60, 1, 1)
VOTERS = THRESHOLDS[0]
RAISING, COOLING_OFF, VETO = 10 * DAY, DAY, DAY
FOR_EVER = 2**40 - 1
DONATION = 0
STAGE = {name: number for number, name in enumerate(STAGES, start=1)}


@dataclass
class Work:
    """A project of the file on chain, and the backers of its campaign (places in the list of wallets)."""

    found: paris.Found
    number: int = 0
    campaign: str = ""
    backers: list[int] = field(default_factory=list)

    @property
    def stage(self) -> int:
        return STAGE[self.found.state.stage]


def read() -> paris.Import | None:
    """The file, None where it is not on this machine."""
    from scripts.rehearsal import shared

    file = shared("paris-projects", "bp_projets_gagnants.csv")
    return paris.read(file) if file else None


class Paris:
    """The projects of the file, played on the chain of a season."""

    def __init__(self, season: "Rehearsal", projects: Sequence[paris.Found], pledges: int):
        self.season, self.pledges = season, pledges
        self.works = [Work(found) for found in projects]
        self.random = random.Random(1341)
        self.at, self.send, self.step = season.network, season.send, season.step
        accounts = season.rpc.call("eth_accounts")
        self.moderator, self.experts, self.author, self.member = (
            accounts[5], accounts[6:8], accounts[8], accounts[9],
        )  # fmt: skip
        self.texts: dict[str, bytes] = {}

    def play(self) -> None:
        self._open_city()
        self._open_projects()
        self._judge()
        self._found_teams()
        self._open_campaigns()
        self._pledge()
        self._release()
        self._abandon()

    # --------------------------------------------------------------- projects

    def _open_city(self) -> None:
        """Paris, its people, what it asks of projects, and the euro."""
        season, registry = self.season, self.at.registry
        season.rpc.call("evm_setAutomine", True)
        self.at.sender.send(registry.call("openCities", [(CODE.ljust(32, b"\0"), season.steward, bytes(32))]))
        made = self.at.sender.send(token.creation(), gas=3_000_000)
        self.money = token.at(str(made.contract))
        self.at.sender.send(self.at.factory.call("setToken", self.money.address, 1))
        season.rpc.call("evm_setAutomine", False)
        self.city = self.at.sender.read(registry.call("cityOf", CODE.ljust(32, b"\0")))
        roles = [(season.verifier, VERIFIER), (self.moderator, MODERATOR), (self.author, TREASURER)]
        roles += [(expert, EXPERT) for expert in self.experts]
        self.send(season.steward, [registry.call("setRoles", self.city, *role) for role in roles])
        self.send(season.steward, [self.at.projects.call("setThresholds", self.city, THRESHOLDS)])
        self.voters = [key_of(f"rehearsal voter {i} of Paris") for i in range(VOTERS)]
        rows = [(address_of(key), keccak(key.to_bytes())) for key in self.voters]
        self.send(season.verifier, [registry.call("registerCitizens", self.city, rows)])
        self._keep_texts()

    def _keep_texts(self) -> None:
        both = Text(ru="Репетиция на открытых данных Парижа.", en="A rehearsal on open data of Paris.")
        documents = {
            "papers": DossierDocument(description=paris.ORIGIN),
            "passed": ReasonDocument(text=both),
            "abandoned": ReasonDocument(
                text=Text(ru="В данных города: оставлен.", en="Abandoned, says the city.")
            ),
            "opinion": OpinionDocument(text=both),
            "role": RoleDocument(title=both),
            "course": CourseDocument(title=both),
            "evidence": EvidenceDocument(description=both),
            "terms": CampaignDocument(title=both),
        }
        encoded = {name: encode(document) for name, document in documents.items()}
        store_documents([body for _, body in encoded.values()])
        self.texts = {name: digest_ for name, (digest_, _) in encoded.items()}

    def _open_projects(self) -> None:
        projects, now = self.at.projects, self.season.now()
        years = sorted({work.found.edition for work in self.works})
        asked = [encode(_request(year)) for year in years]
        store_documents([body for _, body in asked])
        budgets = {year: sum(w.found.budget for w in self.works if w.found.edition == year) for year in years}
        calls = [
            projects.call(
                "publishRequest", self.city, KINDS.index("urbanist"), self.money.address, budgets[year],
                now + 60 * DAY, content,
            )
            for year, (content, _) in zip(years, asked, strict=True)
        ]  # fmt: skip
        events = self.send(self.season.steward, calls)
        requests = {
            year: event["requestId"] for year, event in zip(years, events["RequestPublished"], strict=True)
        }
        encoded = [encode(work.found.document) for work in self.works]
        store_documents([body for _, body in encoded])
        calls = [
            projects.call(
                "openProject", self.city, KINDS.index(w.found.kind), requests[w.found.edition], content
            )
            for w, (content, _) in zip(self.works, encoded, strict=True)
        ]
        with self.step("Paris: projects opened, each the answer to its year's request", "projects") as step:
            events = self.send(self.author, calls)
            step.count = len(calls)
        for work, event in zip(self.works, events["ProjectOpened"], strict=True):
            work.number = event["projectId"]
        self._advance(self.works, self.author)
        self._advance(self.works, self.author)

    def _judge(self) -> None:
        """Moderated, supported by signatures, judged by two experts."""
        projects, address = self.at.projects, str(self.at.projects.address)
        with self.step("Paris: projects passed by a moderator", "projects") as step:
            self.send(
                self.moderator, [projects.call("pass", w.number, self.texts["passed"]) for w in self.works]
            )
            step.count = len(self.works)
        with self.step("Paris: supported by signatures, three in one transaction", "votes") as step:
            jobs = [(work.number, self.city, address, VOTERS) for work in self.works]
            with Pool(initializer=_load_voters, initargs=(VOTERS,)) as pool:
                ballots = pool.starmap(_ballots, jobs, chunksize=50)
            calls = [
                projects.call("supportBySigs", work.number, signed)
                for work, signed in zip(self.works, ballots, strict=True)
            ]
            step.count = len(self.send(self.season.relay, calls)["Supported"])
        self._advance(self.works, self.season.relay)
        with self.step("Paris: judged by experts", "scores") as step:
            for expert in self.experts:
                calls = [
                    projects.call("score", w.number, self.city, 80, self.texts["opinion"]) for w in self.works
                ]
                step.count += len(self.send(expert, calls)["Scored"])
        self._advance(self.works, self.season.relay)

    def _found_teams(self) -> None:
        """Those beyond the team have one; those beyond design have their courses too."""
        projects = self.at.projects
        on = self._beyond("team")
        self.send(
            self.author, [projects.call("invite", w.number, self.member, self.texts["role"]) for w in on]
        )
        self.send(self.member, [projects.call("acceptInvitation", w.number) for w in on])
        self._advance(on, self.author)
        on = self._beyond("design")
        self._advance(on, self.author)
        self.send(
            self.moderator,
            [
                projects.call("recordCourse", w.number, self.texts["course"], self.texts["evidence"])
                for w in on
            ],
        )
        self._advance(on, self.author)

    # -------------------------------------------------------------- campaigns

    def _open_campaigns(self) -> None:
        """One for each project that has come to money: its budget is goal and cap."""
        now = self.season.now()
        self.funded = [work for work in self.works if work.found.state.released is not None]
        calls = [
            self.at.factory.call(
                "create", w.number, DONATION, 0, self.money.address,
                (
                    self.author, now, now + RAISING, COOLING_OFF, w.found.budget, w.found.budget, 5_000, VETO,
                    90 * DAY, list(paris.MILESTONES), self.texts["terms"], [], (0,) * 5, 0,
                ),
            )
            for w in self.funded
        ]  # fmt: skip
        with self.step("Paris: campaigns made", "campaigns") as step:
            events = self.send(self.author, calls)
            step.count = len(calls)
        for work, event in zip(self.funded, events["CampaignCreated"], strict=True):
            work.campaign = event["campaign"]

    def _pledge(self) -> None:
        """The budgets, raised by the season's citizens: each pledge signed, with a signed permit."""
        everybody = [
            (t.number, key, who)
            for t in self.season.towns
            for key, who in zip(t.keys, t.wallets, strict=True)
        ]
        backers = self.random.sample(everybody, max(self.pledges // 5, 2 * self.pledges // len(self.funded)))
        shares, jobs, permits = self._split(), [], [0] * len(backers)
        holds, place = [0] * len(backers), 0
        for work, amounts in zip(self.funded, shares, strict=True):
            for amount in amounts:
                at = place % len(backers)
                city, key, who = backers[at]
                jobs.append((key, who, work.campaign, str(self.money.address), amount, city, permits[at]))
                work.backers.append(at)
                holds[at] += amount
                permits[at] += 1
                place += 1
        self.wallets = [who for _, _, who in backers]
        with self.step("Paris: euros made for backers", "backers") as step:
            calls = [
                self.money.call("mint", who, sum_)
                for who, sum_ in zip(self.wallets, holds, strict=True)
                if sum_
            ]
            self.send(self.season.relay, calls, gas=100_000)
            step.count = len(calls)
        with self.step("Paris: pledges and permits signed and encoded", "signatures") as step:
            with Pool() as pool:
                signed = pool.starmap(_pledge_call, jobs, chunksize=200)
            step.count = 2 * len(jobs)
        with self.step("Paris: pledged by signature and permit", "pledges") as step:
            for start in range(0, len(signed), 10_000):
                calls = [
                    Call(to, data, "pledgeBySig", errors=_ERRORS)
                    for to, data in signed[start : start + 10_000]
                ]
                step.count += len(self.send(self.season.relay, calls, gas=450_000)["Pledged"])

    def _split(self) -> list[list[int]]:
        """Each budget in so many parts that all together are the pledges asked for, cents each, none zero."""
        each, more = divmod(self.pledges, len(self.funded))
        parts = []
        for i, work in enumerate(self.funded):
            count = each + (i < more)
            cuts = sorted(self.random.sample(range(1, work.found.budget), count - 1))
            parts.append([b - a for a, b in zip([0, *cuts], [*cuts, work.found.budget], strict=True)])
        return parts

    def _release(self) -> None:
        """After the cooling-off time: begun, and released as far as the works have come."""
        self._pass(RAISING + COOLING_OFF + DAY)
        going = [work for work in self.funded if not work.found.state.abandoned]
        begun = [work for work in going if work.found.state.released]
        with self.step("Paris: implementation begun with the funded campaign", "projects") as step:
            calls = [self.at.projects.call("beginImplementation", w.number, w.campaign) for w in begun]
            self.send(self.season.relay, calls)
            step.count = len(calls)
        with self.step("Paris: milestones reported and released", "releases") as step:
            for milestone in range(1, len(paris.MILESTONES) + 1):
                due = [work for work in begun if (work.found.state.released or 0) >= milestone]
                if milestone > 1:
                    reports = [_money(w).call("report", self.texts["evidence"]) for w in due]
                    self.send(self.author, reports)
                    self._pass(VETO)
                events = self.send(self.season.relay, [_money(work).call("release") for work in due])
                step.count += len(events["TrancheReleased"])
        with self.step("Paris: tranches and fees collected", "campaigns") as step:
            self.send(self.author, [_money(work).call("collect", self.author) for work in begun])
            self.send(self.season.relay, [_money(work).call("collectFees") for work in begun])
            step.count = len(begun)
        self._advance([work for work in begun if work.stage == STAGE["completed"]], self.season.relay)

    def _abandon(self) -> None:
        """Stopped by a moderator, refunded to every backer, the project paused."""
        over = [work for work in self.works if work.found.state.abandoned]
        reason = self.texts["abandoned"]
        self.send(self.moderator, [_money(work).call("stop", reason) for work in over])
        with self.step("Paris: backers of abandoned projects refunded", "refunds") as step:
            calls = [_money(w).call("refund", self.wallets[at]) for w in over for at in w.backers]
            step.count = len(self.send(self.season.relay, calls, gas=200_000)["PledgeRefunded"])
        self.send(self.moderator, [self.at.projects.call("pause", w.number, reason) for w in over])

    # ---------------------------------------------------------------- helpers

    def _beyond(self, stage: str) -> list[Work]:
        return [work for work in self.works if work.stage > STAGE[stage]]

    def _advance(self, works: Sequence[Work], who: str) -> None:
        papers = self.texts["papers"]
        self.send(who, [self.at.projects.call("advance", work.number, papers) for work in works])

    def _pass(self, seconds: int) -> None:
        time = self.season.now() + seconds
        self.season.rpc.batch([("evm_setNextBlockTimestamp", [time]), ("evm_mine", [])])


def _money(work: Work) -> Any:
    return campaign_at(work.campaign)


def _request(year: int) -> RequestDocument:
    return RequestDocument(
        title=Text(ru=f"Бюджет участия Парижа, {year}", en=f"Participatory budget of Paris, {year}"),
        summary=Text(ru="Сумма бюджетов проектов-победителей.", en="The sum of the winners' budgets."),
    )


# ------------------------------------------------------- work of the other core

_ERRORS = campaign_at("0x" + "0" * 40)
_voters: list[PrivateKey] = []


def _load_voters(count: int) -> None:
    _voters[:] = [key_of(f"rehearsal voter {i} of Paris") for i in range(count)]


def _ballots(project: int, city: int, address: str, count: int) -> list[tuple[str, int, int, bytes]]:
    signed = []
    for key in _voters[:count]:
        who = address_of(key)
        hashed = digest(BALLOT, (who, project, city, 1, FOR_EVER), "ProjectRegistry", 31337, address)
        signed.append((who, city, FOR_EVER, signature(key, hashed)))
    return signed


def _pledge_call(
    key: bytes, who: str, campaign: str, money: str, amount: int, city: int, permits: int
) -> tuple[str, bytes]:
    signer = PrivateKey(key)
    given = (amount, city, 0, 0, 1)
    hashed = digest(PLEDGE, (who, *given, 0, FOR_EVER), "Campaign", 31337, campaign)
    signed = signature(signer, hashed)
    hashed = digest(PERMIT, (who, campaign, amount, permits, FOR_EVER), "Test rouble", 31337, money)
    allowed = signature(signer, hashed)
    permit = (amount, FOR_EVER, allowed[64], allowed[:32], allowed[32:64])
    return campaign, _ERRORS.call("pledgeBySig", who, given, FOR_EVER, signed, permit).data
