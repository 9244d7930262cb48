"""A desk at which projects are made: their way through the stages, step by step, as the guards ask."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

from tests.contracts.kit.contract import ZERO, Receipt
from tests.contracts.kit.signing import ACCEPT_INVITATION, SUPPORT, Domain, sign
from tests.contracts.kit.world import DAY, World, h
from tests.contracts.model.cities import EXPERT

THRESHOLDS = {"support": 2, "experts": 2, "score": 60, "team": 1, "courses": 1}
STARTUP, SOCIAL = 1, 6


class Stage(IntEnum):
    NONE = 0
    REQUEST = 1
    IDEA = 2
    PREMODERATION = 3
    ASSESSMENT = 4
    EXPERTISE = 5
    TEAM = 6
    DESIGN = 7
    ACCELERATION = 8
    FINANCING = 9
    IMPLEMENTATION = 10
    COMPLETED = 11


BEFORE_MONEY = [stage for stage in Stage if Stage.REQUEST <= stage <= Stage.FINANCING]


class Pause(IntEnum):
    NONE = 0
    AUTHOR = 1
    MODERATOR = 2


class Place(IntEnum):
    """Of an account in a team, of a city in a project."""

    NONE = 0
    INVITED = 1
    IN = 2


class Desk:
    """`THRESHOLDS` hold in the first city: two supporters, two scores, 60 in the mean, a member, a course."""

    def __init__(self, w: World):
        self.w, self.projects = w, w.projects
        self.experts = [w.expert, w.spare_wallet]
        w.registry.setRoles(w.city, w.spare_wallet, EXPERT, by=w.steward)
        self.projects.setThresholds(w.city, THRESHOLDS, by=w.steward)
        self._steps: dict[Stage, Callable[[int], Any]] = {
            Stage.REQUEST: self.advance,
            Stage.IDEA: self.advance,
            Stage.PREMODERATION: self.pass_,
            Stage.ASSESSMENT: self._assess,
            Stage.EXPERTISE: self._judge,
            Stage.TEAM: self._team,
            Stage.DESIGN: self.advance,
            Stage.ACCELERATION: self._accelerate,
        }

    # ------------------------------------------------------------------- steps

    def request(self, **changes: Any) -> int:
        w = self.w
        fields = {
            "cityId": w.city,
            "kind": SOCIAL,
            "token": ZERO,
            "budget": 0,
            "closes": w.now + 30 * DAY,
            "content": h("a request"),
        }
        tx = self.projects.publishRequest(*(fields | changes).values(), by=w.citizen)
        return tx.one("RequestPublished").requestId

    def open(self, request: int = 0, by: str | None = None) -> int:
        w = self.w
        tx = self.projects.openProject(w.city, SOCIAL, request, h("a project"), by=by or w.author)
        return tx.one("ProjectOpened").projectId

    def at(self, stage: Stage) -> int:
        """A new project that came to this stage."""
        project = self.open()
        self.bring(project, stage)
        return project

    def bring(self, project: int, stage: Stage) -> None:
        while (now := self.stage(project)) != stage:
            self._steps[now](project)

    def stage(self, project: int) -> Stage:
        return Stage(self.projects.projectOf(project).stage)

    def advance(self, project: int, by: str | None = None) -> Receipt:
        return self.projects.advance(project, h("documents"), by=by or self.w.author)

    def pass_(self, project: int) -> Receipt:
        return self.projects.__getattr__("pass")(project, h("fits"), by=self.w.moderator)

    def send_back(self, project: int, to: Stage) -> Receipt:
        return self.projects.sendBack(project, to, h("not yet"), by=self.w.moderator)

    def pivot(self, project: int) -> Receipt:
        return self.projects.pivot(project, STARTUP, h("another"), h("learned"), by=self.w.author)

    def support(self, project: int, *citizens: str) -> None:
        for citizen in citizens:
            self.projects.support(project, self.w.city, by=citizen)

    def score(self, project: int, expert: str, points: int = 70) -> Receipt:
        return self.projects.score(project, self.w.city, points, h("opinion"), by=expert)

    def join(self, project: int, member: str) -> None:
        self.projects.invite(project, member, h("role"), by=self.w.author)
        self.projects.acceptInvitation(project, by=member)

    def course(self, project: int, name: str = "course") -> Receipt:
        return self.projects.recordCourse(project, h(name), h("certificate"), by=self.w.partner)

    def joined_city(self, project: int) -> None:
        """The other city takes part."""
        self.projects.inviteCity(project, self.w.other_city, by=self.w.author)
        self.projects.joinProject(project, self.w.other_city, by=self.w.other_moderator)

    def _assess(self, project: int) -> None:
        self.support(project, self.w.citizen, self.w.neighbour)
        self.advance(project)

    def _judge(self, project: int) -> None:
        for expert in self.experts:
            self.score(project, expert)
        self.advance(project)

    def _team(self, project: int) -> None:
        if not self.projects.projectOf(project).members:
            self.join(project, self.w.member)
        self.advance(project)

    def _accelerate(self, project: int) -> None:
        if not self.projects.projectOf(project).courses:
            self.course(project)
        self.advance(project)

    # -------------------------------------------------------------- signatures

    @property
    def domain(self) -> Domain:
        return Domain("ProjectRegistry", "1", self.w.node.chain_id, self.projects.address)

    def ballot_of(self, project: int, citizen: str, **changes: Any) -> dict[str, Any]:
        """What a citizen is shown for signing their support."""
        return {
            "citizen": citizen,
            "projectId": project,
            "cityId": self.w.city,
            "version": self.projects.projectOf(project).version,
            "deadline": self.w.now + DAY,
        } | changes

    def invitation_of(self, project: int, member: str, **changes: Any) -> dict[str, Any]:
        return {
            "member": member,
            "projectId": project,
            "nonce": self.projects.nonces(member),
            "deadline": self.w.now + DAY,
        } | changes

    def signed(self, message: dict[str, Any], key: str, **domain: Any) -> bytes:
        types = SUPPORT if "citizen" in message else ACCEPT_INVITATION
        return sign(key, Domain(**(self.domain.__dict__ | domain)), types, message)
