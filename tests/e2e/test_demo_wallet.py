"""A newcomer without a wallet becomes somebody of the demo in one click."""

import pytest
from playwright.sync_api import expect

from backend.demo.people import PAGES
from scripts.running import Site
from tests.e2e.conftest import Town, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("language", "click", "of", "page"),
    [
        ("en", "Be this citizen", "Citizen 1 (demo)", "/wallet"),
        ("ru", "Стать им", "Кофейня (демо)", "/business"),
        ("en", "Be this verifier", "Verifier (demo)", "/cities/{city}/desk"),
    ],
)
def test_one_click_makes_a_newcomer_somebody(
    visit: Visit, town: Town, language: str, click: str, of: str, page: str
):
    seen = visit()
    start = seen.open(f"/{language}/")
    start.locator(".strip.demo a").click()
    start.wait_for_url(f"**/{language}/demo")
    button = start.get_by_role("button", name=f"{click}: {of}")
    account = button.get_attribute("data-be") or ""
    button.click()
    start.wait_for_url(f"**/{language}{page.format(city=town.number)}")
    short = f"{account[:6]}…{account[-4:]}"
    expect(start.locator("#account summary")).to_contain_text(short)
    assert start.evaluate("fetch('/v1/auth/session').then(r => r.json())")["account"] == account
    assert seen.complaints == []
    assert seen.foreign == []


def test_demo_wallet_is_named_for_what_it_is_and_sends_to_the_choice(visit: Visit):
    seen = visit()
    page = seen.open("/en/check")
    page.locator("#account").get_by_role("button", name="Sign in").click()
    wallet = page.locator("#sign-in .wallets button")
    expect(wallet).to_have_text("Demo wallet (not for real money)")
    assert wallet.locator("img").evaluate("icon => icon.naturalWidth") > 0
    wallet.click()
    page.wait_for_url("**/en/demo")
    expect(page.locator("main .notice")).to_contain_text("they guard nothing")
    assert seen.complaints == []


def test_who_is_somebody_can_be_somebody_else_in_all_tabs(visit: Visit):
    seen = visit()
    page = seen.open("/en/demo")
    page.get_by_role("button", name="Be this citizen: Citizen 2 (demo)").click()
    page.wait_for_url("**/en/wallet")
    other = visit(context=page.context)
    tab = other.open("/en/demo")
    museum = tab.get_by_role("button", name="Be this business: Museum (demo)")
    account = museum.get_attribute("data-be") or ""
    museum.click()
    tab.wait_for_url("**/en/business")
    expect(tab.locator("#account summary")).to_contain_text(account[-4:])
    # The first tab's wallet is the museum's now too; its page still says who it was loaded for.
    expect(page.locator("#notices")).to_contain_text(account[-4:])
    assert seen.complaints == other.complaints == []


def test_everybody_offered_is_in_the_ledger_what_they_are_said_to_be(site: Site):
    people = site.get("/demo/people")
    found = {(person["city_id"], person["role"]) for person in people}
    cities = {city for city, _ in found}
    assert len(cities) == 2
    of_funds = {"organisation", "manager", "appraiser", "partner"}
    of_cities = {(city, role) for city in cities for role in PAGES if role not in of_funds}
    assert found == of_cities | {(people[0]["city_id"], role) for role in of_funds}
    known = {number: site.get(f"/cities/{number}") for number in cities}
    funds = [site.get(f"/funds/{fund['contract']}") for fund in site.get("/funds?limit=100")]
    for person in people:
        account, city = person["account"], known[person["city_id"]]
        if person["role"] == "citizen":
            mine = site.get(f"/citizens/{account}")["cities"]
            assert [city["successor"] for city in mine if city["nullifier"]] == [None]
        elif person["role"] == "steward":
            assert account == city["steward"]
        elif person["role"] == "author":
            authors = {p["author"] for p in site.get(f"/projects?city={person['city_id']}&limit=100")}
            assert account in authors
        elif person["role"] == "backer":
            assert site.get(f"/backers/{account}")
        elif person["role"] == "partner":
            assert site.get(f"/partners/{account}")
        elif person["role"] in of_funds:
            assert account in {fund[person["role"]] for fund in funds}
        else:
            held = next(role["roles"] for role in city["roles"] if role["account"] == account)
            mask = {"verifier": 1, "moderator": 2, "expert": 4, "business": 8, "treasurer": 16}
            assert held & mask[person["role"]]
