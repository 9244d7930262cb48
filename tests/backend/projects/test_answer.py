"""What a project is told at once: the guards of the contract, in figures, and what fits it."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import httpx
import pytest
from eth_utils import keccak

from backend.chain.contract import Contract
from backend.chain.deployment import abi
from backend.chain.rpc import Refused
from backend.content.documents import CityDocument, Document, ProjectDocument, Text, encode
from backend.projects.names import STAGES
from tests.backend.network import DAY, Network, Played
from tests.backend.projects_world import EXPERTISE, FINANCING, PREMODERATION, Projects
from tests.backend.server import serving

SOCIAL, URBANIST = 6, 8
KAZAN, CHEBOKSARY, UFA = 1, 2, 3
PLACES = {
    KAZAN: ("Kazan", 55.79, 49.12),
    CHEBOKSARY: ("Cheboksary", 56.13, 47.25),
    UFA: ("Ufa", 54.73, 55.97),
}
ROUBLE = 10**18


def city(number: int) -> CityDocument:
    name, latitude, longitude = PLACES[number]
    return CityDocument(name=Text(ru=name, en=name), latitude=latitude, longitude=longitude)


def described(title: str) -> ProjectDocument:
    text = Text(ru=title, en=title)
    return ProjectDocument(title=text, description=text)


class Town:
    """Three cities: Cheboksary lies 122 km from Kazan, Ufa too far. In Kazan a social project at each stage
    up to financing (`at[stage]`), and the urbanist `square`, to which those of `alike` are similar.
    """

    def __init__(self, network: Network):
        self.network, self.projects = network, Projects(network)
        self.citizens = {}
        self.kept: list[Document] = []
        for number in PLACES:
            network.open_city(f"geonames:{number}", self.keep(city(number)))
            self.citizens[number] = network.settle(number)
        for number in (KAZAN, CHEBOKSARY):
            self.projects.settle(number)
        self.token = network.token()
        network.send("operator", "CampaignFactory", "setToken", self.token, ROUBLE)
        self.at = {stage: self.reach(self.open(SOCIAL), stage) for stage in range(1, FINANCING + 1)}
        self.alike = {
            "park": self.finished(self.open(URBANIST, KAZAN, "Park")),
            "river": self.stopped(self.open(URBANIST, CHEBOKSARY, "River")),
            "far": self.open(URBANIST, UFA, "Far away"),
        }
        self.square = self.open(URBANIST, KAZAN, "Square")

    def keep(self, document: Document) -> bytes:
        self.kept.append(document)
        return encode(document)[0]

    def open(self, kind: int, home: int = KAZAN, title: str = "") -> int:
        return self.projects.open(home, kind, content=self.keep(described(title)) if title else b"")

    def reach(self, project: int, stage: int) -> int:
        return self.projects.reach(project, stage, self.citizens[self.projects.homes[project]])

    # ------------------------------------------------------------------- money

    def campaign(self, project: int, round_id: int = 0, days: int = 10, goal: int = 100) -> str:
        """A donation that opens now, with one milestone; its name in the network."""
        author = self.projects.authors[project]
        now = self.network.time
        terms = (
            self.network.wallet(author), now, now + days * DAY, DAY, goal, 10 * goal, 3_000, DAY, 30 * DAY,
            [10_000], keccak(text="terms"), [], (0, 0, 0, 0, 0), 0,
        )  # fmt: skip
        sent = self.network.send(author, "CampaignFactory", "create", project, 0, round_id, self.token, terms)
        factory = self.network.deployment.place("CampaignFactory").address.lower()
        log = next(log for log in sent.logs if log["address"].lower() == factory)
        name = f"campaign of {project}"
        self.network.contracts[name] = Contract(name, "0x" + log["topics"][1][-40:], abi("Campaign"))
        return name

    def address(self, campaign: str) -> str:
        return str(self.network.contracts[campaign].address)

    def pay(self, who: str, contract: str, amount: int) -> None:
        self.network.send("operator", "TestToken", "mint", self.network.wallet(who), amount)
        self.network.send(who, "TestToken", "approve", self.address(contract), amount)

    def pledge(self, campaign: str, amount: int) -> None:
        self.pay("backer", campaign, amount)
        self.network.send("backer", campaign, "pledge", (amount, 0, 0, 0, 1))

    def funded(self, project: int) -> str:
        self.reach(project, FINANCING)
        campaign = self.campaign(project)
        self.pledge(campaign, 150)
        self.network.pass_time(11 * DAY)
        self.projects.send("operator", "beginImplementation", project, self.address(campaign))
        return campaign

    def finished(self, project: int) -> int:
        self.network.send("operator", self.funded(project), "release")
        self.projects.send("operator", "advance", project, bytes(32))
        return project

    def stopped(self, project: int) -> int:
        campaign = self.funded(project)
        self.network.send(self.projects.authors[project], campaign, "stop", keccak(text="flood"))
        return project

    def round(self, home: int, days: int = 60) -> int:
        treasurer = f"treasurer {home}"
        self.pay(treasurer, "MatchingPool", 1_000)
        closes = self.network.time + days * DAY
        terms = (home, self.token, 0, 50, closes, False, keccak(text="round"))
        self.network.send(treasurer, "MatchingPool", "openRound", terms, 1_000)
        return self.network.read("MatchingPool", "roundCount")


@pytest.fixture(scope="module")
def network(anvil) -> Network:
    return Network(anvil)


@pytest.fixture(scope="module")
def town(network: Network) -> Town:
    return Town(network)


@pytest.fixture(scope="module")
def client(town: Town, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    file = tmp_path_factory.mktemp("d") / "deployment.json"
    town.network.deployment.write(file)
    town.network.index(database)
    played = Played(town.network, None, database, file)  # type: ignore[arg-type]
    with serving(played.settings()) as client:
        for document in town.kept:
            hash, body = encode(document)
            headers = {"Content-Type": "application/json"}
            assert client.put(f"/v1/content/0x{hash.hex()}", content=body, headers=headers).is_success
        yield client


def told(client: httpx.Client, project: int, **parameters: Any) -> dict[str, Any]:
    answer = client.get(f"/v1/projects/{project}/answer", params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


def figures(listed: list[dict[str, Any]]) -> dict[str, tuple[int, int | None, int]]:
    return {one["what"]: (one["given"], one["needed"], one["missing"]) for one in listed}


# ------------------------------------------------------------------ next step

STEPS = {
    "request": ("author", "documents", {}, True),
    "idea": ("author", "documents", {}, True),
    "premoderation": ("moderator", "reason", {"thresholds": (1, 1, 0)}, True),
    "assessment": ("anybody", None, {"support": (0, 2, 2)}, False),
    "expertise": ("anybody", None, {"experts": (0, 1, 1), "score": (0, 50, 50)}, False),
    "team": ("author", "documents", {"team": (0, 1, 1)}, False),
    "design": ("author", "documents", {}, True),
    "acceleration": ("author", "documents", {"courses": (0, 1, 1)}, False),
    "financing": ("anybody", None, {"campaign": (0, 1, 1)}, False),
}


@pytest.mark.parametrize("stage", STEPS)
def test_the_next_step_says_whose_it_is_and_what_it_lacks(
    client: httpx.Client, town: Town, stage: str
) -> None:
    number = STAGES.index(stage) + 1  # type: ignore[arg-type]
    found = told(client, town.at[number])
    by, gives, needs, ready = STEPS[stage]
    assert (found["stage"], found["next"]["to"]) == (stage, STAGES[number])
    assert (found["next"]["by"], found["next"]["gives"], found["next"]["ready"]) == (by, gives, ready)
    assert figures(found["next"]["needs"]) == needs


@pytest.mark.parametrize("stage", range(1, FINANCING))
def test_the_contract_lets_pass_just_what_is_told_to_be_ready(
    client: httpx.Client, town: Town, stage: int
) -> None:
    """The step is tried on the node, by whom it is told to be."""
    project = town.at[stage]
    step = told(client, project)["next"]
    caller = {"author": town.projects.authors[project], "moderator": "moderator 1", "anybody": "backer"}
    call = town.network.contracts["ProjectRegistry"].call(
        "pass" if stage == PREMODERATION else "advance", project, keccak(text="given")
    )
    message = {"to": call.to, "data": "0x" + call.data.hex(), "from": town.network.wallet(caller[step["by"]])}
    with nullcontext() if step["ready"] else pytest.raises(Refused, match="revert"):
        town.network.chain.call("eth_call", message, "latest")


def test_what_is_given_counts_against_what_the_city_asks(client: httpx.Client, town: Town) -> None:
    found = figures(told(client, town.at[FINANCING])["resources"])
    assert found == {
        "description": (0, 1, 1),
        "documents": (5, 5, 0),
        "support": (2, 2, 0),
        "experts": (1, 1, 0),
        "score": (80, 50, 0),
        "team": (1, 1, 0),
        "courses": (1, 1, 0),
    }
    assert figures(told(client, town.at[EXPERTISE])["resources"])["documents"] == (2, 5, 3)
    assert figures(told(client, town.square)["resources"])["description"] == (1, 1, 0)


def test_a_city_that_has_not_said_what_it_asks_is_what_is_missing(client: httpx.Client, town: Town) -> None:
    found = told(client, town.alike["far"])
    assert figures(found["resources"])["support"] == (0, None, 0)
    assert found["next"]["ready"]


def test_a_completed_project_has_no_next_step(client: httpx.Client, town: Town) -> None:
    found = told(client, town.alike["park"])
    assert (found["stage"], found["next"]) == ("completed", None)
    assert (found["money"]["raised"], found["money"]["goal"], found["money"]["missing"]) == (
        "150",
        "100",
        "0",
    )


def test_a_project_whose_campaign_was_stopped_needs_another(client: httpx.Client, town: Town) -> None:
    found = told(client, town.alike["river"])
    assert (found["stage"], found["money"]) == ("implementation", None)
    assert figures(found["next"]["needs"]) == {"campaign": (0, 1, 1)}


# ------------------------------------------------------------------ what fits


def test_neighbouring_cities_are_named_with_what_speaks_for_them(client: httpx.Client, town: Town) -> None:
    (found,) = told(client, town.square)["cities"]
    assert found == {
        "city": {"city_id": CHEBOKSARY, "name": {"ru": "Cheboksary", "en": "Cheboksary"}},
        "km": 122,
        "invited": False,
        "projects": 1,
        "completed": 0,
        "requests": 0,
        "rounds": 0,
    }


def test_similar_projects_are_of_the_same_kind_here_and_near(client: httpx.Client, town: Town) -> None:
    found = told(client, town.square)["experience"]
    assert (found["projects"], found["completed"], found["stopped"]) == (2, 1, 1)
    shown = [
        (one["project_id"], one["km"], one["stage"], one["outcome"], one["raised"], one["title"]["en"])
        for one in found["examples"]
    ]
    assert shown == [
        (town.alike["park"], 0, "completed", "completed", "150", "Park"),
        (town.alike["river"], 122, "implementation", "stopped", "150", "River"),
    ]


def test_a_project_of_a_city_nobody_described_finds_its_own_city(client: httpx.Client, town: Town) -> None:
    found = told(client, town.at[1])
    assert found["experience"]["projects"] == FINANCING - 1
    assert {one["city"]["city_id"] for one in found["experience"]["examples"]} == {KAZAN}


def test_where_there_are_no_funds_none_is_named(client: httpx.Client, town: Town) -> None:
    assert told(client, town.square)["funds"] == []


def test_an_answer_is_of_its_block(client: httpx.Client, town: Town, database: str) -> None:
    """Everything below changes the network: rounds, campaigns, an invitation, a pause."""
    network, square, before = town.network, town.square, town.network.chain.head
    at_first = told(client, square)
    here, near = town.round(KAZAN), town.round(CHEBOKSARY, days=30)
    town.projects.request("citizen 2.0", CHEBOKSARY, kind=URBANIST)
    rival = town.reach(town.open(URBANIST, CHEBOKSARY, "Rival"), FINANCING)
    open_one = town.campaign(rival)
    town.pledge(open_one, 40)
    town.projects.send(town.projects.authors[square], "inviteCity", square, CHEBOKSARY)
    network.index(database)

    found = told(client, square)
    assert [(one["round_id"], one["km"], one["budget"], one["entered"]) for one in found["rounds"]] == [
        (here, 0, "1000", False)
    ]
    (neighbour,) = found["cities"]
    assert {name: neighbour[name] for name in ("invited", "projects", "requests", "rounds")} == {
        "invited": True,
        "projects": 2,
        "requests": 1,
        "rounds": 1,
    }
    (campaign,) = found["campaigns"]
    assert (campaign["project_id"], campaign["phase"], campaign["raised"], campaign["goal"]) == (
        rival, "open", "40", "100",
    )  # fmt: skip

    town.projects.send("moderator 2", "joinProject", square, CHEBOKSARY)
    town.reach(square, FINANCING)
    own = town.campaign(square, round_id=near, days=5)
    town.pledge(own, 30)
    network.index(database)
    found = told(client, square)
    assert [(one["round_id"], one["entered"]) for one in found["rounds"]] == [(near, True), (here, False)]
    assert found["cities"] == []
    assert (found["money"]["contract"], found["money"]["missing"]) == (town.address(own), "70")
    assert figures(found["next"]["needs"]) == {"campaign": (0, 1, 1)}

    town.pledge(own, 70)
    network.pass_time(6 * DAY)
    network.index(database)
    assert told(client, square)["next"]["ready"]
    town.projects.send("moderator 1", "pause", square, keccak(text="wait"))
    network.index(database)
    found = told(client, square)
    assert (found["paused"], found["next"]["ready"]) == ("moderator", False)
    town.projects.send("moderator 1", "resume", square, keccak(text="on"))
    town.projects.send("operator", "beginImplementation", square, town.address(own))
    network.index(database)
    assert figures(told(client, square)["next"]["needs"]) == {"milestones": (0, 1, 1)}

    assert told(client, square, at_block=before) == at_first


def test_a_closed_request_is_what_keeps_its_answers_back(
    client: httpx.Client, town: Town, database: str
) -> None:
    request = town.projects.request("citizen 1.0", KAZAN, kind=SOCIAL)
    project = town.projects.open(KAZAN, SOCIAL, request)
    town.network.index(database)
    assert figures(told(client, project)["next"]["needs"]) == {"open_request": (1, 1, 0)}
    town.projects.send("citizen 1.0", "closeRequest", request)
    town.network.index(database)
    found = told(client, project)["next"]
    assert (figures(found["needs"]), found["ready"]) == ({"open_request": (0, 1, 1)}, False)


def test_an_unknown_project_has_no_answer(client: httpx.Client) -> None:
    assert client.get("/v1/projects/999/answer").status_code == 404


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ("Next stage: Expertise", "0 of 2", "2 missing")), ("ru", ("0 из 2", "не хватает 2"))],
)
def test_the_projects_page_shows_the_answer_in_both_languages(
    client: httpx.Client, town: Town, language: str, said: tuple[str, ...]
) -> None:
    page = client.get(f"/{language}/projects/{town.at[4]}")
    assert page.status_code == 200
    part = page.text.split('aria-labelledby="answer"')[1].split("</section>")[0]
    assert [text for text in said if text not in part] == []
