"""Games of projects: what author, team, experts, moderators and citizens of two cities do to them."""

from __future__ import annotations

from typing import ClassVar

from tests.contracts.kit.people import Person
from tests.contracts.kit.signing import SUPPORT, Domain, sign
from tests.contracts.kit.world import World, h
from tests.contracts.model.cities import EXPERT, Cities
from tests.contracts.model.projects import ASSESSMENT, BY_AUTHOR, EXPERTISE, PREMODERATION, Projects
from tests.contracts.stateful.game import Game
from tests.contracts.stateful.machine import history

SOCIAL = 6


class ProjectRules(Game):
    draws: ClassVar = {
        "which": (0, 0, 0, 1, 2),
        "who": range(8),
        "city": (1, 1, 1, 2),
        "to": range(1, 11),
        "points": (0, 40, 60, 100),
        "asked": (1, 2, 3),
        "signed": (True, False),
        "right": (True, True, True, True, False),
    }
    often: ClassVar = {
        "rule_advance": 16,
        "rule_support": 8,
        "rule_score": 8,
        "rule_invite": 3,
        "rule_accept": 4,
        "rule_course": 3,
        "rule_pass": 4,
    }

    @classmethod
    def prepare(cls, w: World) -> None:
        super().prepare(w)
        for one in (w.stranger, w.third):
            w.registry.setRoles(1, one, EXPERT, by=w.steward)
        w.registry.setRoles(2, w.guest, EXPERT, by=w.other_steward)
        cls.network = history(w)

    def begin(self) -> None:
        self.cities = Cities(self.w.recovery_delay)
        for events, _ in self.network:
            self.cities.fold(events)
        self.model = Projects(self.cities)

    @property
    def people(self) -> list[Person]:
        w = self.w
        return [w.citizen, w.neighbour, w.third, w.guest, w.author, w.expert, w.stranger, w.new_wallet]

    def project(self, which: int, *stages: int) -> int:
        fitting = [number for number, one in self.model.projects.items() if one.stage in stages]
        return self.pick(fitting or list(self.model.projects), which)

    def author(self, number: int, right: bool) -> Person:
        author = self.model.projects[number].author
        people = [*self.people, self.w.newer_wallet]
        return next(one for one in people if one == author) if right else self.w.relayer

    # ----------------------------------------------------------------------- steps

    def rule_open(self, who):
        if len(self.model.projects) < 3:
            by = self.people[who]
            number = self.attempt(
                lambda: self.model.open(1, by),
                lambda: self.w.projects.openProject(1, SOCIAL, 0, h("project"), by=by),
            )
            assert self.last.one("ProjectOpened").projectId == number

    initialize_a_project = rule_open

    def rule_thresholds(self, asked, points, right):
        by = self.w.steward if right else self.w.other_steward
        asked = {"support": asked, "experts": asked, "score": points, "team": asked - 1, "courses": asked - 1}
        self.attempt(
            lambda: self.model.set_thresholds(1, asked, by),
            lambda: self.w.projects.setThresholds(1, asked, by=by),
        )

    initialize_thresholds = rule_thresholds

    def rule_advance(self, which, right):
        number = self.project(which)
        if right:
            number = self.project(which, *BY_AUTHOR, ASSESSMENT, EXPERTISE)
        by = self.author(number, right)
        documents = h("documents")
        self.attempt(
            lambda: self.model.advance(number, by),
            lambda: self.w.projects.advance(number, documents, by=by),
        )

    def rule_pass(self, which, right):
        number, by = self.project(which, PREMODERATION), self.w.moderator if right else self.w.other_moderator
        pass_ = getattr(self.w.projects, "pass")
        self.attempt(lambda: self.model.pass_(number, by), lambda: pass_(number, h("fine"), by=by))

    def rule_send_back(self, which, to, right):
        number, by = self.project(which), self.w.moderator if right else self.w.author
        self.attempt(
            lambda: self.model.send_back(number, to, by),
            lambda: self.w.projects.sendBack(number, to, h("why"), by=by),
        )

    def rule_pivot(self, which, right):
        number = self.project(which)
        by = self.author(number, right)
        self.attempt(
            lambda: self.model.pivot(number, by),
            lambda: self.w.projects.pivot(number, SOCIAL, h("other"), h("why"), by=by),
        )

    def rule_pause(self, which, right):
        number = self.project(which)
        by = self.author(number, True) if right else self.w.moderator
        self.attempt(
            lambda: self.model.pause(number, by),
            lambda: self.w.projects.pause(number, h("why"), by=by),
        )

    def rule_resume(self, which, right):
        paused = [number for number, one in self.model.projects.items() if one.paused]
        number = self.pick(paused, which) or self.project(which)
        by = self.w.moderator if right else self.author(number, True)
        self.attempt(
            lambda: self.model.resume(number, by),
            lambda: self.w.projects.resume(number, h("why"), by=by),
        )

    # --------------------------------------------------------------------- judging

    def rule_support(self, which, who, city, signed):
        w, number, citizen = self.w, self.project(which, ASSESSMENT), self.people[who]
        if not signed:
            self.attempt(
                lambda: self.model.support(number, city, citizen),
                lambda: w.projects.support(number, city, by=citizen),
            )
            return
        version = self.model.projects[number].version
        message = {"citizen": citizen, "projectId": number, "cityId": city, "version": version}
        domain = Domain("ProjectRegistry", "1", w.node.chain_id, w.projects.address)
        args = (w.now, sign(citizen.key, domain, SUPPORT, message | {"deadline": w.now}))
        self.attempt(
            lambda: self.model.support(number, city, citizen),
            lambda: w.projects.supportBySig(number, citizen, city, *args, by=w.relayer),
        )

    def rule_score(self, which, who, city, points):
        number, by = self.project(which, EXPERTISE), self.people[who]
        self.attempt(
            lambda: self.model.score(number, city, points, by),
            lambda: self.w.projects.score(number, city, points, h("opinion"), by=by),
        )

    def rule_course(self, which, asked, right):
        number, course = self.project(which, *BY_AUTHOR), h(f"course {asked}")
        by = self.w.partner if right else self.w.other_partner
        self.attempt(
            lambda: self.model.record_course(number, course, by),
            lambda: self.w.projects.recordCourse(number, course, h("paper"), by=by),
        )

    # ------------------------------------------------------------------------ team

    def rule_invite(self, which, who, right):
        number = self.project(which)
        judges = list(self.model.projects[number].judged)
        member = judges[0] if judges and who == 7 else self.people[who]
        by = self.author(number, right)
        self.attempt(
            lambda: self.model.invite(number, member, by),
            lambda: self.w.projects.invite(number, member, h("role"), by=by),
        )

    def rule_accept(self, which, who):
        number = self.project(which)
        invited = [one for one in self.people if self.model.projects[number].team.get(one) == 1]
        by = self.pick(invited, who) or self.people[who]
        self.attempt(
            lambda: self.model.accept(number, by),
            lambda: self.w.projects.acceptInvitation(number, by=by),
        )

    def rule_leave(self, which, who, right):
        number, member = self.project(which), self.people[who]
        by = self.author(number, True) if right else self.people[(who + 1) % 8]
        self.attempt(
            lambda: self.model.leave(number, member, by),
            lambda: self.w.projects.leaveTeam(number, member, by=by),
        )

    def rule_hand_over(self, which, who, right):
        number, to = self.project(which), self.people[who]
        by = self.author(number, right)
        self.attempt(
            lambda: self.model.offer(number, to, by),
            lambda: self.w.projects.offerAuthorship(number, to, by=by),
        )
        self.attempt(
            lambda: self.model.take_over(number, to),
            lambda: self.w.projects.takeOver(number, by=to),
        )

    def rule_recover(self, which, right):
        w, number = self.w, self.project(which)
        if not right and self.cities.is_citizen(1, w.citizen):
            w.recover(w.citizen, w.newer_wallet)
            self.cities.wallet[1, self.cities.owner[1, w.citizen]] = w.newer_wallet
            self.cities.owner[1, w.newer_wallet] = self.cities.owner[1, w.citizen]
        self.attempt(
            lambda: self.model.follow_author(number),
            lambda: w.projects.followAuthor(number, by=w.relayer),
        )

    def rule_invite_city(self, which, city, right):
        number = self.project(which)
        by = self.author(number, right)
        self.attempt(
            lambda: self.model.invite_city(number, city, by),
            lambda: self.w.projects.inviteCity(number, city, by=by),
        )

    def rule_join(self, which, right):
        number, by = self.project(which), self.w.other_moderator if right else self.w.moderator
        self.attempt(
            lambda: self.model.join(number, 2, by),
            lambda: self.w.projects.joinProject(number, 2, by=by),
        )
