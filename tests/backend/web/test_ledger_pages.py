"""The pages over a ledger in which everything has happened."""

from collections.abc import Iterator

import httpx
import pytest

from tests.backend.auth.people import Site, person
from tests.backend.network import Played
from tests.backend.server import serving


@pytest.fixture(scope="module")
def client(played: Played) -> Iterator[httpx.Client]:
    with serving(played.settings()) as client:
        yield client


@pytest.fixture(scope="module")
def places(client: httpx.Client) -> list[str]:
    """Every city, offer and citizen, and some vouchers."""
    cities = [city["city_id"] for city in client.get("/v1/cities?limit=500").json()["data"]]
    offers = [row["offer_id"] for row in rows(client, "offer_published")]
    citizens = {row["wallet"] for row in rows(client, "citizen_registered")}
    citizens |= {row["new_wallet"] for row in rows(client, "recovered")}
    vouchers = [row["voucher_id"] for row in rows(client, "redeemed")][:10]
    return (
        ["/", "/cities", "/offers", "/ledger", "/check"]
        + [f"/cities/{number}" for number in cities]
        + [f"/offers/{number}" for number in offers]
        + [f"/offers?city={number}" for number in cities]
        + [f"/vouchers/{number}" for number in vouchers]
        + [f"/citizens/{address}" for address in sorted(citizens)]
    )


def rows(client: httpx.Client, fact: str) -> list[dict[str, str]]:
    lines = client.get(f"/v1/export/{fact}.csv").text.splitlines()
    return [dict(zip(lines[0].split(","), line.split(","), strict=True)) for line in lines[1:]]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_is_there_in_both_languages(client: httpx.Client, places: list[str], language: str):
    for place in places:
        answer = client.get(f"/{language}{place}", follow_redirects=True)
        assert answer.status_code == 200, place
        assert answer.headers["content-language"] == language
        assert "None" not in answer.text, place


def test_every_page_is_there_at_an_earlier_block(client: httpx.Client, played: Played):
    block = played.block // 2
    city = rows(client, "batch_awarded")[0]
    citizen = rows(client, "citizen_registered")[0]["wallet"]
    for place in ("/", "/cities", f"/cities/{city['city_id']}", "/offers", f"/citizens/{citizen}"):
        answer = client.get(f"/en{place}?at_block={block}", follow_redirects=True)
        assert answer.status_code == 200, place
        at = answer.text.split("True at block <b>")[1].split("</b>")[0]
        # Nothing happened between the last block that is known and the one asked for.
        assert int(at.replace(",", "")) <= block


def test_nothing_later_than_its_block_stands_on_a_city_page(client: httpx.Client):
    batches = rows(client, "batch_awarded")
    first = batches[0]
    page = client.get(f"/en/cities/{first['city_id']}?at_block={first['block_number']}").text
    assert f"block {int(first['block_number']):,}" in page
    later = [b["tx_hash"] for b in batches if int(b["block_number"]) > int(first["block_number"])]
    assert later
    assert not any(hash in page for hash in later)


def test_latest_entries_of_a_city_are_its_facts(client: httpx.Client):
    city = rows(client, "batch_awarded")[-1]["city_id"]
    facts = (
        "batch_awarded",
        "epoch_opened",
        "award_reversed",
        "redeemed",
        "voucher_refunded",
        "offer_published",
    )
    mine = [
        (int(r["block_number"]), r["tx_hash"]) for f in facts for r in rows(client, f) if r["city_id"] == city
    ]
    page = client.get(f"/en/cities/{city}").text.split('id="recent-rows"')[1]
    for block, tx_hash in sorted(mine, reverse=True)[:8]:
        assert f"block {block:,}" in page
        assert tx_hash in page


