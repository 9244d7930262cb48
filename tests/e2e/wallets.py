"""A wallet in the browser that really signs: announced by EIP-6963, asked by EIP-1193.

The keys are those of the demo's people and stay in Python: what the page asks comes here and is signed with
eth_account, and transactions go to the demo's chain. With the fixtures `visit` and `town` of conftest.py:

    def test_citizen_does_something(visit, town):
        wallet = Wallet(visit.site, town.citizen(3))
        seen = visit(wallet)              # a new browser, signed in as the wallet's account
        page = seen.open("/ru/wallet")

`visit(wallet, signed_in=False)` comes as a stranger, who signs in by `sign_in_by_dialog(page, wallet)`;
`visit(context=page.context)` is a second tab. `seen.complaints` and `seen.foreign` are what the console said
and what other hosts were asked: both must stay empty.

People, by name: `town.citizen(n)`, `town.business`, `town.verifier`, `town.steward`, `town.moderator`. All
can sign; all but most citizens have ether for transactions. Tests share one demo: each takes citizens that
no other takes.

A wallet is told how to behave at any time, the next question sees it:

    wallet.refuses = {"personal_sign"}     # the person says no; `EVERYTHING` is all that one is asked for
    wallet.chain = 1                       # is on another chain
    wallet.known = {1}                     # and does not know the page's
    wallet.cannot = {"wallet_switchEthereumChain"}   # lacks a method
    wallet.error = (-32002, "pending")     # answers whatever asks the person with this error
    wallet.holds = True                    # the person takes their time, until `wallet.release(page)`
    wallet.wait_until_held(page)           # a request has arrived that waits for them
    wallet.change(page, town.citizen(2))   # the person chooses another account in the wallet
    wallet.disconnect(page)                # the site may not see it any more
    wallet.asked                           # every method asked so far, in order
"""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data
from playwright.sync_api import BrowserContext, Page, expect

from backend.chain.deployment import DEVELOPMENT_CHAIN
from backend.chain.rpc import Refused, Rpc
from backend.demo.signing import key_of
from scripts import running
from scripts.running import Site

EVERYTHING = {
    "eth_requestAccounts",
    "personal_sign",
    "eth_signTypedData_v4",
    "eth_sendTransaction",
    "wallet_switchEthereumChain",
    "wallet_addEthereumChain",
}
"""What a wallet asks its owner for."""

PROVIDER = """
({ info, binding, remembered }) => {
  const ears = {};
  const tell = (type, value) => (ears[type] ?? []).forEach((ear) => ear(value));
  const provider = {
    on: (type, ear) => (ears[type] ??= []).push(ear),
    removeListener: (type, ear) => (ears[type] = (ears[type] ?? []).filter((other) => other !== ear)),
    async request({ method, params = [] }) {
      let answer = await window[binding](method, params);
      while (answer.held) {
        await new Promise((done) => provider.on("released", done));
        answer = await window[binding](method, params);
      }
      for (const [type, value] of answer.events) tell(type, value);
      if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error);
      return answer.result;
    },
  };
  (window.testWallets ??= {})[info.rdns] = tell;
  if (remembered) localStorage.setItem("wallet", info.rdns);
  const detail = Object.freeze({ info: Object.freeze(info), provider });
  const announce = () => dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
  addEventListener("eip6963:requestProvider", announce);
  announce();
}
"""


class No(Exception):
    """What the wallet answers with an error."""

    def __init__(self, code: int, message: str):
        super().__init__(message)
        self.code = code


