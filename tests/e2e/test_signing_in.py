"""Signing in with wallets of the browser: found, chosen, asked, refused, changed, left."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Town, Visit, Watched
from tests.e2e.test_pages import violations
from tests.e2e.wallets import Wallet, sign_in_by_dialog

pytestmark = pytest.mark.browser


@pytest.fixture
def wallet(visit: Visit, town: Town) -> Wallet:
    return Wallet(visit.site, town.citizen(1))


@pytest.fixture
def stranger(visit: Visit, wallet: Wallet) -> Watched:
    """Somebody whose browser has the wallet, and who is not signed in."""
    return visit(wallet, signed_in=False)


def open_dialog(page: Page) -> None:
    page.locator("#account [data-sign-in]").click()
    expect(page.locator("#sign-in")).to_be_visible()


def said(page: Page) -> str:
    """What the dialog says of the last attempt, once it does."""
    output = page.locator("#sign-in output")
    expect(output).to_have_attribute("data-step", re.compile("failed|refused"))
    return output.inner_text()


def choose(page: Page, wallet: Wallet) -> None:
    page.locator("#sign-in").get_by_role("button", name=wallet.name).click()


def test_wallets_are_offered_by_name_and_icon(visit: Visit, town: Town, wallet: Wallet):
    other = Wallet(visit.site, town.citizen(2), name="Second wallet", colour="#aa0000")
    seen = visit(wallet, other, signed_in=False)
    page = seen.open("/en/check")
    open_dialog(page)
    buttons = page.locator("#sign-in .wallets button")
    assert {"Test wallet", "Second wallet"} <= set(buttons.all_inner_texts())
    for each in (wallet, other):
        assert buttons.filter(has_text=each.name).locator("img").get_attribute("src") == each.icon
    choose(page, other)
    expect(page.locator("#account summary")).to_contain_text(other.short)
    assert wallet.asked == []
    assert seen.complaints == []


@pytest.mark.parametrize(("language", "out"), [("ru", "Выйти"), ("en", "Sign out")])
def test_person_signs_in_and_out(stranger: Watched, wallet: Wallet, language: str, out: str):
    page = stranger.open(f"/{language}/check")
    sign_in_by_dialog(page, wallet)
    assert wallet.asked == ["eth_requestAccounts", "eth_chainId", "personal_sign", "eth_accounts"]

    page.reload()
    menu = page.locator("#account details")
    expect(menu).to_contain_text(wallet.short)
    menu.locator("summary").click()
    with page.expect_navigation(wait_until="load"):
        page.get_by_role("button", name=out).click()
    expect(page.locator("#account [data-sign-in]")).to_be_visible()
    assert stranger.complaints == []
    assert stranger.foreign == []


def test_refusal_in_the_wallet_is_said_and_can_be_tried_again(stranger: Watched, wallet: Wallet):
    page = stranger.open("/en/check")
    open_dialog(page)
    for method in ("eth_requestAccounts", "personal_sign"):
        wallet.refuses = {method}
        choose(page, wallet)
        assert said(page) == "You said no in the wallet. Nothing was done."
    wallet.refuses = set()
    choose(page, wallet)
    expect(page.locator("#account summary")).to_contain_text(wallet.short)


def test_wallet_that_is_already_asking_or_offline_is_named(stranger: Watched, wallet: Wallet):
    page = stranger.open("/en/check")
    open_dialog(page)
    for code, sentence in ((-32002, "is already asking you"), (4900, "has lost its connection")):
        wallet.error = (code, "for the test")
        choose(page, wallet)
        expect(page.locator("#sign-in output")).to_contain_text(f"Test wallet {sentence}")


def test_wallet_on_another_chain_is_brought_to_this_one(stranger: Watched, wallet: Wallet):
    wallet.chain, wallet.known = 1, {1}
    page = stranger.open("/en/check")
    open_dialog(page)
    wallet.refuses = {"wallet_addEthereumChain"}
    choose(page, wallet)
    assert said(page) == "Your wallet is on another network. Here it must be on CityNet demo (number 31337)."
    wallet.refuses = set()
    choose(page, wallet)
    expect(page.locator("#account summary")).to_contain_text(wallet.short)
    assert wallet.chain == 31337
    assert "wallet_addEthereumChain" in wallet.asked


def test_wallet_that_cannot_change_its_chain_says_so_to_the_person(stranger: Watched, wallet: Wallet):
    wallet.chain, wallet.cannot = 1, {"wallet_switchEthereumChain"}
    page = stranger.open("/ru/check")
    open_dialog(page)
    choose(page, wallet)
    assert said(page) == "Переключите кошелёк на сеть CityNet demo (номер 31337) и попробуйте ещё раз."


def test_change_of_account_in_the_wallet_is_noticed(visit: Visit, town: Town, wallet: Wallet):
    first = wallet.short
    seen = visit(wallet)
    page = seen.open("/en/check")
    expect(page.locator("html.live")).to_be_attached()
    notice = page.locator("#notices")
    expect(notice).to_be_empty()

    wallet.change(page, town.citizen(2))
    expect(notice).to_contain_text(f"at {wallet.short}, but you are signed in as {first}")
    wallet.change(page, town.citizen(1))
    expect(notice).to_be_empty()

    wallet.change(page, town.citizen(2))
    with page.expect_navigation(wait_until="load"):
        notice.get_by_role("button", name=f"Sign in as {wallet.short}").click()
    expect(page.locator("#account summary")).to_contain_text(wallet.short)
    expect(notice).to_be_empty()
    assert seen.complaints == []


def test_page_is_loaded_without_asking_the_person(visit: Visit, wallet: Wallet):
    page = visit(wallet).open("/en/check")
    expect(page.locator("#account summary")).to_contain_text(wallet.short)
    page.wait_for_timeout(500)  # nothing is what is waited for
    assert set(wallet.asked) == {"eth_accounts"}


def test_browser_without_a_wallet_is_told_so(visit: Visit):
    seen = visit()
    # Not even the demo's is heard of.
    silence = "addEventListener('eip6963:announceProvider', (event) => event.stopImmediatePropagation())"
    seen.page.add_init_script(silence)
    page = seen.open("/en/check")
    open_dialog(page)
    expect(page.locator("#sign-in [data-none]")).to_contain_text("No wallet was found in this browser.")
    page.keyboard.press("Escape")
    expect(page.locator("#sign-in")).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('#account [data-sign-in]')")


def test_keyboard_alone_signs_in_and_out(stranger: Watched, wallet: Wallet):
    page = stranger.open("/en/check")
    tab_to(page, "Sign in")
    page.keyboard.press("Enter")
    assert focused(page) == "Test wallet"
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    tab_to(page, f"Signed in as {wallet.short}")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "My wallet"
    page.keyboard.press("Escape")
    assert focused(page) == f"Signed in as {wallet.short}"
    expect(page.locator("#account ul")).to_be_hidden()
    page.keyboard.press("Enter")
    tab_to(page, "Sign out")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
    expect(page.locator("#account [data-sign-in]")).to_be_visible()


def test_dialog_and_menu_are_accessible_and_fit_a_small_phone(visit: Visit, wallet: Wallet):
    seen = visit(wallet, signed_in=False, width=320)
    page = seen.open("/ru/check")
    open_dialog(page)
    wallet.refuses = {"personal_sign"}
    choose(page, wallet)
    said(page)
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    box = page.locator("#sign-in").bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320

    page = visit(wallet).open("/ru/check")
    page.locator("#account summary").click()
    wallet.change(page, "another person")
    expect(page.locator("#notices button")).to_be_visible()
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 600})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')")


def tab_to(page: Page, name: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"the Tab key does not lead to {name}")
