"""People with keys, and what their wallets do to sign in."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_account.signers.local import LocalAccount
from eth_utils import keccak

from backend import db
from tests.backend.anvil import Anvil

CHAIN = 31337
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Of the site, which is served without TLS: to read the world's certificates for each browser takes long."""


def person(name: str) -> LocalAccount:
    return Account.from_key(keccak(text=f"test {name}"))


def sign(who: LocalAccount, text: str) -> str:
    return "0x" + who.sign_message(encode_defunct(text=text)).signature.hex()


@dataclass
class Site:
    """A served site, its database and its chain."""

    client: httpx.Client
    database: str
    chain: Anvil

    @property
    def origin(self) -> str:
        return str(self.client.base_url).rstrip("/")

    def browser(self, **headers: str) -> httpx.Client:
        """A client with cookies of its own."""
        return httpx.Client(base_url=self.origin, headers=headers, timeout=30, verify=PLAIN)

    def nonce(self) -> str:
        return self.client.post("/v1/auth/nonce").json()["nonce"]

    def message(self, account: str, nonce: str | None = None, **changed: Any) -> str:
        """The text of a sign-in message for this site, some of it `changed`; further lines as `after`."""
        host = self.origin.split("://")[1]
        parts = {
            "domain": host,
            "statement": "Sign in to CityNet.",
            "uri": f"{self.origin}/en/",
            "version": 1,
            "chain": CHAIN,
            "issued": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "after": "",
        } | changed
        return (
            f"{parts['domain']} wants you to sign in with your Ethereum account:\n{account}\n\n"
            f"{parts['statement']}\n\nURI: {parts['uri']}\nVersion: {parts['version']}\n"
            f"Chain ID: {parts['chain']}\nNonce: {nonce or self.nonce()}\n"
            f"Issued At: {parts['issued']}{parts['after']}"
        )

    def sign_in(
        self, browser: httpx.Client, who: LocalAccount, account: str = "", **changed: Any
    ) -> httpx.Response:
        """Signs in as `account`, which is `who`'s own unless told."""
        text = self.message(account or who.address, **changed)
        return browser.post("/v1/auth/session", json={"message": text, "signature": sign(who, text)})

    def rows(self, table: str) -> int:
        with db.connect(self.database) as conn:
            return conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # type: ignore[index]

    def run(self, statement: str) -> None:
        with db.connect(self.database) as conn:
            conn.execute(statement)
