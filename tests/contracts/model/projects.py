"""Projects by the words of `IProjectRegistry`, up to their financing.

Supporters, scores and members are kept as sets of persons and wallets, and counted at each look.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.contracts.model.cities import EXPERT, MODERATOR, PARTNER, Cities, Person
from tests.contracts.model.rules import Reasons

REQUEST, IDEA, PREMODERATION, ASSESSMENT, EXPERTISE, TEAM, DESIGN, ACCELERATION, FINANCING = range(1, 10)
BY_AUTHOR = (REQUEST, IDEA, TEAM, DESIGN, ACCELERATION)
NOBODY, BY_THE_AUTHOR, BY_A_MODERATOR = range(3)  # who paused
INVITED, JOINED = 1, 2


@dataclass
class Project:
    author: str
    city: int
    stage: int = REQUEST
    paused: int = NOBODY
    version: int = 1
    panel: int = 1
    supporters: dict[int, set[tuple[int, Person]]] = field(default_factory=dict)  # by version
    scores: dict[int, dict[str, int]] = field(default_factory=dict)  # by panel
    team: dict[str, int] = field(default_factory=dict)
    cities: dict[int, int] = field(default_factory=dict)
    courses: set[bytes] = field(default_factory=set)
    offered: str | None = None

    @property
    def support(self) -> set[tuple[int, Person]]:
        return self.supporters.setdefault(self.version, set())

    @property
    def judged(self) -> dict[str, int]:
        return self.scores.setdefault(self.panel, {})

    @property
    def members(self) -> int:
        return list(self.team.values()).count(JOINED)

    def takes_part(self, city: int) -> bool:
        return city == self.city or self.cities.get(city) == JOINED


class Projects:
    def __init__(self, cities: Cities):
        self.cities = cities
        self.projects: dict[int, Project] = {}
        self.thresholds: dict[int, dict[str, int]] = {}

    def open(self, city: int, by: str) -> int:
        number = len(self.projects) + 1
        self.projects[number] = Project(by, city)
        return number

    def set_thresholds(self, city: int, thresholds: dict[str, int], by: str) -> None:
        why = Reasons()
        why(self.cities.stewards[city] != by, "CityRegistry_NotSteward", city, by)
        why.settle()
        self.thresholds[city] = thresholds

    # -------------------------------------------------------------------- reasons

    def need_author(self, why: Reasons, number: int, by: str) -> None:
        why(self.projects[number].author != by, "ProjectRegistry_NotAuthor", number, by)

    def need_stage(self, why: Reasons, number: int, first: int, last: int) -> None:
        stage = self.projects[number].stage
        why(not first <= stage <= last, "ProjectRegistry_WrongStage", number, stage)

    def need_running(self, why: Reasons, number: int) -> None:
        paused = self.projects[number].paused
        why(paused != NOBODY, "ProjectRegistry_Paused", number, paused)

    def need_part(self, why: Reasons, number: int, city: int) -> None:
        takes_part = self.projects[number].takes_part(city)
        why(not takes_part, "ProjectRegistry_CityTakesNoPart", number, city)

    # ---------------------------------------------------------------------- stages

    def advance(self, number: int, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        stage, asked = project.stage, self.thresholds.get(project.city, {})
        self.need_running(why, number)
        why(stage in (PREMODERATION, FINANCING), "ProjectRegistry_WrongStage", number, stage)
        if stage in BY_AUTHOR:
            self.need_author(why, number, by)
        given, scores = 0, project.judged
        if stage == ASSESSMENT:
            given = len(project.support)
            why(given < asked["support"], "ProjectRegistry_TooFewSupporters", number, given, asked["support"])
        elif stage == EXPERTISE:
            given, total = len(scores), sum(scores.values())
            why(given < asked["experts"], "ProjectRegistry_TooFewScores", number, given, asked["experts"])
            if given:
                mean, least = total // given, asked["score"]
                why(total < least * given, "ProjectRegistry_ScoreTooLow", number, mean, least)
        elif stage == TEAM:
            given = project.members
            why(given < asked["team"], "ProjectRegistry_TeamTooSmall", number, given, asked["team"])
        elif stage == ACCELERATION:
            given = len(project.courses)
            why(given < asked["courses"], "ProjectRegistry_TooFewCourses", number, given, asked["courses"])
        why.settle()
        project.stage += 1

    def pass_(self, number: int, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        self.cities.need_role(why, project.city, by, MODERATOR)
        self.need_running(why, number)
        self.need_stage(why, number, PREMODERATION, PREMODERATION)
        why(project.city not in self.thresholds, "ProjectRegistry_NoThresholds", project.city)
        why.settle()
        project.stage = ASSESSMENT

    def send_back(self, number: int, to: int, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        self.cities.need_role(why, project.city, by, MODERATOR)
        self.need_stage(why, number, PREMODERATION, ACCELERATION)
        why(not IDEA <= to < project.stage, "ProjectRegistry_NotBack", number, project.stage, to)
        why.settle()
        project.stage = to
        project.panel += to <= EXPERTISE

    def pivot(self, number: int, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        self.need_author(why, number, by)
        self.need_stage(why, number, PREMODERATION, ACCELERATION)
        why.settle()
        project.stage = IDEA
        project.version += 1
        project.panel += 1

    def pause(self, number: int, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        if by != project.author:
            self.cities.need_role(why, project.city, by, MODERATOR)
        self.need_running(why, number)
        why.settle()
        project.paused = BY_THE_AUTHOR if by == project.author else BY_A_MODERATOR

    def resume(self, number: int, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        own = project.paused == BY_THE_AUTHOR and by == project.author
        moderates = bool(self.cities.roles.get((project.city, by), 0) & MODERATOR)
        may = project.paused != NOBODY and (own or moderates)
        why(not may, "ProjectRegistry_MayNotResume", number, project.paused, by)
        why.settle()
        project.paused = NOBODY

    # --------------------------------------------------------------------- judging

    def support(self, number: int, city: int, citizen: str) -> None:
        why, project = Reasons(), self.projects[number]
        self.need_stage(why, number, ASSESSMENT, FINANCING)
        self.need_part(why, number, city)
        if not why(not self.cities.is_citizen(city, citizen), "ProjectRegistry_NotCitizen", city, citizen):
            vote = city, self.cities.owner[city, citizen]
            why(vote in project.support, "ProjectRegistry_SupportedAlready", number, citizen)
        why.settle()
        project.support.add(vote)

    def score(self, number: int, city: int, points: int, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        self.need_stage(why, number, EXPERTISE, EXPERTISE)
        self.need_part(why, number, city)
        self.cities.need_role(why, city, by, EXPERT)
        own = by == project.author or by in project.team
        why(own, "ProjectRegistry_OwnProject", number, by)
        why(by in project.judged, "ProjectRegistry_ScoredAlready", number, by)
        why.settle()
        project.judged[by] = points

    def record_course(self, number: int, course: bytes, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        self.cities.need_role(why, project.city, by, MODERATOR | PARTNER)
        self.need_stage(why, number, REQUEST, ACCELERATION)
        why(course in project.courses, "ProjectRegistry_CourseCounted", number, course)
        why.settle()
        project.courses.add(course)

    # ------------------------------------------------------------------------ team

    def invite(self, number: int, member: str, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        self.need_author(why, number, by)
        place = project.team.get(member, 0)
        wrong = bool(place) or member == by
        why(wrong, "ProjectRegistry_WrongMembership", number, member, place)
        why(member in project.judged, "ProjectRegistry_JudgedIt", number, member)
        why.settle()
        project.team[member] = INVITED

    def accept(self, number: int, by: str) -> None:
        why, place = Reasons(), self.projects[number].team.get(by, 0)
        why(place != INVITED, "ProjectRegistry_WrongMembership", number, by, place)
        why.settle()
        self.projects[number].team[by] = JOINED

    def leave(self, number: int, member: str, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        if by != member:
            self.need_author(why, number, by)
        why(member not in project.team, "ProjectRegistry_WrongMembership", number, member, 0)
        why.settle()
        del project.team[member]

    def offer(self, number: int, to: str, by: str) -> None:
        why = Reasons()
        self.need_author(why, number, by)
        why.settle()
        self.projects[number].offered = to

    def take_over(self, number: int, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        why(project.offered != by, "ProjectRegistry_NotOffered", number, by)
        why(by in project.judged, "ProjectRegistry_JudgedIt", number, by)
        why.settle()
        self.make_author(project, by)

    def follow_author(self, number: int) -> None:
        why, project = Reasons(), self.projects[number]
        city, author = project.city, project.author
        if not why((city, author) not in self.cities.owner, "CityRegistry_NotCitizen", city, author):
            now = self.cities.current(city, author)
            why(now == author, "ProjectRegistry_NotRecovered", city, author)
        why.settle()
        self.make_author(project, now)

    @staticmethod
    def make_author(project: Project, account: str) -> None:
        project.author, project.offered = account, None
        project.team.pop(account, None)

    # ---------------------------------------------------------------------- cities

    def invite_city(self, number: int, city: int, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        self.need_author(why, number, by)
        part = project.cities.get(city, 0)
        wrong = city == project.city or bool(part)
        why(wrong, "ProjectRegistry_WrongParticipation", number, city, part)
        why.settle()
        project.cities[city] = INVITED

    def join(self, number: int, city: int, by: str) -> None:
        why, project = Reasons(), self.projects[number]
        self.cities.need_role(why, city, by, MODERATOR)
        part = project.cities.get(city, 0)
        why(part != INVITED, "ProjectRegistry_WrongParticipation", number, city, part)
        why.settle()
        project.cities[city] = JOINED

    def shown(self, number: int) -> dict[str, Any]:
        """What `projectOf` answers, of what is modelled."""
        project = self.projects[number]
        return {
            "author": project.author,
            "cityId": project.city,
            "stage": project.stage,
            "paused": project.paused,
            "version": project.version,
            "panel": project.panel,
            "support": len(project.support),
            "scores": len(project.judged),
            "scoreSum": sum(project.judged.values()),
            "members": project.members,
            "courses": len(project.courses),
        }
