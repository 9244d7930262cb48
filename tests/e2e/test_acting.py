"""Acting when something comes between: a second click or tab, a reload, an ended session, a lost node."""

import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from playwright.sync_api import Page, expect

from backend.chain.rpc import Rpc
from scripts.running import Site
from tests.e2e.conftest import Town, Visit
from tests.e2e.counter import Chain, until
from tests.e2e.wallets import Wallet

pytestmark = pytest.mark.browser

VOUCHER = re.compile(r"/en/(wallet/)?vouchers/")
SIGN = "eth_signTypedData_v4"


@pytest.fixture(scope="module")
def customer(site: Site, town: Town) -> Callable[[], Wallet]:
    """Makes citizens with 40 merits, each a wallet."""
    chain, serial = Chain(site), count(1)
    return lambda: Wallet(
        site, chain.customer(town.number, town.name, f"somebody {next(serial)} of the tests of acting")
    )


@pytest.fixture(scope="module")
def offer(site: Site, town: Town) -> str:
    """Page of an offer for 40 merits at most."""
    offers = site.get(f"/offers?limit=500&open=true&city={town.number}")
    return f"/en/offers/{next(o['offer_id'] for o in offers if o['price'] <= 40)}"


@pytest.fixture
def wallet(customer: Callable[[], Wallet]) -> Wallet:
    return customer()


def actions(wallet: Wallet) -> list[dict]:
    return wallet.site.get(f"/actions?account={wallet.address}")


def redeem(page: Page) -> None:
    page.locator("form[data-action=redeem] button").click()


def step(page: Page, name: str, within: int = 30) -> None:
    expect(page.locator(f"form output[data-step={name}], #notices [data-step={name}]")).to_be_visible(
        timeout=within * 1000
    )


def confirmed(wallet: Wallet) -> dict:
    """The only action of an account, once it stands in the ledger."""
    until(lambda: [a["state"] for a in actions(wallet)] in (["confirmed"], ["final"]))
    return actions(wallet)[0]


@contextmanager
def blocks_held(site: Site) -> Iterator[None]:
    """No block is made, whatever is sent."""
    rpc = Rpc(site.rpc_url)
    rpc.call("evm_setAutomine", False)
    try:
        yield
    finally:
        rpc.call("evm_setAutomine", True)
        rpc.call("evm_mine")
        rpc.close()


@contextmanager
def node_lost(site: Site) -> Iterator[None]:
    """The chain's node answers nobody."""
    pid = json.loads((site.folder / "run" / "chain.json").read_text())["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_second_click_does_nothing(visit: Visit, wallet: Wallet, offer: str):
    page = visit(wallet).open(offer)
    button = page.locator("form[data-action=redeem] button")
    wallet.holds = True
    button.dblclick()
    step(page, "signing")
    wallet.wait_until_held(page)
    assert button.get_attribute("aria-disabled") == "true"
    assert page.evaluate("document.activeElement.matches('form[data-action=redeem] button')")
    button.click(force=True)
    page.keyboard.press("Enter")
    wallet.release(page)
    page.wait_for_url(VOUCHER)
    assert wallet.asked.count(SIGN) == 1
    confirmed(wallet)


def test_second_tab_is_told_that_the_same_is_under_way(visit: Visit, wallet: Wallet, offer: str, site: Site):
    first = visit(wallet).open(offer)
    second = visit(context=first.context).open(offer)
    with blocks_held(site):
        wallet.holds = True
        redeem(first)
        wallet.wait_until_held(first)
        redeem(second)
        wallet.wait_until_held(second, 2)
        wallet.release(first)
        first.wait_for_url(VOUCHER)
        wallet.release(second)
        step(second, "failed")
        expect(second.locator("form[data-action=redeem] output")).to_contain_text("already under way")
    confirmed(wallet)


def test_wallet_is_brought_to_the_chain_before_it_signs(visit: Visit, wallet: Wallet, offer: str):
    page = visit(wallet).open(offer)
    wallet.chain, wallet.known, wallet.refuses = 1, {1}, {"wallet_addEthereumChain"}
    redeem(page)
    step(page, "failed")
    expect(page.locator("form[data-action=redeem] output")).to_contain_text("it must be on CityNet demo")
    wallet.refuses = set()
    redeem(page)
    page.wait_for_url(VOUCHER)
    assert wallet.chain == 31337


def test_action_of_an_ended_session_signs_in_again_on_the_way(visit: Visit, wallet: Wallet, offer: str):
    page = visit(wallet).open(offer)
    page.locator("form[data-action=redeem] button").focus()  # so that the form is not renewed away
    page.context.clear_cookies(name="session")
    page.keyboard.press("Enter")
    page.wait_for_url(VOUCHER)
    assert [m for m in wallet.asked if m in ("personal_sign", SIGN)] == ["personal_sign", SIGN]
    expect(page.locator("#account summary")).to_contain_text(wallet.short)


def test_another_account_in_the_wallet_does_not_act_for_who_is_signed_in(
    visit: Visit, wallet: Wallet, offer: str
):
    page = visit(wallet).open(offer)
    expect(page.locator("html.live")).to_be_attached()
    wallet.change(page, "somebody else")
    redeem(page)
    step(page, "failed")
    expect(page.locator("form[data-action=redeem] output")).to_contain_text("Sign in with it, or switch back")
    assert SIGN not in wallet.asked


def test_signature_outlives_a_lost_network_and_a_reload(visit: Visit, wallet: Wallet, offer: str):
    page = visit(wallet).open(offer)
    page.route("**/v1/actions/redeem", lambda route: route.abort())
    redeem(page)
    step(page, "waiting")
    assert actions(wallet) == []
    page.reload()
    step(page, "waiting")
    page.unroute("**/v1/actions/redeem")
    step(page, "confirmed")
    assert wallet.asked.count(SIGN) == 1
    assert page.evaluate("sessionStorage.length") == 0
    confirmed(wallet)


def test_node_lost_before_and_after_a_signature_is_taken(
    visit: Visit, wallet: Wallet, offer: str, site: Site
):
    page = visit(wallet).open(offer)
    wallet.holds = True
    redeem(page)
    wallet.wait_until_held(page)
    with node_lost(site):
        wallet.release(page)
        step(page, "waiting")
    page.wait_for_url(VOUCHER, timeout=30_000)
    confirmed(wallet)


def test_transaction_that_was_sent_is_not_sent_again_after_a_reload(visit: Visit, site: Site):
    cities = site.get("/cities?limit=500")
    moscow = next(city["city_id"] for city in cities if city["name"]["en"] == "Moscow")
    steward = Wallet(site, "steward of Moscow")
    page = visit(steward).open(f"/en/cities/{moscow}/desk/rules")
    page.route("**/v1/actions/set_cap/sent", lambda route: route.abort())
    form = page.locator("form[data-action=set_cap]")
    form.locator("input:not([type=hidden])").fill("59")
    form.locator("button[type=submit]").click()
    step(page, "waiting")
    page.reload()
    step(page, "waiting")
    page.unroute("**/v1/actions/set_cap/sent")
    step(page, "confirmed")
    assert len(steward.sent) == 1
    assert confirmed(steward)["tx_hash"] == steward.sent[0]