@dataclass
class Wallet:
    """A wallet of a person of the demo (`person`: their name there), on the demo's chain."""

    site: Site
    person: str
    name: str = "Test wallet"
    colour: str = "#00635a"
    allowed: bool = False
    chain: int = DEVELOPMENT_CHAIN
    known: set[int] = field(default_factory=lambda: {1, DEVELOPMENT_CHAIN})
    refuses: set[str] = field(default_factory=set)
    cannot: set[str] = field(default_factory=set)
    error: tuple[int, str] | None = None
    holds: bool = False
    held: int = 0
    asked: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)

    @property
    def account(self) -> Any:
        """The account that it is at, as eth_account has it."""
        return Account.from_key(key_of(self.person).to_bytes())

    @property
    def address(self) -> str:
        return self.account.address

    @property
    def short(self) -> str:
        """As pages write the address."""
        return f"{self.address[:6]}…{self.address[-4:]}"

    @property
    def rdns(self) -> str:
        return f"test.{self.name.lower().replace(' ', '-')}"

    @property
    def icon(self) -> str:
        square = f"<rect width='8' height='8' fill='{self.colour}'/>"
        return "data:image/svg+xml," + quote(f"<svg xmlns='http://www.w3.org/2000/svg'>{square}</svg>")

    # ------------------------------------------------------------ in the page

    def put_into(self, context: BrowserContext, remembered: bool = False) -> None:
        """Injects it into all pages of a browser; `remembered`: the site chose it before."""
        binding = f"wallet_{self.rdns.replace('.', '_').replace('-', '_')}"
        context.expose_binding(binding, lambda _, method, params: self.answer(method, params))
        info = {"uuid": self.rdns, "name": self.name, "icon": self.icon, "rdns": self.rdns}
        given = json.dumps({"info": info, "binding": binding, "remembered": remembered})
        context.add_init_script(f"({PROVIDER})({given})")

    def change(self, page: Page, person: str) -> None:
        """The person chooses another account in the wallet."""
        self.person = person
        self.tell(page, "accountsChanged", [self.address.lower()])

    def disconnect(self, page: Page) -> None:
        self.allowed = False
        self.tell(page, "accountsChanged", [])
        self.tell(page, "disconnect", {"code": 4900, "message": "disconnected"})

    def wait_until_held(self, page: Page, count: int = 1) -> None:
        """Waits until so many requests wait for the person."""
        while self.held < count:
            page.wait_for_timeout(20)

    def release(self, page: Page) -> None:
        """The person answers at last what `holds` kept waiting."""
        self.holds = False
        self.tell(page, "released", None)

    def tell(self, page: Page, event: str, value: Any) -> None:
        page.evaluate(
            "([rdns, type, value]) => window.testWallets[rdns](type, value)", [self.rdns, event, value]
        )

    # ------------------------------------------------------------ asked

    def answer(self, method: str, params: list[Any]) -> dict[str, Any]:
        """What a request comes to: `result` or `error`, and `events` that follow from it."""
        if self.holds and method in EVERYTHING:
            self.held += 1
            return {"held": True}
        self.asked.append(method)
        events: list[tuple[str, Any]] = []
        try:
            return {"result": self._do(method, params, events), "events": events}
        except No as error:
            return {"error": {"code": error.code, "message": str(error)}, "events": events}

    def _do(self, method: str, params: list[Any], events: list[tuple[str, Any]]) -> Any:
        if method in EVERYTHING and self.error:
            raise No(*self.error)
        if method in self.cannot:
            raise No(4200, f"{method} is not supported.")
        if method in self.refuses:
            raise No(4001, "User rejected the request.")
        match method:
            case "eth_chainId":
                return hex(self.chain)
            case "eth_accounts":
                return [self.address.lower()] if self.allowed else []
            case "eth_requestAccounts":
                self.allowed = True
                return [self.address.lower()]
            case "wallet_switchEthereumChain":
                return self._switch(int(params[0]["chainId"], 16), events)
            case "wallet_addEthereumChain":
                wanted = params[0]
                assert wanted["rpcUrls"] == [self.site.rpc_url], wanted
                assert wanted["chainName"] == "CityNet demo", wanted
                self.known.add(int(wanted["chainId"], 16))
                return self._switch(int(wanted["chainId"], 16), events)
        if not self.allowed:
            raise No(4100, "The requested account has not been authorized by the user.")
        match method:
            case "personal_sign":
                text, account = params
                self._mine(account)
                return self._signature(encode_defunct(hexstr=text))
            case "eth_signTypedData_v4":
                account, data = params[0], json.loads(params[1])
                self._mine(account)
                if int(data["domain"]["chainId"]) != self.chain:
                    raise No(-32603, "The data is of another chain than the active one.")
                return self._signature(encode_typed_data(full_message=data))
            case "eth_sendTransaction":
                return self._send(params[0])
        raise No(4200, f"{method} is not supported.")

    def _switch(self, chain: int, events: list[tuple[str, Any]]) -> None:
        if chain not in self.known:
            raise No(4902, "Unrecognized chain ID.")
        self.chain = chain
        events.append(("chainChanged", hex(chain)))

    def _mine(self, account: str) -> None:
        if account.lower() != self.address.lower():
            raise No(4100, "This account is not the active one.")

    def sign_text(self, text: str) -> str:
        return self._signature(encode_defunct(text=text))

    def _signature(self, message: Any) -> str:
        return "0x" + self.account.sign_message(message).signature.hex().removeprefix("0x")

    def _send(self, call: dict[str, Any]) -> str:
        self._mine(call["from"])
        if int(call["chainId"], 16) != self.chain:
            raise No(-32603, "The transaction is of another chain than the active one.")
        rpc = Rpc(self.site.rpc_url, attempts=1)
        try:
            there = {"from": self.address, "to": call["to"], "data": call["data"]}
            gas = int(rpc.call("eth_estimateGas", there), 16)
            price = int(rpc.call("eth_gasPrice"), 16)
            signed = self.account.sign_transaction(
                {
                    "to": call["to"],
                    "data": call["data"],
                    "value": 0,
                    "nonce": int(rpc.call("eth_getTransactionCount", self.address, "pending"), 16),
                    "gas": gas * 12 // 10,
                    "maxFeePerGas": 2 * price,
                    "maxPriorityFeePerGas": 0,
                    "chainId": self.chain,
                    "type": 2,
                }
            )
            self.sent.append(
                rpc.call("eth_sendRawTransaction", "0x" + signed.raw_transaction.hex().removeprefix("0x"))
            )
        except Refused as error:
            raise No(-32603, str(error)) from error
        finally:
            rpc.close()
        return self.sent[-1]


def sign_in(context: BrowserContext, wallet: Wallet) -> None:
    """Signs in as the wallet's account without a page: the browser gets the session's cookie."""
    enter(context, wallet.site.url, running.sign_in(wallet.site.url, wallet.address, wallet.sign_text))
    wallet.allowed = True


def enter(context: BrowserContext, url: str, session: str) -> None:
    """Gives a browser the cookie of a session."""
    context.add_cookies([{"name": "session", "value": session, "url": url, "httpOnly": True}])


def sign_in_by_dialog(page: Page, wallet: Wallet) -> None:
    """Signs in as a person does: the button, the dialog, the wallet. Then the page is loaded again."""
    page.locator("#account [data-sign-in]").click()
    with page.expect_navigation(wait_until="load"):
        page.locator("#sign-in").get_by_role("button", name=wallet.name).click()
    expect(page.locator("#account summary")).to_contain_text(wallet.short)
