"""Projects on a test network: their authors, teams, experts and supporters, through the real contracts."""

from typing import Any

from eth_utils import keccak

from tests.backend.network import DAY, Network

EXPERT, TREASURER = 4, 16
REQUEST, IDEA, PREMODERATION, ASSESSMENT, EXPERTISE, TEAM, DESIGN, ACCELERATION, FINANCING = range(1, 10)
NOBODY = "0x" + "0" * 40


class Projects:
    """What people do with projects. Roles: an author for each project, an expert, moderator and partner for
    each city, and the citizens that `settle` gave the city.
    """

    def __init__(self, network: Network):
        self.network = network
        self.authors: dict[int, str] = {}
        self.homes: dict[int, int] = {}
        self._texts = 0

    def send(self, who: str, function: str, *arguments: Any) -> None:
        self.network.send(who, "ProjectRegistry", function, *arguments)

    def text(self, what: str = "text") -> bytes:
        """Hash of a text that nobody kept."""
        self._texts += 1
        return keccak(text=f"{what} {self._texts}")

    def settle(self, city: int, support: int = 2, experts: int = 1, score: int = 50, team: int = 1) -> None:
        """Gives a city an expert, a treasurer, and what it asks of its projects (one course too)."""
        steward = f"steward {city}"
        for role, mask in (("expert", EXPERT), ("treasurer", TREASURER)):
            self.network.send(
                steward, "CityRegistry", "setRoles", city, self.network.wallet(f"{role} {city}"), mask
            )
        self.send(steward, "setThresholds", city, (support, experts, score, team, 1))

    def request(
        self, who: str, city: int, kind: int = 8, budget: int = 0, content: bytes = b"", days: int = 300
    ) -> int:
        token = self.network.token() if budget else NOBODY
        closes = self.network.time + days * DAY
        given = content or self.text("request")
        self.send(who, "publishRequest", city, kind, token, budget, closes, given)
        return self.network.read("ProjectRegistry", "requestCount")

    def open(self, city: int, kind: int = 6, request: int = 0, content: bytes = b"", author: str = "") -> int:
        project = self.network.read("ProjectRegistry", "projectCount") + 1
        self.authors[project], self.homes[project] = author or f"author {project}", city
        self.send(self.authors[project], "openProject", city, kind, request, content or self.text("project"))
        return project

    def stage(self, project: int) -> int:
        return self.network.read("ProjectRegistry", "projectOf", project)[3]

    def reach(self, project: int, stage: int, citizens: list[str]) -> int:
        """Brings a project on to a stage, each step by those whose it is; the project."""
        for now in range(self.stage(project), stage):
            self._step(project, now, citizens)
        return project

    def _step(self, project: int, stage: int, citizens: list[str]) -> None:
        author, home = self.authors[project], self.homes[project]
        if stage == PREMODERATION:
            self.send(f"moderator {home}", "pass", project, self.text("passed"))
            return
        if stage == ASSESSMENT:
            needed = self.network.read("ProjectRegistry", "thresholdsOf", home)[0]
            for citizen in citizens[:needed]:
                self.send(citizen, "support", project, home)
        elif stage == EXPERTISE:
            self.send(f"expert {home}", "score", project, home, 80, self.text("opinion"))
        elif stage == TEAM:
            self.join(project, f"member of {project}")
        elif stage == ACCELERATION:
            self.course(project)
        self.send(author, "advance", project, self.text("dossier"))

    def join(self, project: int, member: str) -> None:
        self.send(self.authors[project], "invite", project, self.network.wallet(member), self.text("role"))
        self.send(member, "acceptInvitation", project)

    def course(self, project: int) -> None:
        partner = f"partner {self.homes[project]}"
        self.send(partner, "recordCourse", project, self.text("course"), self.text("certificate"))
