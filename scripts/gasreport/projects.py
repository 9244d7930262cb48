"""Actions of the project registry, up to financing; what campaigns move on is with theirs."""

from eth_account import Account

from scripts.gasreport.floor import account, change, clear, new, read, signature
from scripts.gasreport.table import Table
from scripts.gasreport.world import CITY, DAY, MODERATOR, OTHER_CITY, World, some, wallet

EXPERT = 4
SOCIAL, STARTUP = 6, 1
PREMODERATION, EXPERTISE, TEAM = 3, 5, 6
SUPPORT = [
    ("citizen", "address"),
    ("projectId", "uint32"),
    ("cityId", "uint32"),
    ("version", "uint16"),
    ("deadline", "uint256"),
]
ACCEPT = [("member", "address"), ("projectId", "uint32"), ("nonce", "uint256"), ("deadline", "uint256")]

STANDING = "author, city, stage, version and support of the project"
REST = "kind, panel, scores, team and courses of the project"
REGISTRY = account("city registry")
MODERATED = [REGISTRY, read("roles of the caller")]
ASKED = read("thresholds of the city")
VOTE = [REGISTRY, read("nullifier of the citizen"), new("vote of the citizen")]


class Desk:
    """Projects of the steward, who is nobody's expert or citizen here."""

    def __init__(self, world: World):
        self.world, self.projects = world, world.projects
        self.expert = wallet("an expert")
        world.send(world.registry.call("setRoles", CITY, self.expert, EXPERT), world.steward)
        self.asked = (2, 1, 60, 1, 1)
        world.send(self.projects.call("setThresholds", CITY, self.asked), world.steward)

    def do(self, sender: str, action: str, *arguments) -> None:
        self.world.send(self.projects.call(action, *arguments), sender)

    def open(self, request: int = 0) -> int:
        self.do(self.world.steward, "openProject", CITY, SOCIAL, request, some("project"))
        return self.world.chain.read(self.projects.call("projectCount"))

    def at(self, stage: int) -> int:
        """A new project at this stage."""
        world, project = self.world, self.open()
        steps = {
            3: lambda: self.do(world.moderator, "pass", project, some("fits")),
            4: lambda: self.support(project),
            5: lambda: self.do(self.expert, "score", project, CITY, 70, some("opinion")),
            6: lambda: self.join(project, wallet("a member")),
            8: lambda: self.do(world.partner, "recordCourse", project, some("course"), some("paper")),
        }
        for now in range(1, stage):
            if now in steps:
                steps[now]()
            if now != PREMODERATION:
                self.advance(project)
        return project

    def advance(self, project: int) -> None:
        self.do(self.world.steward, "advance", project, some("documents"))

    def support(self, project: int) -> None:
        for citizen in self.world.newcomers(2):
            self.do(citizen, "support", project, CITY)

    def join(self, project: int, member: str) -> None:
        self.do(self.world.steward, "invite", project, member, some("role"))
        self.do(member, "acceptInvitation", project)


def measure(world: World, table: Table) -> None:
    desk = Desk(world)
    beginnings(desk, table)
    citizens(desk, table)
    experts(desk, table)
    team(desk, table)
    courses(desk, table)
    ways_back(desk, table)
    people(desk, table)
    cities(desk, table)


