"""What is answered and shown of projects and requests is what the registry did, at every block."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend import db
from backend.content import service as content
from backend.content.documents import (
    DossierDocument,
    OpinionDocument,
    ProjectDocument,
    ReasonDocument,
    RequestDocument,
    Text,
    encode,
)
from backend.migrations import upgrade
from backend.projects.names import KINDS
from backend.settings import Settings
from tests.backend.anvil import Anvil
from tests.backend.money_world import ROUBLE, Money
from tests.backend.network import Network
from tests.backend.projects_world import ASSESSMENT, EXPERTISE, FINANCING, IDEA, TEAM, Projects
from tests.backend.server import serving

KAZAN, ORENBURG = 1, 2


def said(text: str) -> Text:
    return Text(ru=f"{text} по-русски", en=text)


@dataclass
class World:
    """Five projects: `quay` at financing with two cities, `workshop` sent back and paused, `school` turned,
    `stop` with a new author, `nameless` just opened and described nowhere.
    """

    network: Network
    projects: Projects
    client: httpx.Client
    numbers: dict[str, int]
    before_return: int

    def get(self, path: str, **query: Any) -> Any:
        answer = self.client.get(f"/v1/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def listed(self, **query: Any) -> list[str]:
        names = {number: name for name, number in self.numbers.items()}
        return [names[project["project_id"]] for project in self.get("projects", **query)]

    def project(self, name: str, **query: Any) -> Any:
        return self.get(f"projects/{self.numbers[name]}", **query)


class Library(Projects):
    """Projects whose texts are kept."""

    def __init__(self, network: Network):
        super().__init__(network)
        self.bodies: list[bytes] = []

    def keep(self, document: Any) -> bytes:
        hash, body = encode(document)
        self.bodies.append(body)
        return hash

    def text(self, what: str = "text") -> bytes:
        if what == "dossier":
            return self.keep(DossierDocument(description=said("Drawings")))
        if what == "opinion":
            return self.keep(OpinionDocument(text=said("Sound")))
        return super().text(what)


@pytest.fixture(scope="module")
def world(anvil: Anvil, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    network = Network(anvil)
    projects = Library(network)
    people = {}
    for _ in range(2):
        city = network.open_city(f"geonames:{len(people) + 1}")
        people[city] = network.settle(city, citizens=3)
        projects.settle(city)
    send = projects.send

    asked = RequestDocument(title=Text(ru="Нужен причал", en="A pier is needed"))
    request = projects.request(f"steward {KAZAN}", KAZAN, budget=700, content=projects.keep(asked))
    closed = projects.request(people[KAZAN][0], KAZAN, kind=1)
    send(people[KAZAN][0], "closeRequest", closed)

    quay = ProjectDocument(
        title=Text(ru="Зелёная набережная", en="Green embankment"),
        summary=Text(ru="Скамьи у воды", en="Benches by the water"),
        description=Text(ru="Ивы и дорожки", en="Willows and paths"),
    )
    numbers = {"quay": projects.open(KAZAN, 8, request, projects.keep(quay))}
    send(projects.authors[1], "inviteCity", 1, ORENBURG)
    send(f"moderator {ORENBURG}", "joinProject", 1, ORENBURG)
    projects.reach(1, ASSESSMENT, people[KAZAN])
    send(people[ORENBURG][0], "support", 1, ORENBURG)
    projects.reach(1, FINANCING, people[KAZAN])
    money = Money(projects)
    for sum_ in (30, 12):
        campaign = money.campaign(1)
        money.pledge("backer", campaign, sum_)
        network.pass_time(60)

    workshop = ProjectDocument(title=Text(ru="Мастерская велосипедов", en="Bicycle workshop"))
    numbers["workshop"] = projects.open(KAZAN, 1, 0, projects.keep(workshop))
    projects.reach(2, TEAM, people[KAZAN])
    before = network.chain.head
    reason = projects.keep(ReasonDocument(text=said("The rent is missing")))
    send(f"moderator {KAZAN}", "sendBack", 2, IDEA, reason)
    send(projects.authors[2], "pause", 2, reason)

    numbers["school"] = projects.reach(projects.open(ORENBURG, 5), EXPERTISE, people[ORENBURG])
    send(projects.authors[3], "pivot", 3, 6, projects.text(), reason)

    numbers["stop"] = projects.open(ORENBURG, 6)
    send(projects.authors[4], "offerAuthorship", 4, network.wallet("heir"))
    send("heir", "takeOver", 4)
    send("heir", "invite", 4, network.wallet("engineer"), projects.text("role"))

    numbers["nameless"] = projects.open(KAZAN, 0, request)

    upgrade(database)
    network.index(database)

    async def keep() -> None:
        async with db.engine(database, size=1) as engine, engine.begin() as conn:
            await content.store_all(conn, projects.bodies)

    asyncio.run(keep())
    file = Path(tmp_path_factory.mktemp("deployment")) / "deployment.json"
    network.deployment.write(file)
    settings = Settings(rpc_url=anvil.url, database_url=database, deployment=file)
    with serving(settings) as client:
        yield World(network, projects, client, numbers, before)


# ------------------------------------------------------------------- catalogue


def test_the_catalogue_is_newest_first(world: World) -> None:
    assert world.listed() == ["nameless", "stop", "school", "workshop", "quay"]


def test_a_city_has_the_projects_in_which_it_takes_part(world: World) -> None:
    assert world.listed(city=ORENBURG) == ["stop", "school", "quay"]
    assert world.listed(city=KAZAN) == ["nameless", "workshop", "quay"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "startup"}, ["workshop"]),
        ({"kind": "social"}, ["stop", "school"]),
        ({"stage": "idea"}, ["school", "workshop"]),
        ({"stage": "financing"}, ["quay"]),
        ({"stage": "completed"}, []),
        ({"kind": "social", "city": KAZAN}, []),
        ({"form": "loan"}, []),
        ({"form": "donation"}, ["quay"]),
        ({"request": 1}, ["nameless", "quay"]),
        ({"request": 2}, []),
    ],
)
def test_filters_narrow_it(world: World, query: dict[str, Any], found: list[str]) -> None:
    assert world.listed(**query) == found


def test_an_author_has_what_they_took_over(world: World) -> None:
    assert world.listed(author=world.network.wallet("heir")) == ["stop"]
    assert world.listed(author=world.network.wallet(world.projects.authors[4])) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("набережных", ["quay"]),
        ("зеленой", ["quay"]),
        ("велосипед", ["workshop"]),
        ("bicycles", ["workshop"]),
        ("benches", ["quay"]),
        ("willow path", ["quay"]),
        ("ив", ["quay"]),
        ("willow rent", []),
        ("?!", []),
    ],
)
def test_words_are_found_in_both_languages_whatever_their_endings(
    world: World, words: str, found: list[str]
) -> None:
    assert world.listed(q=words) == found


def test_it_is_ordered_by_support(world: World) -> None:
    supports = [project["support"] for project in world.get("projects", order="support")]
    assert supports == sorted(supports, reverse=True)
    assert world.listed(order="support")[:2] == ["quay", "workshop"]


def test_it_is_ordered_by_what_was_raised_in_roubles(world: World) -> None:
    raised = {project["project_id"]: project["raised"] for project in world.get("projects", order="raised")}
    assert next(iter(raised)) == world.numbers["quay"]
    assert raised == dict.fromkeys(raised, "0") | {world.numbers["quay"]: str(42 * 100)}  # kopecks


def test_what_closes_soonest_comes_first(world: World) -> None:
    first, *others = world.get("projects", order="closing")
    campaigns = world.project("quay")["campaigns"]
    assert (first["project_id"], first["closes"]) == (1, min(campaign["closes"] for campaign in campaigns))
    assert {project["closes"] for project in others} == {None}


@pytest.mark.parametrize("order", ["newest", "support", "raised", "closing"])
def test_pages_of_one_make_the_whole(world: World, order: str) -> None:
    whole, walked, cursor = world.listed(order=order), [], None
    while True:
        query = {"order": order, "limit": 1} | ({"cursor": cursor} if cursor else {})
        answer = world.client.get("/v1/projects", params=query).json()
        walked += [project["project_id"] for project in answer["data"]]
        if not (cursor := answer["next"]):
            break
    assert walked == [world.numbers[name] for name in whole]


def test_a_cursor_belongs_to_its_filters(world: World) -> None:
    cursor = world.client.get("/v1/projects", params={"limit": 1}).json()["next"]
    answer = world.client.get("/v1/projects", params={"cursor": cursor, "city": KAZAN})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "cursor")


# --------------------------------------------------------------------- project


@pytest.mark.parametrize("name", ["quay", "workshop", "school", "stop", "nameless"])
def test_a_project_stands_as_the_registry_says(world: World, name: str) -> None:
    shown = world.project(name)
    author, city, kind, stage, paused, version, panel, request, *counts, _ = world.network.read(
        "ProjectRegistry", "projectOf", world.numbers[name]
    )
    assert (shown["author"], shown["city_id"]) == (author, city)
    assert (shown["version"], shown["panel"], shown["request_id"]) == (version, panel, request or None)
    assert [shown[key] for key in ("support", "scores", "score_sum", "members", "courses")] == counts
    assert [place["state"] for place in shown["track"]].index("present") == stage - 1
    assert bool(shown["paused"]) == bool(paused)
    assert shown["kind"] == KINDS[kind]


def test_the_track_says_who_when_and_why(world: World) -> None:
    quay = world.project("quay")
    assert [place["state"] for place in quay["track"]] == ["done"] * 8 + ["present"] + ["ahead"] * 2
    author = world.network.wallet(world.projects.authors[1])
    first, idea, _, assessment, expertise = [place["visit"] for place in quay["track"][:5]]
    assert (first["how"], first["by"], first["documents"]) == ("opened", author, None)
    assert (idea["how"], idea["by"], idea["text"]) == ("reached", author, said("Drawings").model_dump())
    assert assessment["by"] == world.network.wallet(f"moderator {KAZAN}")
    assert expertise["documents"] is None
    times = [place["visit"]["time"] for place in quay["track"][:9]]
    assert times == sorted(times)


def test_what_was_sent_back_says_why_and_keeps_its_record(world: World) -> None:
    workshop = world.project("workshop")
    idea, later = workshop["track"][1], workshop["track"][2:6]
    assert (idea["state"], idea["visit"]["how"], idea["visits"]) == ("present", "sent_back", 2)
    assert idea["visit"]["text"]["en"] == "The rent is missing"
    assert [(place["state"], place["visits"]) for place in later] == [("ahead", 1)] * 4
    assert workshop["paused"] == "author"
    assert [opinion["counts"] for opinion in workshop["opinions"]] == [False]


def test_an_earlier_block_shows_it_as_it_was(world: World) -> None:
    then = world.project("workshop", at_block=world.before_return)
    assert (then["stage"], then["paused"], then["panel"]) == ("team", None, 1)
    assert [opinion["counts"] for opinion in then["opinions"]] == [True]
    assert world.listed(at_block=world.before_return) == ["workshop", "quay"]
    gone = world.client.get(f"/v1/projects/{world.numbers['stop']}", params={"at_block": world.before_return})
    assert gone.status_code == 404


def test_a_turned_project_begins_anew_with_another_kind(world: World) -> None:
    school = world.project("school")
    assert (school["kind"], school["stage"], school["version"], school["support"]) == ("social", "idea", 2, 0)
    assert school["track"][1]["visit"]["how"] == "pivoted"


def test_support_is_told_by_city(world: World) -> None:
    cities = world.project("quay")["cities"]
    assert [(c["city_id"], c["part"], c["supporters"]) for c in cities] == [
        (KAZAN, "home", 2),
        (ORENBURG, "joined", 1),
    ]


def test_the_team_is_told_with_who_is_invited(world: World) -> None:
    (engineer,) = world.project("stop")["team"]
    assert (engineer["member"], engineer["membership"]) == (world.network.wallet("engineer"), "invited")
    assert world.project("stop")["members"] == 0
    assert [member["membership"] for member in world.project("quay")["team"]] == ["member"]


def test_experts_opinions_are_told_with_their_texts(world: World) -> None:
    (opinion,) = world.project("quay")["opinions"]
    assert (opinion["score"], opinion["city_id"], opinion["text"]["en"]) == (80, KAZAN, "Sound")
    assert opinion["expert"] == world.network.wallet(f"expert {KAZAN}")


def test_the_history_has_every_step_once_newest_first(world: World) -> None:
    number, walked, cursor = world.numbers["stop"], [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = world.client.get(f"/v1/projects/{number}/history", params=query).json()
        walked += [entry["type"] for entry in answer["data"]]
        if not (cursor := answer["next"]):
            break
    assert walked == ["invited", "new_author", "offered", "opened"]
    assert [entry["type"] for entry in world.project("stop")["history"]] == walked


def test_a_project_names_the_request_that_it_answers(world: World) -> None:
    assert world.project("quay")["request"]["title"]["en"] == "A pier is needed"
    assert world.project("workshop")["request"] is None


def test_campaigns_are_told_with_their_milestones_sources_and_backers(world: World) -> None:
    quay = world.project("quay")
    assert [campaign["raised"] for campaign in quay["campaigns"]] == [str(12 * ROUBLE), str(30 * ROUBLE)]
    assert [money["contract"] for money in quay["money"]] == [c["contract"] for c in quay["campaigns"]]
    newest = quay["money"][0]
    assert [milestone["share"] for milestone in newest["milestones"]] == [4_000, 6_000]
    assert [(s["source"], s["raised"]) for s in newest["sources"]] == [("crowd", str(12 * ROUBLE))]
    (backer,) = quay["backers"]
    assert (backer["backer"], backer["pledged"]) == (world.network.wallet("backer"), str(42 * ROUBLE))
    listed = next(p for p in world.get("projects") if p["project_id"] == world.numbers["quay"])
    assert listed["campaigns"] == quay["campaigns"]


# -------------------------------------------------------------------- requests


def test_requests_say_their_budget_and_whether_they_are_open(world: World) -> None:
    closed, asked = world.get("requests")
    assert (asked["budget"], asked["token"], asked["open"], asked["answers"]) == (
        "700", world.network.token(), True, 2,
    )  # fmt: skip
    assert (closed["closed"], closed["open"], closed["token"]) == (True, False, None)
    assert [request["request_id"] for request in world.get("requests", open=True)] == [1]
    assert [request["request_id"] for request in world.get("requests", kind="startup")] == [2]
    assert [request["request_id"] for request in world.get("requests", q="ПРИЧАЛ")] == [1]
    assert world.get("requests", city=ORENBURG) == []
    assert world.get("requests/1")["title"]["ru"] == "Нужен причал"


# ----------------------------------------------------------------------- pages


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_is_there_in_both_languages(world: World, language: str) -> None:
    places = ["/projects", "/requests", "/requests?city=1", "/requests/1", "/requests/2", "/cities/1"]
    places += [f"/projects/{number}" for number in world.numbers.values()]
    for place in places:
        answer = world.client.get(f"/{language}{place}")
        assert answer.status_code == 200, place
        assert "None" not in answer.text, place


def test_the_page_says_what_was_handed_in_and_why_it_came_back(world: World) -> None:
    page = world.client.get(f"/ru/projects/{world.numbers['workshop']}").text
    assert "Мастерская велосипедов" in page
    assert "The rent is missing по-русски" in page
    assert "Автор приостановил проект" in page


def test_the_form_of_the_catalogue_takes_what_was_left_open(world: World) -> None:
    query = {"search": "", "city": "", "kind": "", "stage": "", "form": "", "order": "newest"}
    page = world.client.get("/en/projects", params=query)
    assert page.status_code == 200
    assert "Green embankment" in page.text
    assert "Bicycle" not in world.client.get("/en/projects", params={"city": ORENBURG}).text


def test_the_next_page_of_the_catalogue_keeps_its_filters(world: World) -> None:
    page = world.client.get("/en/projects", params={"city": KAZAN, "limit": 1}).text
    address = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    following = world.client.get(address)
    assert following.status_code == 200
    assert "Bicycle workshop" in following.text


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/v1/projects/0", 422, "project_id"),
        ("/v1/projects/99", 404, "project_id"),
        ("/v1/projects/99/history", 404, "project_id"),
        ("/v1/projects?kind=beautiful", 422, "kind"),
        ("/v1/projects?stage=none", 422, "stage"),
        ("/v1/projects?form=gift", 422, "form"),
        ("/v1/projects?order=beauty", 422, "order"),
        ("/v1/projects?author=0x12", 422, "author"),
        ("/v1/projects?request=0", 422, "request"),
        ("/v1/projects?q=%00", 422, "q"),
        ("/v1/requests/0", 422, "request_id"),
        ("/v1/requests/99", 404, "request_id"),
        ("/v1/requests?open=perhaps", 422, "open"),
    ],
)
def test_the_field_at_fault_is_named(world: World, path: str, status: int, field: str) -> None:
    answer = world.client.get(path)
    assert answer.status_code == status
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/en/projects/99", 404), ("/en/requests/99", 404), ("/en/projects?kind=beautiful", 422),
        ("/en/projects?city=x", 422), ("/en/projects?city=²", 422), ("/en/projects?order=beauty", 422),
        ("/en/projects/0", 422), ("/en/projects?cursor=x", 422),
    ],
)  # fmt: skip
def test_bad_input_is_a_page_that_says_so(world: World, path: str, status: int) -> None:
    answer = world.client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
