"""What all pages share, without a ledger behind them."""

import gzip
import posixpath
import re
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from backend import errors
from backend.web import assets, site
from backend.web.headers import HEADERS, POLICY


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = FastAPI()
    errors.install(app)

    @app.get("/v1/fails")
    async def fails() -> None:
        raise RuntimeError("for the test")

    @app.get("/en/fails")
    async def page_fails() -> None:
        raise RuntimeError("for the test")

    site.install(app)
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as client:
        yield client


def test_root_leads_to_the_readers_language(client: TestClient):
    answer = client.get("/", headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.headers["location"]) == (307, "/en/")
    assert "Accept-Language" in answer.headers["vary"]
    assert client.get("/", headers={"Accept-Language": "ru"}).headers["location"] == "/ru/"


@pytest.mark.parametrize("path", ["/vouchers/16777217", "/cities/7?at_block=5", "/ledger"])
def test_address_without_a_language_keeps_its_page(client: TestClient, path: str):
    assert client.get(path, headers={"Accept-Language": "en"}).headers["location"] == f"/en{path}"


def test_chosen_language_is_kept_and_the_page_too(client: TestClient):
    answer = client.get("/language/en", params={"back": "/cities?search=нов"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/en/cities?search=%D0%BD%D0%BE%D0%B2"
    assert "language=en" in answer.headers["set-cookie"]
    again = client.get("/", headers={"Accept-Language": "ru", "Cookie": "language=en"})
    assert again.headers["location"] == "/en/"


@pytest.mark.parametrize(
    "back",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "\r\nSet-Cookie: a=b", "@evil.example"],
)
def test_choosing_a_language_never_leads_elsewhere(client: TestClient, back: str):
    location = client.get("/language/en", params={"back": back}).headers["location"]
    assert re.fullmatch(r"/en/[^/\\\s][^\\\s]*", location)


def test_unknown_language_cannot_be_chosen(client: TestClient):
    assert client.get("/language/xx").status_code == 404


@pytest.mark.parametrize(
    ("path", "title"), [("/ru/nothing", "Нет такой страницы"), ("/en/nothing", "No such page")]
)
def test_unknown_page_is_said_in_its_language(client: TestClient, path: str, title: str):
    answer = client.get(path)
    assert answer.status_code == 404
    assert title in answer.text


def test_unknown_address_of_the_api_stays_a_problem_document(client: TestClient):
    answer = client.get("/v1/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_failure_is_a_page_for_people_and_a_problem_for_programs(client: TestClient):
    page, program = client.get("/en/fails"), client.get("/v1/fails")
    assert (page.status_code, program.status_code) == (500, 500)
    assert "Our mistake" in page.text
    assert "for the test" not in page.text + program.text
    assert page.headers["content-security-policy"] == POLICY
    assert program.headers["content-type"] == "application/problem+json"


def test_security_headers_stand_on_every_kind_of_answer(client: TestClient):
    for path in ("/", "/ru/nothing", "/v1/nothing", assets.address("site.css")):
        headers = client.get(path).headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS, path


def test_policy_allows_nothing_inline_and_no_other_host():
    assert "default-src 'none'" in POLICY
    assert "unsafe" not in POLICY
    assert "http" not in POLICY


def test_asset_is_kept_for_good_under_its_stamp_only(client: TestClient):
    present = client.get(assets.address("site.css"))
    former = client.get("/assets/000000000000/site.css")
    assert "immutable" in present.headers["cache-control"]
    assert former.headers["cache-control"] == "no-cache"
    assert present.content == former.content


def test_asset_is_sent_compressed_where_that_is_understood(client: TestClient):
    address = assets.address("scripts/page.js")
    with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
        assert gzip.decompress(b"".join(answer.iter_raw())) == assets.assets()["scripts/page.js"].body
    plain = client.get(address, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize("path", ["nothing.css", "../app.py", "%2e%2e/app.py", "scripts/../../app.py"])
def test_only_assets_are_served(client: TestClient, path: str):
    assert client.get(f"/assets/x/{path}", follow_redirects=True).status_code == 404


def test_typeface_comes_with_both_scripts():
    assert {"fonts/golos-latin.woff2", "fonts/golos-cyrillic.woff2"} <= assets.assets().keys()


def test_styles_name_only_assets_that_there_are():
    for name in re.findall(rb'url\("([^"]+)"\)', assets.assets()["site.css"].body):
        assert name.decode() in assets.assets()


def test_scripts_of_the_first_page_weigh_less_than_100_kb():
    found = loaded("scripts/page.js", "scripts/map.js")
    assert {"scripts/wallet.js", "scripts/live.js"} <= found
    assert sum(len(assets.assets()[path].body) for path in found) < 100_000


def test_scripts_import_only_what_there_is():
    for path in assets.assets():
        if path.startswith("scripts/"):
            loaded(path)


def loaded(*paths: str) -> set[str]:
    """Scripts, and all that they import when they are loaded."""
    found, rest = set(), list(paths)
    while rest:
        path = rest.pop()
        if path not in found:
            found.add(path)
            imports = re.findall(r'^(?:import|} from|export .* from).*?"(\..*?)"', text(path), flags=re.M)
            rest += [posixpath.normpath(posixpath.join(posixpath.dirname(path), name)) for name in imports]
    return found


def text(path: str) -> str:
    return assets.assets()[path].body.decode()