def beginnings(desk: Desk, table: Table) -> None:
    world, projects = desk.world, desk.projects
    table.add(
        "setThresholds",
        projects.call("setThresholds", CITY, (*desk.asked[:4], 0)),
        world.steward,
        [REGISTRY, read("steward of the city"), change("thresholds of the city")],
    )
    desk.do(world.steward, "setThresholds", CITY, desk.asked)
    asking = (CITY, SOCIAL, str(world.token.address), 10**24, world.chain.now + DAY, some("wanted"))
    desk.do(world.citizen, "publishRequest", *asking)
    desk.open()
    table.add(
        "publishRequest, with a budget",
        projects.call("publishRequest", *asking),
        world.citizen,
        [
            REGISTRY,
            read("steward of the city"),
            read("nullifier of the caller"),
            change("counts of projects and requests"),
            new("author, city and end of the request"),
            new("token and budget of the request"),
        ],
    )
    opened = [
        REGISTRY,
        read("steward of the city"),
        change("counts of projects and requests"),
        new(STANDING),
        new(REST),
    ]
    table.add(
        "openProject",
        projects.call("openProject", CITY, SOCIAL, 0, some("new")),
        world.steward,
        opened,
    )
    table.add(
        "openProject, answering a request",
        projects.call("openProject", CITY, SOCIAL, 1, some("new")),
        world.steward,
        [*opened, read("author, city and end of the request")],
    )
    table.add(
        "closeRequest",
        projects.call("closeRequest", 2),
        world.citizen,
        [change("author, city and end of the request")],
    )
    project = desk.open()
    table.add("describe", projects.call("describe", project, some("better")), world.steward, [read(STANDING)])
    for stage, touches in (("request", [change(STANDING), read(REST)]), ("idea", [change(STANDING)])):
        table.add(
            f"advance, from {stage}",
            projects.call("advance", project, some("documents")),
            world.steward,
            touches,
        )
    table.add(
        "pass",
        projects.call("pass", project, some("fits")),
        world.moderator,
        [change(STANDING), *MODERATED, ASKED],
    )


def citizens(desk: Desk, table: Table) -> None:
    world, projects, project = desk.world, desk.projects, desk.at(4)
    table.add(
        "support",
        projects.call("support", project, CITY),
        world.newcomers(1)[0],
        [change(STANDING), *VOTE],
    )
    deadline = world.chain.now + DAY
    signed = world.sign(projects, "Support", SUPPORT, (world.signer.address, project, CITY, 1, deadline))
    table.add(
        "supportBySig",
        projects.call("supportBySig", project, world.signer.address, CITY, deadline, signed),
        world.stranger,
        [change(STANDING), *VOTE, signature("of the citizen")],
    )
    signers = [Account.from_key(some(f"supporter {i}")) for i in range(100)]
    world.register([signer.address for signer in signers])
    ballots = []
    for signer in signers:
        vote = (signer.address, project, CITY, 1, deadline)
        signed = world.sign(projects, "Support", SUPPORT, vote, signer)
        ballots.append((signer.address, CITY, deadline, signed))
    table.add(
        "supportBySigs, each of 100",
        projects.call("supportBySigs", project, ballots),
        world.stranger,
        [
            change(STANDING),
            REGISTRY,
            read("nullifier of the citizen") * 100,
            new("vote of the citizen") * 100,
            signature("of the citizen") * 100,
        ],
        per=100,
    )
    table.add(
        "advance, from assessment",
        projects.call("advance", project, bytes(32)),
        world.stranger,
        [change(STANDING), ASKED],
    )


def experts(desk: Desk, table: Table) -> None:
    world, projects, project = desk.world, desk.projects, desk.at(EXPERTISE)
    table.add(
        "score",
        projects.call("score", project, CITY, 70, some("opinion")),
        desk.expert,
        [
            read(STANDING),
            change(REST),
            *MODERATED,
            read("the expert's place in the team"),
            new("score of the expert"),
        ],
    )
    table.add(
        "advance, from expertise",
        projects.call("advance", project, bytes(32)),
        world.stranger,
        [change(STANDING), read(REST), ASKED],
    )


def team(desk: Desk, table: Table) -> None:
    world, projects, project = desk.world, desk.projects, desk.at(TEAM)
    place = "the member's place in the team"
    signer = world.signer.address
    for member in (wallet("a cook"), signer):
        invitation = projects.call("invite", project, member, some("role"))
        if member == signer:
            world.send(invitation, world.steward)
        else:
            table.add(
                "invite",
                invitation,
                world.steward,
                [read(STANDING), read(REST), read("score of the member"), new(place)],
            )
    table.add(
        "acceptInvitation",
        projects.call("acceptInvitation", project),
        wallet("a cook"),
        [read(STANDING), change(REST), change(place)],
    )
    deadline = world.chain.now + DAY
    signed = world.sign(projects, "AcceptInvitation", ACCEPT, (signer, project, 0, deadline))
    table.add(
        "acceptInvitationBySig, first",
        projects.call("acceptInvitationBySig", project, signer, deadline, signed),
        world.stranger,
        [
            read(STANDING),
            change(REST),
            change(place),
            new("nonce of the member"),
            signature("of the member"),
        ],
    )
    table.add(
        "leaveTeam",
        projects.call("leaveTeam", project, signer),
        world.steward,
        [read(STANDING), change(REST), clear(place)],
    )
    table.add(
        "advance, from team",
        projects.call("advance", project, some("documents")),
        world.steward,
        [change(STANDING), read(REST), ASKED],
    )


