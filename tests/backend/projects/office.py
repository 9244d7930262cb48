"""Acting on projects as people do: prepared over HTTP, sent by a wallet or relayed, followed until the ledger
confirms it. Indexer and relay run beside, as they do where it is in use.
"""

import asyncio
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

import httpx
from eth_account import Account
from psycopg.rows import dict_row

from backend import db
from backend.chain.contract import Call
from backend.chain.sync import Indexer
from backend.content import documents
from tests.backend.anvil import Anvil
from tests.backend.auth.people import Site
from tests.backend.network import Network
from tests.backend.projects.venture import Venture
from tests.backend.relay.town import Town

RUSSIAN = re.compile("[А-я]")
"""Tells words, which the ledger keeps, from the other fields of a form."""

Fact = dict[str, Any]


class Office(Town):
    """A venture served. `refused` and `act` speak of people by name, as `Network` does."""

    venture: Venture

    @classmethod
    @contextmanager
    def of(cls, chain: Anvil, database: str, folder: Path) -> Iterator[Self]:
        venture = Venture(Network(chain))
        with cls.over(venture.network, database, folder, relay_origin_limit=100_000) as office:
            office.venture = venture
            with office._indexing(), office._relaying():
                yield office

    def __init__(self, *arguments: Any):
        super().__init__(*arguments)
        self._browsers: dict[str, httpx.Client] = {}

    def address(self, who: str) -> bytes:
        return bytes.fromhex(self.network.wallet(who)[2:])

    # ------------------------------------------------------------------ acts

    def act(self, who: str, action: str, /, **fields: Any) -> str:
        """Somebody acts, and the ledger has confirmed it; the hash of the last transaction. A permit that is
        asked for is signed.

        What was said in Russian is kept, under a hash that the transaction names.
        """
        prepared = self._prepared(who, action, fields)
        if prepared["kind"] == "permit":
            fields = prepared["fields"] | {"permit": self._signature(who, prepared["typed_data"])}
            prepared = self._prepared(who, action, fields)
        if prepared["kind"] == "sent":
            for part, call in enumerate(prepared["calls"]):
                to_send = Call(call["to"], bytes.fromhex(call["data"][2:]))
                tx_hash = self.network.sender.send(to_send, self.network.wallet(who)).tx_hash
                body = {"fields": fields, "part": part, "tx_hash": tx_hash}
                answer = self._browser(who).post(f"/v1/actions/{action}/sent", json=body)
        else:
            body = {"message": prepared["message"]}
            if data := prepared["typed_data"]:
                body["signature"] = self._signature(who, data)
            answer = self._browser(who).post(f"/v1/actions/{action}", json=body)
        assert answer.status_code == 202, answer.text
        return self._confirmed(answer.json()["data"]["id"], set(_words(fields)))

    def refused(self, who: str, action: str, /, **fields: Any) -> str:
        """Why the contracts refuse an action, by the name of their error; it is said in both languages."""
        answer = self.prepare(who, action, **fields)
        assert answer.status_code == 409, answer.text
        reason = answer.json()["reason"]
        assert RUSSIAN.search(reason["text"]["ru"])
        assert not RUSSIAN.search(reason["text"]["en"])
        return reason["name"]

    def _signature(self, who: str, data: dict[str, Any]) -> str:
        return "0x" + bytes(Account.sign_typed_data(self.key(who), full_message=data).signature).hex()

    def _prepared(self, who: str, action: str, fields: dict[str, Any]) -> dict[str, Any]:
        answer = self.prepare(who, action, **fields)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def _confirmed(self, id: str, said: set[str]) -> str:
        until = time.monotonic() + 30
        while (state := self.action(id))["state"] in ("queued", "sent", "included"):
            assert time.monotonic() < until, state
            time.sleep(0.01)
        assert state["state"] == "confirmed", state
        kept = self._kept(state["tx_hash"])
        assert said <= kept, said - kept
        return state["tx_hash"]

    def _browser(self, who: str) -> httpx.Client:
        """A browser in which somebody is signed in."""
        if who not in self._browsers:
            site = Site(self.client, self.database, self.chain)
            browser = self._browsers[who] = site.browser()
            session = site.sign_in(browser, Account.from_key(self.key(who))).json()
            browser.headers["X-CSRF-Token"] = session["csrf"]
        return self._browsers[who]

    # ---------------------------------------------------------------- ledger

    def facts(self, table: str, tx_hash: str) -> list[Fact]:
        """What a transaction wrote of a kind."""
        with db.connect(self.database) as conn, conn.cursor(row_factory=dict_row) as cursor:
            statement = f"SELECT * FROM {table} WHERE tx_hash = %s ORDER BY log_index"
            return cursor.execute(statement, (bytes.fromhex(tx_hash[2:]),)).fetchall()

    def fact(self, table: str, tx_hash: str) -> Fact:
        (fact,) = self.facts(table, tx_hash)
        return fact

    def _kept(self, tx_hash: str) -> set[str]:
        """All that is said in the documents that a transaction's logs name."""
        logs = self.chain.call("eth_getTransactionReceipt", tx_hash)["logs"]
        data = b"".join(bytes.fromhex("".join(t[2:] for t in (*log["topics"], log["data"]))) for log in logs)
        hashes = [data[at : at + 32] for at in range(0, len(data), 32)]
        with db.connect(self.database) as conn:
            found = conn.execute("SELECT body FROM content WHERE hash = ANY(%s)", (hashes,)).fetchall()
        return {word for (body,) in found for word in _words(documents.read(body).model_dump())}

    # ---------------------------------------------------------- what runs beside

    @contextmanager
    def _indexing(self) -> Iterator[None]:
        stop = threading.Event()
        indexer = Indexer(self.chain.url, self.network.definition(), self.database, poll_seconds=0.02)
        thread = threading.Thread(target=indexer.run, kwargs={"stop": stop})
        with _running(thread, stop.set):
            yield

    @contextmanager
    def _relaying(self) -> Iterator[None]:
        stop, loop = asyncio.Event(), asyncio.new_event_loop()

        async def work() -> None:
            async with self.worker(self.relayer("projects")) as worker:
                await worker.run(stop)

        thread = threading.Thread(target=loop.run_until_complete, args=(work(),))
        with closing(loop), _running(thread, lambda: loop.call_soon_threadsafe(stop.set)):
            yield


@contextmanager
def _running(thread: threading.Thread, end: Callable[[], object]) -> Iterator[None]:
    thread.start()
    try:
        yield
    finally:
        end()
        thread.join(15)


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str) and RUSSIAN.search(value):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _words(part)
