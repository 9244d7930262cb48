"""The chain engine with the facts of projects, campaigns, rounds and funds: it knows none of them by name.

The chain is the demo's: campaigns of all forms in all phases, a settled round and one that runs, funds from
their launch to their end.
"""

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from eth_account import Account

from backend import db
from backend.audit import audit
from backend.chain import sync
from backend.chain.contract import Contract
from backend.chain.definition import Definition
from backend.chain.deployment import Deployment, artifact
from backend.chain.send import Sender
from backend.chain.sync import Indexer
from backend.chain.windows import Pace
from backend.demo import ledger
from backend.demo.folder import Folder
from backend.demo.node import Node, free_port
from backend.demo.office import TERMS, fund_at
from backend.demo.purse import campaign_at
from backend.demo.signing import key_of
from backend.domains import domains
from backend.settings import settings
from tests.backend.chain import world

DEPTH = 30
"""Blocks that a reorganisation takes away: reports, objections, pledges and votes are among them."""
KILLS = 6
fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Lived:
    """The demo's chain, and what is to be indexed of it."""

    node: Node
    definition: Definition
    deployment: Path

    @property
    def head(self) -> int:
        return int(self.node.rpc.call("eth_blockNumber"), 16)

    def index(self, database: str) -> int:
        """Brings a database to the head; how many blocks had to go."""
        removed: list[int] = []
        indexer = Indexer(self.node.url, self.definition, database, poll_seconds=0.02)
        indexer.run(until=self.head, progress=lambda progress: removed.append(progress.removed))
        return sum(removed)

    def dump(self, database: str) -> dict[str, str]:
        return world.dump(database, self.definition)


