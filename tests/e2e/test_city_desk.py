"""The desk of a city: register, award, send lists and epochs, give roles; for those who may."""

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from playwright.sync_api import Page, Request, expect

from backend.chain.contract import Contract
from backend.chain.deployment import Deployment, artifact
from backend.chain.send import Sender
from scripts.running import Site
from tests.e2e.conftest import Town, Visit, Watched
from tests.e2e.test_pages import WIDTHS, violations
from tests.e2e.wallets import No, Wallet

pytestmark = pytest.mark.browser

KEY = "the made-up key of a city"
SOON = 20_000
"""Milliseconds until a transaction stands in the ledger, at most."""


class Hesitant(Wallet):
    """Its owner says no to the second transaction, once."""

    hesitated = False

    def _do(self, method: str, params: list[Any], events: list[tuple[str, Any]]) -> Any:
        if method == "eth_sendTransaction" and len(self.sent) == 1 and not self.hesitated:
            self.hesitated = True
            raise No(4001, "User rejected the request.")
        return super()._do(method, params, events)


def newcomer(site: Site, number: int) -> str:
    """The wallet of somebody whom no other test registers."""
    return Wallet(site, f"newcomer {number} at the desk").address


def read(site: Site, contract: str, function: str, *arguments: object) -> object:
    place = Deployment.read(site.folder / "deployment.json").place(contract)
    sender = Sender(site.rpc_url)
    try:
        made = Contract(contract, place.address, artifact(contract)["abi"])
        return sender.read_all([made.call(function, *arguments)])[0]
    finally:
        sender.rpc.close()


def nullifier(document: str) -> bytes:
    """As the browser makes it: letters and digits, in capitals, Cyrillic ones as the Latin they look like."""
    plain = re.sub(r"[\W_]", "", document).upper().translate(str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX"))
    return hmac.digest(KEY.encode(), f"document:{plain}".encode(), hashlib.sha256)


HEARING = """
window.heard = [];
const asked = window.fetch;
window.fetch = async (address, options = {}) => {
  if (options.body) window.heard.push(await new Response(options.body).text());
  return asked(address, options);
};
"""
"""Bodies as scripts give them to the browser: files in them are not to be had from its list of requests."""


def overhear(page: Page) -> list[str]:
    """Addresses, headers and plain bodies of all requests from now on; the others are in `window.heard`."""
    heard: list[str] = []

    def hear(request: Request) -> None:
        body = request.post_data_buffer or b""
        heard.append(f"{request.url}\n{request.headers}\n{body.decode('utf-8', 'replace')}")

    page.on("request", hear)
    return heard


def choose(page: Page, form: str, *lines: str) -> None:
    """Puts a list into a form and has it checked."""
    body = "\r\n".join(lines).encode()
    place = page.locator(form)
    place.locator("input[type=file]").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": body}
    )
    place.locator("button[type=submit]").click()


def quiet(*seen: Watched) -> None:
    for each in seen:
        assert each.complaints == []
        assert each.foreign == []


