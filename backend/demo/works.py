"""Projects of the play: opened, moved on through their stages, sent back, paused and turned."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from backend.chain.contract import Contract
from backend.chain.eip712 import digest
from backend.demo import ideas
from backend.demo.ideas import Asked, Idea
from backend.demo.signing import key_of, signature
from backend.demo.stage import Events, Person, Stage
from backend.demo.town import DAY, SUPPORT, Town
from backend.projects.names import STAGES

BALLOT = "Support(address citizen,uint32 projectId,uint32 cityId,uint16 version,uint256 deadline)"
ACCEPTANCE = "AcceptInvitation(address member,uint32 projectId,uint256 nonce,uint256 deadline)"
WAIT = 10 * DAY
IDEA = STAGES.index("idea") + 1
NO_TOKEN = "0x" + "0" * 40

Story = Iterator[int]
"""What happens to something. Each step queues what people do, and says how many days later it goes on."""


@dataclass
class Work:
    """A project of the play. `campaign` is known from the day after its making on."""

    idea: Idea
    town: Town
    author: Person
    content: bytes
    number: int = 0
    campaign: Contract | None = None
    raised: int = 0
    backers: list[Person] = field(default_factory=list)

    @property
    def money(self) -> Contract:
        assert self.campaign is not None
        return self.campaign


class Works:
    """All projects of the play. `begin` adds a story, `day` plays what is due."""

    def __init__(self, stage: Stage, towns: list[Town], relay: Person, token: str, unit: int):
        self.stage, self.towns, self.relay, self.token, self.unit = stage, towns, relay, token, unit
        self.at = towns[0].at
        self.random = Random(4)
        self.today, self.now = 0, 0
        self.works: dict[str, Work] = {}
        self.requests: dict[str, int] = {}
        self.further: dict[str, Callable[[Work], Story]] = {
            "joined": self._joined,
            "returned": self._returned,
            "paused": self._paused,
            "turned": self._turned,
        }
        self.noting: list[Callable[[Events], None]] = [self.note]
        self._due: list[tuple[int, Story]] = []
        self._asked: dict[bytes, str] = {}
        for asked in ideas.REQUESTS:
            self.begin(asked.begins, self._asking(asked))
        for idea in ideas.IDEAS:
            self.begin(idea.begins, self._way(idea))

    def begin(self, day: int, story: Story) -> None:
        self._due.append((day, story))

    def play(self, day: int, time: int) -> None:
        """Plays a day's part of all stories, in one moment of it (seconds since 1970)."""
        due, self.today, self.now = self._due, day, time
        self._due = [entry for entry in due if entry[0] > day]
        for when, story in due:
            if when <= day:
                later = next(story, None)
                if later is not None:
                    self._due.append((day + max(later, 1), story))
        if self.stage.waiting:
            events = self.stage.at(time)
            for note in self.noting:
                note(events)

    def note(self, events: Events) -> None:
        """Takes the numbers of what was opened."""
        by_content = {work.content: work for work in self.works.values()}
        for event in events.get("ProjectOpened", []):
            by_content[event["content"]].number = event["projectId"]
        for event in events.get("RequestPublished", []):
            self.requests[self._asked[event["content"]]] = event["requestId"]

    def until(self, day: int) -> int:
        """How many days it is to then."""
        return max(day - self.today, 1)

    # ----------------------------------------------------------------- stages

    def _asking(self, asked: Asked) -> Story:
        town = self.town(asked.town)
        content = town.library.keep(asked.document)
        self._asked[content] = asked.key
        token, budget = (self.token, asked.budget * self.unit) if asked.budget else (NO_TOKEN, 0)
        closes = self.now + asked.days * DAY
        asked_for = (town.number, asked.kind, token, budget, closes, content)
        self.stage.do(town.steward, self.at.projects.call("publishRequest", *asked_for))
        if asked.shut_after:
            yield asked.shut_after
            self.stage.do(town.steward, self.at.projects.call("closeRequest", self.requests[asked.key]))
        yield 1

    def _way(self, idea: Idea) -> Story:
        town = self.town(idea.town)
        number = sum(work.town is town for work in self.works.values()) % len(town.authors)
        work = Work(idea, town, town.authors[number], town.library.keep(idea.document))
        self.works[idea.key] = work
        request = self.requests[idea.answers] if idea.answers else 0
        opened = (town.number, idea.kind, request, work.content)
        self.stage.do(work.author, self.at.projects.call("openProject", *opened))
        yield 2
        steps = (
            self._advance, self._advance, self._pass, self._vote,
            self._judge, self._gather, self._advance, self._learn,
        )  # fmt: skip
        for stage, step in enumerate(steps, start=1):
            if stage == idea.reaches:
                yield from self._begun(work)
                break
            yield from step(work)
        if idea.story in self.further:
            yield from self.further[idea.story](work)

    def _begun(self, work: Work) -> Story:
        """Part of what its last stage asks for is there."""
        steps = {"assessment": self._vote, "expertise": self._judge, "team": self._gather}
        step = steps.get(STAGES[work.idea.reaches - 1])
        if step:
            yield from step(work, whole=False)

    def _advance(self, work: Work) -> Story:
        documents = work.town.library.keep(ideas.DOSSIER)
        self.stage.do(work.author, self.at.projects.call("advance", work.number, documents))
        yield 2

    def _pass(self, work: Work) -> Story:
        reason = work.town.library.keep(ideas.PASSED)
        self.stage.do(work.town.moderator, self.at.projects.call("pass", work.number, reason))
        yield 2

    def _push(self, work: Work) -> None:
        """What anybody may do once the count is reached."""
        self.stage.do(self.relay, self.at.projects.call("advance", work.number, bytes(32)))

    def _vote(self, work: Work, whole: bool = True) -> Story:
        """Citizens support it: most by signature in one transaction, one by their own."""
        town = work.town
        voters = self.random.sample(town.citizens, min(len(town.citizens), SUPPORT + 2))
        if not whole:
            voters = voters[: SUPPORT - 2]
        acting = [citizen for citizen in voters if citizen.address in self.stage.sender.addresses]
        for citizen in acting:
            self.stage.do(citizen, self.at.projects.call("support", work.number, town.number))
        self.ballots(work, [citizen for citizen in voters if citizen not in acting], town)
        yield 3
        if whole:
            self._push(work)
            yield 2

    def ballots(self, work: Work, voters: list[Person], town: Town) -> None:
        """Signed support of a town's citizens, in one transaction."""
        address, deadline = str(self.at.projects.address), self.now + WAIT
        signed = []
        for citizen in voters:
            values = (citizen.address, work.number, town.number, 1, deadline)
            hashed = digest(BALLOT, values, "ProjectRegistry", self.at.chain_id, address)
            signed.append((citizen.address, town.number, deadline, signature(key_of(citizen.name), hashed)))
        self.stage.do(self.relay, self.at.projects.call("supportBySigs", work.number, signed))

    def _judge(self, work: Work, whole: bool = True) -> Story:
        opinions = [work.town.library.keep(opinion) for opinion in ideas.OPINIONS]
        judges = list(zip(work.town.experts, opinions, strict=True))
        for expert, opinion in judges if whole else judges[:1]:
            points = self.random.randint(70, 95)
            call = self.at.projects.call("score", work.number, work.town.number, points, opinion)
            self.stage.do(expert, call)
        yield 2
        if whole:
            self._push(work)
            yield 2

    def _gather(self, work: Work, whole: bool = True) -> Story:
        """Two are invited and accept by signature; of an unfinished team one has not answered yet."""
        members = self.random.sample(work.town.citizens[3:], 2)
        for member, role in zip(members, ideas.ROLES, strict=True):
            call = self.at.projects.call("invite", work.number, member.address, work.town.library.keep(role))
            self.stage.do(work.author, call)
        yield 2
        address, deadline = str(self.at.projects.address), self.now + WAIT
        for member in members if whole else members[:1]:
            values = (member.address, work.number, work.town.accept(member), deadline)
            hashed = digest(ACCEPTANCE, values, "ProjectRegistry", self.at.chain_id, address)
            signed = (work.number, member.address, deadline, signature(key_of(member.name), hashed))
            self.stage.do(self.relay, self.at.projects.call("acceptInvitationBySig", *signed))
        yield 2
        if whole:
            yield from self._advance(work)

    def _learn(self, work: Work) -> Story:
        course, evidence = (work.town.library.keep(d) for d in (ideas.COURSE, ideas.CERTIFICATE))
        call = self.at.projects.call("recordCourse", work.number, course, evidence)
        self.stage.do(work.town.moderator, call)
        yield 2
        yield from self._advance(work)

    # ------------------------------------------------------------ not straight

    def _joined(self, work: Work) -> Story:
        """Another city takes part, and its citizens support the project too."""
        other = self.towns[0] if work.town is not self.towns[0] else self.towns[1]
        self.stage.do(work.author, self.at.projects.call("inviteCity", work.number, other.number))
        yield 2
        self.stage.do(other.moderator, self.at.projects.call("joinProject", work.number, other.number))
        yield 1
        self.ballots(work, other.citizens[3:6], other)
        yield 1

    def _returned(self, work: Work) -> Story:
        reason = work.town.library.keep(ideas.SENT_BACK)
        call = self.at.projects.call("sendBack", work.number, IDEA, reason)
        self.stage.do(work.town.moderator, call)
        yield 1

    def _paused(self, work: Work) -> Story:
        reason = work.town.library.keep(ideas.PAUSED)
        self.stage.do(work.town.moderator, self.at.projects.call("pause", work.number, reason))
        yield 1

    def _turned(self, work: Work) -> Story:
        content, reason = (work.town.library.keep(d) for d in (ideas.TURNED, ideas.PIVOTED))
        call = self.at.projects.call("pivot", work.number, work.idea.kind, content, reason)
        self.stage.do(work.author, call)
        yield 1

    def town(self, number: int) -> Town:
        return self.towns[number % len(self.towns)]