def test_offers_within_reach_are_those_that_merits_suffice_for(client: httpx.Client):
    every = client.get("/v1/offers?limit=500").json()["data"]
    seen = 0
    for wallet in sorted({row["wallet"] for row in rows(client, "citizen_registered")}):
        data = client.get(f"/v1/citizens/{wallet}").json()["data"]
        purse = {city["city_id"]: city["held"] for city in data["cities"]}
        for leaf in data["claimable"]:
            purse[leaf["city_id"]] = purse.get(leaf["city_id"], 0) + leaf["points"]
        reach = [
            offer["offer_id"]
            for offer in every
            if offer["open"] and any(purse.get(city, 0) >= offer["price"] for city in offer["accepts"])
        ]
        page = client.get(f"/en/citizens/{wallet}", follow_redirects=True).text
        section = page.split('id="offers"')[1].split("</section>")[0]
        shown = [offer for offer in reach if f'/en/offers/{offer}"' in section]
        assert len(shown) == section.count("/en/offers/") == min(len(reach), 6), wallet
        seen += len(shown)
    assert seen


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/en/cities/999999", 404, "No such city"),
        ("/en/offers/999999", 404, "No such offer"),
        ("/en/vouchers/999999", 404, "No such voucher"),
        ("/en/cities/0", 422, "Not understood"),
        ("/en/cities/99999999999999999999", 422, "Not understood"),
        ("/en/citizens/0x12", 422, "Not an address"),
        ("/en/cities?cursor=%00", 422, "Not understood"),
        ("/en/cities?search=%00", 422, "Not understood"),
        ("/en/?at_block=-1", 422, "Not a block of the ledger"),
        ("/en/?at_block=99999999", 422, "Not a block of the ledger"),
        ("/en/offers?city=x", 422, "Not understood"),
    ],
)
def test_bad_input_is_a_page_that_says_so(client: httpx.Client, path: str, status: int, title: str):
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert f"<h1>{title}</h1>" in answer.text


def test_search_that_finds_nothing_says_what_was_searched_for(client: httpx.Client):
    answer = client.get("/en/cities", params={"search": "<script>alert(1)</script>"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_address_in_another_spelling_leads_to_the_checksummed_one(client: httpx.Client):
    wallet = rows(client, "citizen_registered")[0]["wallet"]
    answer = client.get(f"/ru/citizens/{wallet.lower()}")
    assert answer.status_code == 301
    assert answer.headers["location"].lower() == f"/ru/citizens/{wallet.lower()}"


def test_page_is_not_sent_again_to_who_has_it(client: httpx.Client):
    first = client.get("/en/cities")
    again = client.get("/en/cities", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_page_of_somebody_signed_in_is_theirs_alone(client: httpx.Client, played: Played):
    site, citizen = Site(client, played.database, played.network.chain), person("reader")
    stranger = client.get("/en/cities")
    assert (stranger.headers["cache-control"], "Cookie" in stranger.headers["vary"]) == ("no-cache", True)
    with site.browser() as browser:
        token = site.sign_in(browser, citizen).json()["csrf"]
        mine = browser.get("/en/cities", headers={"If-None-Match": stranger.headers["etag"]})
        assert mine.status_code == 200
        assert mine.headers["cache-control"] == "private, no-cache"
        assert "Cookie" in mine.headers["vary"]
        assert f'data-account="{citizen.address}"' in mine.text
        again = browser.get("/en/cities", headers={"If-None-Match": mine.headers["etag"]})
        assert (again.status_code, again.headers["cache-control"]) == (304, "private, no-cache")
        # No page is a stranger's because something went wrong on it.
        assert citizen.address in browser.get("/en/nothing").text
        assert citizen.address in browser.get("/en/cities/0").text
        browser.delete("/v1/auth/session", headers={"X-CSRF-Token": token})
        left = browser.get("/en/cities", headers={"If-None-Match": mine.headers["etag"]})
        assert (left.status_code, citizen.address in left.text) == (200, False)


def test_large_pages_are_compressed(client: httpx.Client):
    assert client.get("/en/").headers.get("content-encoding") == "gzip"
