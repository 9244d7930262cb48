"""Write what the backend needs of the compiled contracts to `backend/chain/abi/<Name>.json`.

One file a contract or interface of the project: its name, where its source is, its ABI and the
bytecode to deploy it (empty for an interface). Nothing of OpenZeppelin, nothing of the test doubles
in a folder `mocks`.
"""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "backend" / "chain" / "abi"


def artifacts() -> dict[str, dict]:
    """Return what is written, by contract name."""
    found = {}
    for path in sorted((ROOT / "build" / "contracts").glob("*.json")):
        build = json.loads(path.read_text())
        source = build["sourcePath"]
        if not source.startswith("contracts/") or "/mocks/" in source:
            continue
        found[build["contractName"]] = {
            "contractName": build["contractName"],
            "sourcePath": source,
            "abi": build["abi"],
            "bytecode": build["bytecode"],
        }
    return found


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    wanted = artifacts()
    for stale in TARGET.glob("*.json"):
        if stale.stem not in wanted:
            stale.unlink()
    for name, artifact in wanted.items():
        text = json.dumps(artifact, indent=1, sort_keys=True) + "\n"
        place = TARGET / f"{name}.json"
        if not place.exists() or place.read_text() != text:
            place.write_text(text)
    print(f"{len(wanted)} ABIs in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