def test_citizen_is_registered_by_a_document_that_never_leaves_the_browser(
    visit: Visit, site: Site, town: Town
) -> None:
    seen = visit(Wallet(site, town.verifier))
    seen.page.add_init_script(HEARING)
    page = seen.open(f"/ru/cities/{town.number}/desk/register")
    heard = overhear(page)
    document = "92 14 № 765-432"
    form = page.locator("form[data-nullifier]")
    form.get_by_label("Кошелёк горожанина").fill(newcomer(site, 1))
    form.get_by_label("Номер документа").fill(document)
    form.get_by_label("Секретный ключ города").fill(KEY)
    form.get_by_role("button", name="Зарегистрировать").click()
    expect(form.locator("output")).to_have_attribute("data-step", "confirmed", timeout=SOON)
    expect(page.locator("#newcomers tr").first).to_contain_text(newcomer(site, 1)[-4:], timeout=SOON)

    found = read(site, "CityRegistry", "nullifierOf", town.number, newcomer(site, 1))
    assert found == nullifier(document)
    # And a list: no document in the third line, and in the fourth the same person written otherwise.
    list_form = "form[data-documents]"
    page.locator(list_form).get_by_label("Секретный ключ города").fill(KEY)
    documents = ["AB 1001 770001", "", "92-14-765-432", "ав-1004 770004"]
    lines = [f"{newcomer(site, 2 + n)};{document}" for n, document in enumerate(documents)]
    choose(page, list_form, "wallet;document", *lines)
    rows = page.locator("#preview-register-list tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("здесь нет ни документа, ни нуллификатора")
    choose(page, list_form, "wallet;document", lines[0], *lines[2:])
    expect(rows).to_contain_text("этот человек уже зарегистрирован")
    expect(rows).to_contain_text("Строка 3")
    choose(page, list_form, "wallet;passport", lines[0])
    expect(page.locator(list_form).locator("output")).to_contain_text("Ничего не отправлено")
    choose(page, list_form, "wallet;document", lines[0], lines[3])
    expect(page.locator("#preview-register-list")).to_contain_text("Все строки в порядке")
    heard += page.evaluate("window.heard")
    page.get_by_role("link", name="Перейти к отправке").click()
    page.get_by_role("button", name="Отправить").click()
    expect(page.locator("form[data-send] output")).to_have_attribute("data-step", "confirmed", timeout=SOON)
    assert read(site, "CityRegistry", "walletOf", town.number, nullifier("ab1004770004")) == newcomer(site, 5)

    said = "\n".join(heard).lower()
    assert said.count("wallet,nullifier") == 3, "the lists themselves were not heard"
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])").lower()
    for secret in (KEY, document, *filter(None, documents)):
        plain = re.sub(r"[\W_]", "", secret)
        for form_of in (secret, plain, quote(secret), quote_plus(secret), json.dumps(secret)[1:-1]):
            assert form_of.lower() not in said, form_of
            assert form_of.lower() not in kept, form_of
    quiet(seen)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ru", ("Кошелёк горожанина", "по-русски", "Начислить", "Осталось от вашего бюджета")),
        ("en", ("Wallet of the citizen", "in English", "Award the act", "Left of your budget")),
    ],
)
def test_verifier_awards_an_act_and_sees_it_confirmed_without_a_reload(
    visit: Visit, site: Site, town: Town, language: str, words: tuple[str, ...]
) -> None:
    wallet, evidence, award, left = words
    seen = visit(Wallet(site, town.verifier))
    page = seen.open(f"/{language}/cities/{town.number}/desk/award")
    page.evaluate("window.loadedOnce = true")
    figure = page.locator("#figures > div").filter(has=page.get_by_text(left, exact=True)).locator("dd")
    before = int(re.sub(r"\D", "", figure.inner_text()))
    form = page.locator("form[data-action=award]")
    form.locator("[name=kind_id]").select_option("6")
    form.get_by_label(wallet).fill(newcomer(site, 1))
    form.get_by_label(evidence).fill(f"An hour at the library, told in {language}")
    form.get_by_role("button", name=award, exact=True).click()
    expect(form.locator("output")).to_have_attribute("data-step", "confirmed", timeout=SOON)
    after = re.compile("^" + r"\D?".join(str(before - 6)) + "$")
    expect(figure).to_have_text(after, timeout=SOON)
    assert page.evaluate("window.loadedOnce") is True
    overview = seen.open(f"/{language}/cities/{town.number}/desk")
    assert overview.locator("#batch-rows tr").first.inner_text()
    quiet(seen)


def test_list_is_mended_sent_refused_in_the_middle_taken_up_again_and_leaves_a_receipt(
    visit: Visit, site: Site, town: Town
) -> None:
    wallet = Hesitant(site, town.verifier)
    seen = visit(wallet)
    page = seen.open(f"/ru/cities/{town.number}/desk/award")
    form = "section[aria-labelledby=many] form[data-list]"
    head = "citizen,kind,times,evidence"
    good = [f"{newcomer(site, n)},7,1,Раздельный сбор во дворе {n}" for n in (1, 2, 5)]
    choose(page, form, head, *good, "0x12,7,0,", f"{newcomer(site, 1)},7,1")
    rows = page.locator("#preview-award-list tbody tr")
    expect(rows).to_have_count(4)
    assert [row.split()[:3] for row in rows.all_inner_texts()] == [
        ["Строка", "5", "citizen"], ["Строка", "5", "times"], ["Строка", "5", "evidence"],
        ["Строка", "6", "evidence"],
    ]  # fmt: skip
    assert violations(page) == []
    assert page.get_by_role("link", name="Перейти к отправке").count() == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать ошибки").click()
    assert "адрес — это 0x" in download.value.path().read_text()

    choose(page, form, head, *good)
    sums = page.locator("#preview-award-list .facts")
    expect(sums).to_contain_text("Транзакции")
    assert dict(zip(*[iter(sums.locator("dt, dd").all_inner_texts())] * 2, strict=True)).items() >= {
        ("Строк", "3"), ("Горожане", "3"), ("Транзакции", "3"),
    }  # fmt: skip
    page.get_by_role("link", name="Перейти к отправке").click()
    expect(page.get_by_role("button", name="Отправить")).to_be_visible()
    assert violations(page) == []
    output = page.locator("form[data-send] output")
    page.get_by_role("button", name="Отправить").click()
    expect(page.locator("[id^=progress-]")).to_contain_text("1 из 3", timeout=SOON)
    expect(output).to_have_attribute("data-step", "refused", timeout=SOON)
    expect(output).to_contain_text("Остановились на 2 из 3")
    assert len(wallet.sent) == 1

    page.get_by_role("link", name="Квитанция об уже отправленном").click()
    expect(page.locator("#receipt")).to_contain_text("транзакций 1 из 3")
    page.get_by_role("link", name="Продолжить отправку").click()
    page.get_by_role("button", name="Продолжить отправку").click()
    expect(page.locator("[id^=progress-]")).to_contain_text("Всё записано в реестре", timeout=2 * SOON)
    assert len(wallet.sent) == 3

    page.locator("[id^=progress-]").get_by_role("link", name="Квитанция").click()
    expect(page.locator("h1")).to_contain_text("Квитанция №")
    text = page.locator("main").inner_text()
    assert all(newcomer(site, n)[-4:] in text for n in (1, 2, 5))
    with page.expect_download() as download:
        page.get_by_role("link", name="Скачать квитанцию").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0] == "line,citizen,merits,tx_hash,block_number"
    assert [line.split(",")[:3] for line in lines[1:]] == [
        [str(line), newcomer(site, n), "2"] for line, n in ((2, 1), (3, 2), (4, 5))
    ]
    assert {line.split(",")[3] for line in lines[1:]} == set(wallet.sent)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
    quiet(seen)


