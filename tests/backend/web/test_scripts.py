"""Scripts of the pages that reckon something, run by Node.js as they are served."""

import json
import os
import subprocess
from pathlib import Path

from backend.demo.signing import seal_of
from backend.kit.hashing import keccak
from backend.web.assets import assets

ROOT = Path(__file__).parents[3]
NODE = ROOT / ".toolchain" / "bin" / "node"


def test_codes_of_vouchers(tmp_path: Path) -> None:
    for path, asset in assets().items():
        if path.startswith(("scripts/", "lib/")):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(asset.body)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    written = ["0123456789ABCDEF", "ZZZZZZZZZZZZZZZZ", "0000000000000000", "7K3FQ2XVJ9M4T8WD"]
    vectors = [
        {"code": code, "hash": f"0x{hash.hex()}", "seal": f"0x{seal_of(hash).hex()}"}
        for code in written
        for hash in [keccak(code.encode())]
    ]
    run = subprocess.run(
        [NODE, "--test", Path(__file__).with_name("codes.test.js")],
        env=os.environ | {"CODES": str(tmp_path / "scripts/codes.js"), "VECTORS": json.dumps(vectors)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "pass 7" in run.stdout