@pytest.fixture(scope="module")
def lived(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    folder = Folder(tmp_path_factory.mktemp("demo"))
    node, begins = Node(folder.path), ledger.origin()
    node.start(free_port(), begins)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CITYNET_DATABASE_URL", database)
        settings.cache_clear()
        try:
            ledger.make(folder, node.rpc, begins, small=True)
            definition = Definition.of(Deployment.read(folder.deployment), domains())
            yield Lived(node, definition, folder.deployment)
        finally:
            node.stop()
            settings.cache_clear()


def test_the_audit_finds_no_difference_in_campaigns_and_funds(lived: Lived, database: str) -> None:
    lived.index(database)
    configured = settings().model_copy(
        update={"rpc_url": lived.node.url, "database_url": database, "deployment": lived.deployment}
    )
    assert audit(configured) == []
    with db.connect(database) as connection:
        forms = connection.execute("SELECT DISTINCT form FROM campaign_created ORDER BY form").fetchall()
        funds = connection.execute("SELECT count(*), count(closed_at) FROM fund").fetchone()
    assert forms == [(0,), (1,), (2,), (3,)]
    assert funds == (6, 5)


def test_killed_at_any_moment_the_tables_are_those_of_an_undisturbed_run(
    lived: Lived, database: str, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync, "EVENTS_PER_TRANSACTION", 100)
    killed, undisturbed = new_database(), database
    random_ = random.Random(8)
    indexer = Indexer(lived.node.url, lived.definition, killed, pace=Pace(start=10, aim_events=40))
    interrupted = 0
    for _ in range(KILLS):
        told, tell = fork.Pipe(duplex=False)
        process = fork.Process(
            target=indexer.run, kwargs={"until": lived.head, "progress": lambda p, t=tell: t.send(p.number)}
        )
        process.start()
        # Somewhere between two of its steps, however fast the machine is.
        for _ in range(random_.randrange(1, 4)):
            while process.is_alive() and not told.poll(0.02):
                pass
            if told.poll():
                told.recv()
        time.sleep(random_.uniform(0, 0.02))
        interrupted += process.is_alive()
        process.kill()
        process.join()
    assert interrupted, "the kills came too late to prove anything"
    lived.index(killed)
    lived.index(undisturbed)
    assert lived.dump(killed) == lived.dump(undisturbed)


def test_a_contract_that_only_looks_like_a_campaign_is_no_fact(lived: Lived, database: str) -> None:
    rpc = lived.node.rpc
    stranger = Account.from_key(key_of("stranger with a factory").to_bytes())
    rpc.call("anvil_setBalance", stranger.address, hex(10**20))
    sender = Sender(rpc, [stranger])
    code = artifact("DonationCampaign")
    made = sender.send(
        Contract("DonationCampaign", None, code["abi"]).deploy(code["bytecode"], *[stranger.address] * 4)
    )
    now = int(rpc.call("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
    days = (86_400, 86_400)
    terms = (
        stranger.address, now, now + 86_400, 0, 1, 1, 5_000, *days, [10_000], b"\1" * 32, [], (0,) * 5, 0,
    )  # fmt: skip
    fake = Contract("DonationCampaign", made.contract, code["abi"])
    receipt = sender.send(fake.call("initialize", 1, 1, 0, stranger.address, 0, terms))
    assert receipt.logs, "it says that its terms are set, as a campaign does"
    lived.index(database)
    with db.connect(database) as connection:
        address = bytes.fromhex(str(made.contract)[2:])
        found = connection.execute("SELECT count(*) FROM terms_set WHERE contract = %s", [address])
        assert found.fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM terms_set").fetchone() == (14,)


def test_a_contract_that_only_looks_like_a_fund_is_no_fact(lived: Lived, database: str) -> None:
    rpc = lived.node.rpc
    stranger = Account.from_key(key_of("stranger with a fund").to_bytes())
    rpc.call("anvil_setBalance", stranger.address, hex(10**20))
    sender = Sender(rpc, [stranger])
    me = [stranger.address] * 3
    holdings = _made(sender, "FundHoldings", *me)
    fake = _made(sender, "FundAvatar", *me, holdings.address)
    other = Account.create().address
    mandate, terms = (1, 1, 10_000, False, []), tuple((TERMS | {"final_closing": 2**39}).values())
    receipt = sender.send(fake.call("initialize", me[0], "A fund", "FUND", *me[:2], other, mandate, terms))
    assert len(receipt.logs) == 5, "it says what it may do and who runs it, as a fund does"
    lived.index(database)
    with db.connect(database) as connection:
        found = connection.execute("SELECT contract FROM mandate_set").fetchall()
    assert len(found) == 6
    assert bytes.fromhex(str(fake.address)[2:]) not in {bytes(contract) for (contract,) in found}


def _made(sender: Sender, name: str, *arguments: str | None) -> Contract:
    code = artifact(name)
    receipt = sender.send(Contract(name, None, code["abi"]).deploy(code["bytecode"], *arguments))
    return Contract(name, receipt.contract, code["abi"])


def test_another_branch_of_money_takes_the_place_of_the_first(
    lived: Lived, database: str, new_database: Callable[[], str]
) -> None:
    followed, once = database, new_database()
    lived.index(followed)
    before, rpc = lived.dump(followed), lived.node.rpc
    rpc.call("anvil_rollback", DEPTH)
    sender = Sender(rpc, [key_of("relay").to_bytes()])
    with db.connect(followed) as connection:
        (failed,) = connection.execute(
            "SELECT p.contract, p.backer FROM position p JOIN campaign c USING (contract)"
            " WHERE c.form = 0 AND p.amount > 0 AND c.goal = 300000 * 10::numeric ^ 18 LIMIT 1"
        ).fetchall()
        partners = connection.execute("SELECT contract, partner FROM partner_admitted").fetchall()
    sender.send(campaign_at(failed[0].hex()).call("refund", "0x" + failed[1].hex()))
    asked = [fund_at(fund.hex()).call("claimableOf", "0x" + who.hex()) for fund, who in partners]
    fund, who = next(
        p for p, sum_ in zip(partners, sender.read_all(asked, "latest"), strict=True) if sum_ > 0
    )
    sender.send(fund_at(fund.hex()).call("claim", "0x" + who.hex()))
    rpc.call("anvil_mine", hex(DEPTH + 2))
    assert lived.index(followed) == DEPTH
    lived.index(once)
    after = lived.dump(followed)
    assert after == lived.dump(once)
    changed = {table for table, hash_ in after.items() if before[table] != hash_}
    assert changed >= {"pledged", "pledge_refunded", "campaign_sum", "position", "milestone_reported"}
    assert changed >= {"distribution_claimed", "motion_supported", "fund_sum"}