def test_epoch_is_opened_of_a_list(visit: Visit, site: Site, town: Town) -> None:
    seen = visit(Wallet(site, town.verifier))
    page = seen.open(f"/en/cities/{town.number}/desk/award")
    block = site.get("/status")["head_time"]
    day = (datetime.fromtimestamp(block, UTC) - timedelta(days=1)).date().isoformat()
    form = "section[aria-labelledby=epoch] form[data-list]"
    for label in ("First day (UTC)", "Last day (UTC)"):
        page.locator(form).get_by_label(label).fill(day)
    rows = [f"{newcomer(site, n)},7,2,Sorted for a day" for n in (1, 2)]
    choose(page, form, "citizen,kind,times,evidence", *rows)
    expect(page.locator("#preview-award-epoch")).to_contain_text("All lines are in order")
    page.get_by_role("link", name="Go to sending").click()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("form[data-send] output")).to_contain_text("All of it stands", timeout=SOON)
    claimable = site.get(f"/citizens/{newcomer(site, 2)}")["claimable"]
    assert [leaf["points"] for leaf in claimable] == [4]
    quiet(seen)


def test_steward_gives_somebody_a_role_by_keyboard_alone(visit: Visit, site: Site, town: Town) -> None:
    seen = visit(Wallet(site, town.steward))
    page = seen.open(f"/en/cities/{town.number}/desk/rules")
    page.locator("form[data-roles] [name=account]").focus()
    page.keyboard.type(newcomer(site, 9))
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")  # partner
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    output = page.locator("form[data-roles] output")
    expect(output).to_have_attribute("data-step", "confirmed", timeout=SOON)
    role = page.locator("#role-list tr").filter(has_text=newcomer(site, 9))
    expect(role).to_contain_text("partner", timeout=SOON)
    assert read(site, "CityRegistry", "rolesOf", town.number, newcomer(site, 9)) == 8
    quiet(seen)


def test_stranger_is_refused_by_page_and_by_contract(visit: Visit, site: Site, town: Town) -> None:
    nobody = visit().open(f"/ru/cities/{town.number}/desk/award")
    expect(nobody.locator("main")).to_contain_text("Войдите с кошельком")
    assert nobody.locator("main form").count() == 0
    wallet = Wallet(site, town.verifier)
    seen = visit(wallet)
    page = seen.open(f"/en/cities/{town.number + 1}/desk")
    expect(page.locator("main")).to_contain_text("no role in this city")
    expect(page.locator("main")).to_contain_text("verifier")
    assert page.locator("main form").count() == 0
    page = seen.open(f"/en/cities/{town.number}/desk/register")
    form = page.locator("form[data-action=register_citizen]").last
    form.locator("xpath=..").locator("summary").click()
    form.get_by_label("Wallet of the citizen").fill(newcomer(site, 7))
    form.get_by_label("Nullifier").fill("0x" + "7" * 64)
    form.locator("[name=city_id]").evaluate("(field, city) => (field.value = city)", str(town.number + 1))
    form.get_by_role("button", name="Register").click()
    expect(form.locator("output")).to_have_attribute("data-step", "failed")
    expect(form.locator("output")).to_contain_text("verifiers of city")
    assert wallet.sent == []
