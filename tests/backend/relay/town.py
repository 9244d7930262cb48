"""A town whose citizens redeem through the relay: real chain, real database, the backend itself."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Self

import httpx
import psycopg
from eth_account import Account
from eth_utils import keccak

from backend import db
from backend.migrations import upgrade
from backend.relay.worker import Worker
from backend.settings import Settings
from tests.backend.anvil import Anvil
from tests.backend.network import Network
from tests.backend.server import serving

CITIZENS = 64
"""The tests take one or a few each, so that none stands in the way of another."""


class Killed(BaseException):
    """A worker ends here, whatever it was doing."""


class Town:
    """City 1 with citizens who hold merits, and offer 1 that takes 10 of them."""

    def __init__(self, network: Network, database: str, settings: Settings, client: httpx.Client):
        self.network, self.database, self.settings, self.client = network, database, settings, client
        self.chain = network.chain
        self.citizens = [f"citizen 1.{n}" for n in range(CITIZENS)]
        self._seals = itertools.count(1)

    @classmethod
    @contextmanager
    def opened(cls, chain: Anvil, database: str, folder: Path, **settings: Any) -> Iterator[Self]:
        network = Network(chain)
        citizens = network.settle(network.open_city("geonames:1"), citizens=CITIZENS)
        for _ in range(10):
            network.award(1, citizens)
        network.publish(1, price=10, stock=1000)
        with cls.over(network, database, folder, **settings) as town:
            yield town

    @classmethod
    @contextmanager
    def over(cls, network: Network, database: str, folder: Path, **settings: Any) -> Iterator[Self]:
        """The backend serves a network as it is."""
        network.index(database)
        upgrade(database)
        network.deployment.write(folder / "deployment.json")
        configured = Settings(
            rpc_url=network.chain.url,
            database_url=database,
            deployment=folder / "deployment.json",
            data_dir=folder,
            **({"poll_seconds": 0.05, "relay_patience": 60} | settings),
        )
        with serving(configured) as client:
            yield cls(network, database, configured, client)

    def key(self, who: str) -> bytes:
        return keccak(text=who)

    def prepare(self, who: str, name: str = "redeem", /, **fields: Any) -> httpx.Response:
        body = {"account": self.network.wallet(who), "fields": fields or self.fields()}
        return self.client.post(f"/v1/actions/{name}/prepare", json=body)

    def fields(self, offer: int = 1) -> dict[str, Any]:
        """A redemption with a seal of its own."""
        seal = keccak(text=f"seal {next(self._seals)}").hex()
        return {"offer_id": offer, "city_id": 1, "seal": f"0x{seal}"}

    def signed(self, who: str, **fields: Any) -> dict[str, Any]:
        """What the wallet of `who` gives back: the message and its signature."""
        answer = self.prepare(who, **fields)
        assert answer.status_code == 200, answer.text
        data = answer.json()["data"]["typed_data"]
        signature = Account.sign_typed_data(self.key(who), full_message=data).signature
        return {"message": data["message"], "signature": "0x" + bytes(signature).hex()}

    def submit(self, body: dict[str, Any], name: str = "redeem") -> httpx.Response:
        return self.client.post(f"/v1/actions/{name}", json=body)

    def redeem(self, who: str, **fields: Any) -> str:
        """Queues a redemption; the action's id."""
        answer = self.submit(self.signed(who, **fields))
        assert answer.status_code == 202, answer.text
        return answer.json()["data"]["id"]

    def action(self, id: str) -> dict[str, Any]:
        return self.client.get(f"/v1/actions/{id}").json()["data"]

    # ---------------------------------------------------------------- the relay

    def relayer(self, name: str, money: int = 10**20) -> str:
        """Key of an account that the relay sends from, with so many wei."""
        key = "0x" + keccak(text=f"relayer {name}").hex()
        self.chain.call("anvil_setBalance", Account.from_key(key).address, hex(money))
        return key

    def index(self) -> None:
        self.network.index(self.database)

    @asynccontextmanager
    async def worker(self, key: str, **settings: Any) -> AsyncIterator[Worker]:
        """A worker that has just started."""
        async with db.engine(self.database, size=2) as engine:
            configured = self.settings.model_copy(update=settings)
            yield Worker(engine, self.database, Account.from_key(key), configured)

    def turn(self, key: str, **settings: Any) -> None:
        """One look of a worker that has just started."""

        async def once() -> None:
            async with self.worker(key, **settings) as worker:
                await worker.turn()

        asyncio.run(once())

    def settle(self, key: str, turns: int = 2) -> None:
        """The relay and the indexer work, one after the other, until all is said."""
        for _ in range(turns):
            self.turn(key)
            self.index()
        self.turn(key)

    def vouchers(self, who: str, offer: int = 1) -> int:
        """How many vouchers of an offer the chain knows of."""
        return self.network.read("RewardMarket", "redemptionsOf", offer, self.network.wallet(who))

    def attempts(self, id: str) -> list[tuple[int, int, bytes]]:
        """Nonce, fee and hash of each transaction that the relay signed for an action, the oldest first."""
        with psycopg.connect(self.database) as connection:
            return connection.execute(
                "SELECT nonce, max_fee::bigint, tx_hash FROM app.attempt WHERE action = %s ORDER BY max_fee",
                (id,),
            ).fetchall()
