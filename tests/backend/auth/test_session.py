"""What a session opens, and what ends it."""

from collections.abc import Iterator

import httpx
import pytest

from tests.backend.auth.people import Site, person

CITIZEN, OTHER = person("citizen"), person("other")
NOBODY = {"account": None, "csrf": None, "expires": None}


@pytest.fixture
def browser(site: Site) -> Iterator[httpx.Client]:
    """Somebody who has signed in."""
    with site.browser() as client:
        token = site.sign_in(client, CITIZEN).json()["csrf"]
        client.headers["X-CSRF-Token"] = token
        yield client


def who(browser: httpx.Client) -> str | None:
    return browser.get("/v1/auth/session").json()["account"]


def test_signing_out_ends_the_session_wherever_the_cookie_is_kept(site: Site, browser: httpx.Client) -> None:
    kept = browser.cookies["session"]
    answer = browser.delete("/v1/auth/session")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "session" not in browser.cookies
    again = site.client.get("/v1/auth/session", headers={"Cookie": f"session={kept}"})
    assert again.json() == NOBODY


def test_signing_out_twice_is_no_error(browser: httpx.Client) -> None:
    assert [browser.delete("/v1/auth/session").status_code for _ in range(2)] == [204, 204]


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"X-CSRF-Token": ""}, "X-CSRF-Token"),
        ({"X-CSRF-Token": "guessed"}, "X-CSRF-Token"),
        ({"Origin": "https://other.example"}, "Origin"),
        ({"Origin": "null"}, "Origin"),
        ({"Sec-Fetch-Site": "cross-site"}, "Origin"),
        ({"Sec-Fetch-Site": "same-site"}, "Origin"),
    ],
)
def test_nothing_is_changed_without_the_token_or_by_another_sites_page(
    browser: httpx.Client, headers: dict[str, str], field: str
) -> None:
    answer = browser.delete("/v1/auth/session", headers=headers)
    assert answer.status_code == 403
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert who(browser) == CITIZEN.address


def test_the_token_of_another_session_is_wrong(site: Site, browser: httpx.Client) -> None:
    with site.browser() as other:
        token = site.sign_in(other, OTHER).json()["csrf"]
    assert browser.delete("/v1/auth/session", headers={"X-CSRF-Token": token}).status_code == 403
    assert who(browser) == CITIZEN.address


def test_another_sites_page_cannot_sign_a_visitor_in(site: Site) -> None:
    with site.browser(Origin="https://other.example") as visitor:
        before = site.rows("session")
        assert visitor.post("/v1/auth/nonce").status_code == 403
        assert site.sign_in(visitor, OTHER).status_code == 403
        assert site.rows("session") == before


def test_this_sites_own_page_may(site: Site, browser: httpx.Client) -> None:
    own = {"Origin": site.origin, "Sec-Fetch-Site": "same-origin"}
    assert browser.delete("/v1/auth/session", headers=own).status_code == 204


def test_another_account_gets_another_session_and_the_first_ends(site: Site, browser: httpx.Client) -> None:
    kept = browser.cookies["session"]
    assert site.sign_in(browser, OTHER).status_code == 201
    assert browser.cookies["session"] != kept
    assert who(browser) == OTHER.address
    assert site.client.get("/v1/auth/session", headers={"Cookie": f"session={kept}"}).json() == NOBODY


def test_an_expired_session_is_like_none_and_is_forgotten(site: Site, browser: httpx.Client) -> None:
    site.run("UPDATE session SET expires = created")
    assert who(browser) is None
    assert CITIZEN.address not in browser.get("/en/nothing").text
    site.nonce()
    assert site.rows("session") == 0


def test_a_session_of_another_chain_is_like_none(site: Site, browser: httpx.Client) -> None:
    site.run("UPDATE session SET chain = 1")
    assert who(browser) is None


@pytest.mark.parametrize(
    "spoil",
    [
        # Not the last letter: two of its bits mean nothing.
        lambda cookie: cookie[:-2] + ("A" if cookie[-2] != "A" else "B") + cookie[-1],
        lambda cookie: ("A" if cookie[0] != "A" else "B") + cookie[1:],
        lambda cookie: cookie.rpartition(".")[0],
        lambda cookie: "." + cookie.rpartition(".")[2],
        lambda cookie: "",
        lambda cookie: "'; DROP TABLE session; --",
        lambda cookie: "a" * 3000,
    ],
)
def test_a_tampered_cookie_is_like_none(site: Site, browser: httpx.Client, spoil) -> None:
    cookie = spoil(browser.cookies["session"])
    answer = site.client.get("/v1/auth/session", headers={"Cookie": f"session={cookie}"})
    assert (answer.status_code, answer.json()) == (200, NOBODY)