def courses(desk: Desk, table: Table) -> None:
    world, projects, project = desk.world, desk.projects, desk.at(8)
    table.add(
        "recordCourse",
        projects.call("recordCourse", project, some("course"), some("paper")),
        world.partner,
        [read(STANDING), change(REST), *MODERATED, new("the course")],
    )
    table.add(
        "advance, from acceleration",
        projects.call("advance", project, some("documents")),
        world.steward,
        [change(STANDING), read(REST), ASKED],
    )


def ways_back(desk: Desk, table: Table) -> None:
    world, projects = desk.world, desk.projects
    table.add(
        "sendBack, to be judged anew",
        projects.call("sendBack", desk.at(TEAM), 2, some("not yet")),
        world.moderator,
        [change(STANDING), change(REST), *MODERATED],
    )
    table.add(
        "pivot",
        projects.call("pivot", desk.at(TEAM), STARTUP, some("another"), some("learned")),
        world.steward,
        [change(STANDING), change(REST)],
    )
    project = desk.open()
    for action in ("pause", "resume"):
        table.add(
            f"{action}, by the author",
            projects.call(action, project, some("reason")),
            world.steward,
            [change(STANDING)],
        )
    for action in ("pause", "resume"):
        table.add(
            f"{action}, by a moderator",
            projects.call(action, project, some("reason")),
            world.moderator,
            [change(STANDING), *MODERATED],
        )


def people(desk: Desk, table: Table) -> None:
    world, projects, project = desk.world, desk.projects, desk.open()
    place, heir = "the new author's place in the team", wallet("an heir")
    table.add(
        "offerAuthorship",
        projects.call("offerAuthorship", project, heir),
        world.steward,
        [read(STANDING), new("who is offered the project")],
    )
    table.add(
        "takeOver",
        projects.call("takeOver", project),
        heir,
        [
            change(STANDING),
            clear("who is offered the project"),
            read(REST),
            read("score of the new author"),
            read(place),
        ],
    )
    old, fresh = world.newcomers(1)[0], wallet("another wallet")
    desk.do(old, "openProject", CITY, SOCIAL, 0, some("project"))
    world.send(world.registry.call("proposeRecovery", CITY, old, fresh, some("seen")), world.verifier)
    world.chain.travel(7 * DAY)
    world.send(world.registry.call("executeRecovery", CITY, old), world.stranger)
    table.add(
        "followAuthor",
        projects.call("followAuthor", world.chain.read(projects.call("projectCount"))),
        world.stranger,
        [
            change(STANDING),
            REGISTRY,
            read("nullifier of the old wallet"),
            read("former nullifier of the old wallet"),
            read("wallet of the nullifier"),
            read("who is offered the project"),
            read(place),
        ],
    )


def cities(desk: Desk, table: Table) -> None:
    world, projects, project = desk.world, desk.projects, desk.open()
    world.send(world.registry.call("setRoles", OTHER_CITY, world.moderator, MODERATOR), world.steward)
    part = "part of the other city"
    table.add(
        "inviteCity",
        projects.call("inviteCity", project, OTHER_CITY),
        world.steward,
        [read(STANDING), REGISTRY, read("steward of the other city"), new(part)],
    )
    table.add(
        "joinProject",
        projects.call("joinProject", project, OTHER_CITY),
        world.moderator,
        [read(STANDING), *MODERATED, change(part)],
    )
