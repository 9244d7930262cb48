"""`citynet relay` as a process: it may be killed at any moment, and its key stands nowhere."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from eth_account import Account

from backend.cli import keys
from backend.cli.console import Failure
from backend.cli.relay import work
from backend.settings import Settings
from tests.backend.anvil import ROOT
from tests.backend.relay.town import Town

PASSWORD = "a password that stands nowhere"


@contextmanager
def running(town: Town, log: IO[bytes], *words: str, **more: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "CITYNET_DATABASE_URL": town.database,
        "CITYNET_RPC_URL": town.chain.url,
        "CITYNET_DEPLOYMENT": str(town.settings.deployment),
        "CITYNET_POLL_SECONDS": "0.05",
        **more,
    }
    command = [sys.executable, "-m", "backend.cli", *words, "relay"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_r12_the_key_stands_in_no_log_of_a_process_killed_and_started_again(
    town: Town, tmp_path: Path
) -> None:
    key, people = town.relayer("process"), [town.citizens.pop() for _ in range(3)]
    log = tmp_path / "log"
    with log.open("ab") as said:
        with running(town, said, "--debug", CITYNET_RELAY_KEY=key) as process:
            until(lambda: b"relay 0x" in log.read_bytes(), process)
            ids = [town.redeem(who) for who in people[:2]]
            time.sleep(random.Random(1).random() / 20)
            process.send_signal(signal.SIGKILL)
            process.wait()
        ids.append(town.redeem(people[2]))
        keystore = tmp_path / "relay.json"
        keystore.write_text(json.dumps(Account.encrypt(key, PASSWORD, iterations=2)))
        by_file = {"CITYNET_RELAY_KEYSTORE": str(keystore), "CITYNET_RELAY_KEYSTORE_PASSWORD": PASSWORD}
        with running(town, said, "--debug", **by_file) as process:
            until(lambda: confirmed(town, ids), process)
            process.terminate()
            assert process.wait() == 0
    assert [town.vouchers(who) for who in people] == [1] * 3
    text = log.read_text().lower()
    assert text.count("stopped; what is under way goes on from here") == 1
    for secret in (key[2:], str(int(key, 16)), PASSWORD):
        assert secret.lower() not in text


def test_r12_the_key_stands_in_no_error(tmp_path: Path) -> None:
    key = "0x" + "7a" * 32
    keystore = tmp_path / "relay.json"
    keystore.write_text(json.dumps(Account.encrypt(key, PASSWORD, iterations=2)))
    for line, given in (
        ("no key: set CITYNET_RELAY_KEY", {}),
        ("CITYNET_RELAY_KEY is not a private key", {"relay_key": key + "7a"}),
        ("the password is wrong", {"relay_keystore": keystore, "relay_keystore_password": PASSWORD + "!"}),
        ("there is no such keystore", {"relay_keystore": tmp_path / "none"}),
    ):
        configured = Settings(**given)
        with pytest.raises(Failure, match=line) as caught:
            keys.relay(configured, None)
        told = f"{caught.value} {''.join(traceback.format_exception(caught.value))} {configured!r}"
        assert key[2:] not in told.lower()
        assert PASSWORD not in told


def test_a_node_of_another_chain_is_refused(town: Town, tmp_path: Path) -> None:
    other = tmp_path / "deployment.json"
    other.write_text(json.dumps(json.loads(town.settings.deployment_file.read_text()) | {"chain_id": 5}))
    configured = town.settings.model_copy(update={"deployment": other})
    with pytest.raises(Failure, match="the node is of chain 31337, the deployment of chain 5"):
        asyncio.run(work(configured, Account.from_key(town.relayer("lost")), town.database))


def until(met: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    while not met():
        assert process.poll() is None, "the relay ended"
        time.sleep(0.05)


def confirmed(town: Town, ids: list[str]) -> bool:
    town.index()
    return {town.action(id)["state"] for id in ids} <= {"confirmed", "final"}
