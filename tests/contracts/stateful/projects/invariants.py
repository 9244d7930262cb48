"""The invariants of projects, by number and name: docs/invariants.md, P."""

from __future__ import annotations

from typing import Any

from tests.contracts.kit.contract import Receipt
from tests.contracts.model.projects import ACCELERATION, ASSESSMENT, DESIGN, EXPERTISE, IDEA, TEAM
from tests.contracts.stateful.projects.rules import ProjectRules


class ProjectInvariants(ProjectRules):
    def begin(self) -> None:
        super().begin()
        self.votes: dict[tuple[int, int], list[Any]] = {}  # by project and version, from the events
        self.stages: dict[int, int] = {}
        self.place: dict[int, set[str]] = {}  # of the team or invited, or the author, from the events
        self.authors: dict[int, str] = {}
        self.judges: dict[tuple[int, int], set[str]] = {}
        self.seen: dict[int, Any] = {}

    def took(self, receipt: Receipt) -> None:
        """What the events alone say, checked as they come."""
        for name, e in receipt.events:
            if name == "ProjectOpened":
                self.stages[e.projectId], self.authors[e.projectId] = 1, e.author
                self.place[e.projectId] = set()
            elif name == "Supported":
                self.votes.setdefault((e.projectId, e.version), []).append((e.cityId, e.person))
            elif name == "StageReached":
                self.check_guard(e.projectId, e.stage, e.by)
                self.stages[e.projectId] = e.stage
            elif name == "SentBack":
                assert e.by == self.w.moderator
                assert IDEA <= e.to < self.stages[e.projectId]
                self.stages[e.projectId] = e.to
            elif name == "Pivoted":
                self.stages[e.projectId] = IDEA
            elif name == "AuthorChanged":
                self.authors[e.projectId] = e.to
            elif name == "MembershipChanged":
                change = self.place[e.projectId].add if e.membership else self.place[e.projectId].discard
                change(e.member)
                if e.membership == 1:
                    panel = self.w.projects.projectOf(e.projectId).panel
                    assert e.member not in self.judges.get((e.projectId, panel), set()), "P3"
            elif name == "Scored":
                own = e.expert in self.place[e.projectId] or e.expert == self.authors[e.projectId]
                assert not own, "P3"
                self.judges.setdefault((e.projectId, e.panel), set()).add(e.expert)

    def check_guard(self, number: int, stage: int, by: str) -> None:
        """What the stage before asked for was there, by the contract's own record."""
        before = self.stages[number]
        assert stage == before + 1
        project, asked = self.w.projects.projectOf(number), self.w.projects.thresholdsOf(1)
        if before == 3:
            assert by == self.w.moderator
        elif before == ASSESSMENT:
            votes = self.votes[number, project.version]
            assert len(set(votes)) >= asked.support
        elif before == EXPERTISE:
            assert project.scores >= asked.experts
            assert project.scoreSum >= asked.score * project.scores
        else:
            assert by == self.authors[number]
            assert before not in (TEAM,) or project.members >= asked.team
            assert before not in (ACCELERATION,) or project.courses >= asked.courses
            assert before in (1, IDEA, TEAM, DESIGN, ACCELERATION)

    def look(self) -> None:
        if self.stale:
            self.stale = False
            numbers = list(self.model.projects)
            asked = [self.w.projects.projectOf.request(number) for number in numbers]
            answers = self.w.node.requests(asked)
            self.seen = {
                number: self.w.projects.projectOf.answer(answer)
                for number, answer in zip(numbers, answers, strict=True)
            }

    def invariant_p1_a_person_supports_a_version_once(self):
        self.look()
        for number, project in self.seen.items():
            votes = self.votes.get((number, project.version), [])
            assert len(set(votes)) == len(votes) == project.support

    def invariant_p2_no_stage_is_reached_without_its_guard(self):
        """`check_guard` looks at each when it is reached; here, that none is reached without saying so."""
        self.look()
        for number, project in self.seen.items():
            assert project.stage == self.stages[number]

    def invariant_p3_nobody_judges_their_own_project(self):
        """Looked at when scored and when invited; here, that whoever judges now is of no team."""
        self.look()
        for number, project in self.seen.items():
            judges = self.judges.get((number, project.panel), set())
            assert len(judges) == project.scores
            assert not judges & self.place[number]

    def invariant_p4_the_registry_agrees_with_the_rules(self):
        self.look()
        for number, project in self.seen.items():
            mine = self.model.shown(number)
            assert {name: project[name] for name in mine} == mine
