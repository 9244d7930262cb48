"""What a test needs at a business's counter: vouchers whose codes it knows, a camera that sees a picture."""

import time
from pathlib import Path
from typing import Any

import httpx
import segno

from backend.chain.contract import Call, Contract
from backend.chain.deployment import Deployment, artifact
from backend.chain.rpc import Rpc
from backend.demo.signing import address_of, key_of
from backend.kit.hashing import keccak
from scripts.running import Site

LONG_ACT = 2
"""Act kind of the demo worth 40 merits."""
WIDTH, HEIGHT = 640, 480


def code_of(name: str) -> str:
    """A voucher's code: 16 characters, made from a name that the test knows."""
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    return "".join(alphabet[byte & 31] for byte in keccak(name.encode())[:16])


def hash_of(code: str) -> bytes:
    """What the contract takes as the code; its own hash is the seal."""
    return keccak(code.encode())


def grouped(code: str) -> str:
    return "-".join(code[i : i + 4] for i in range(0, 16, 4))


class Chain:
    """The demo's chain, on which anybody can be made to act."""

    def __init__(self, site: Site):
        self.site, self.rpc = site, Rpc(site.rpc_url)
        deployment = Deployment.read(site.folder / "deployment.json")
        self.registry, self.ledger, self.market = (
            Contract(name, deployment.place(name).address, artifact(name)["abi"])
            for name in ("CityRegistry", "MeritLedger", "RewardMarket")
        )

    def do(self, person: str, call: Call) -> None:
        """Somebody of the demo sends a transaction, which is in a block when this returns."""
        address = address_of(key_of(person))
        self.rpc.call("anvil_impersonateAccount", address)
        sent = self.rpc.call(
            "eth_sendTransaction",
            {
                "from": address,
                "to": call.to,
                "data": "0x" + bytes(call.data).hex(),
                "gas": "0x1e8480",
                "gasPrice": "0x0",
            },
        )
        self.rpc.call("evm_mine")
        self.rpc.call("anvil_stopImpersonatingAccount", address)
        assert self.rpc.call("eth_getTransactionReceipt", sent)["status"] == "0x1", call.label

    def customer(self, city: int, city_name: str, name: str) -> str:
        """A new citizen with 40 merits; their name."""
        verifier = f"verifier 1 of {city_name}"
        wallet = address_of(key_of(name))
        self.do(verifier, self.registry.call("registerCitizen", city, wallet, keccak(name.encode())))
        self.do(verifier, self.ledger.call("award", city, LONG_ACT, wallet, keccak(b"seen")))
        return name

    def redeem(self, citizen: str, offer: int, city: int, code: str) -> int:
        """A citizen redeems; number of the voucher, which is indexed."""
        self.do(citizen, self.market.call("redeem", offer, city, keccak(hash_of(code))))
        address = address_of(key_of(citizen))
        seal = "0x" + keccak(hash_of(code)).hex()
        return until(
            lambda: next(
                (
                    voucher["voucher_id"]
                    for voucher in self.site.get(f"/citizens/{address}/vouchers")
                    if voucher["seal"] == seal
                ),
                None,
            )
        )


def until(found: Any, seconds: float = 30) -> Any:
    """What `found()` gives once it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if answer := found():
                return answer
        except httpx.HTTPStatusError:
            pass
        time.sleep(0.1)
    raise AssertionError("it did not come in time")


def film(file: Path, text: str) -> Path:
    """A film for Chromium's fake camera (YUV4MPEG2): one picture with a QR code in its middle."""
    rows = [list(row) for row in segno.make(text, error="q", micro=False).matrix_iter(border=3)]
    scale = HEIGHT // len(rows)
    left, top = (WIDTH - scale * len(rows)) // 2, (HEIGHT - scale * len(rows)) // 2
    light = bytearray(b"\xeb" * (WIDTH * HEIGHT))
    for y, row in enumerate(rows):
        line = b"".join((b"\x10" if dark else b"\xeb") * scale for dark in row)
        for i in range(scale):
            start = (top + y * scale + i) * WIDTH + left
            light[start : start + len(line)] = line
    colour = b"\x80" * (WIDTH * HEIGHT // 2)
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode()
    file.write_bytes(head + b"FRAME\n" + bytes(light) + colour)
    return file
