"""Run Brownie with the project's compiler, in a home of its own and on a free port.

Brownie keeps its list of networks in the home folder, where another version may have left one that
does not fit, and its test chain listens on one fixed port, so that two runs at once would share a
chain. Here each run gets a home with one network, `development`: anvil on a port that is free.
"""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLCHAIN = ROOT / ".toolchain"

NETWORKS = """\
live: []
development:
  - name: Anvil
    id: development
    cmd: anvil
    host: http://127.0.0.1
    timeout: 120
    cmd_settings:
      port: {port}
      base_fee: 0
      accounts: 30
      gas_limit: 30000000
      evm_version: cancun
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def make_home(parent: Path, port: int) -> Path:
    """Make a home folder for one run; Hypothesis keeps its examples between runs."""
    parent.mkdir(parents=True, exist_ok=True)
    examples = parent / "hypothesis"
    examples.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="home-", dir=parent))
    data = home / ".brownie"
    data.mkdir()
    (data / "network-config.yaml").write_text(NETWORKS.format(port=port))
    (data / "hypothesis").symlink_to(examples)
    return home


def fingerprint() -> str:
    """Return a hash over all that decides what the compiled contracts are."""
    digest = hashlib.sha256()
    files = [path for folder in ("contracts", "interfaces") for path in (ROOT / folder).rglob("*.sol")]
    for path in [ROOT / "brownie-config.yaml", ROOT / "package-lock.json", *sorted(files)]:
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    digest.update(str((ROOT / "build" / "contracts").is_dir()).encode())
    return digest.hexdigest()


def run(args: list[str], env: dict[str, str]) -> int:
    brownie = Path(sys.executable).with_name("brownie")
    process = subprocess.Popen([str(brownie), *args], env=env, cwd=ROOT)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # Brownie got the signal too and stops its chain itself


def main() -> int:
    args = sys.argv[1:]
    if not (TOOLCHAIN / "bin" / "anvil").exists():
        print("The toolchain is not installed: run 'make install'", file=sys.stderr)
        return 1
    home = make_home(TOOLCHAIN / "brownie", free_port())
    env = os.environ | {
        "HOME": str(home),
        "PATH": f"{TOOLCHAIN / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "SOLCX_BINARY_PATH": str(Path(__file__).parent),
    }
    try:
        compiling = args[:1] == ["compile"]
        # Two compilations at once would write the same artifacts: one after the other.
        with (TOOLCHAIN / "compile.lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            lock.seek(0)
            sources = fingerprint()
            if compiling or lock.read() != sources:
                lock.truncate(0)
                status = run(args if compiling else ["compile"], env)
                if status:
                    return status
                lock.write(sources)
        return 0 if compiling else run(args, env)
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
