"""`citynet deploy`: the contracts on any network."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.console import REFUSED, USAGE, Failure, out, track
from backend.cli.options import Keystore, Rpc
from backend.settings import settings

if TYPE_CHECKING:
    from backend.chain.deploy import Step, Terms
    from backend.chain.deployment import Deployment
    from backend.chain.send import Sender

DAY = 86_400


def deploy(
    operator: Annotated[
        str | None, typer.Option(help="Address that is to operate the network, a multisig in production.")
    ] = None,
    origin: Annotated[
        str | None, typer.Option(metavar="DAY", help="Day (UTC) on which period 0 begins; today by default.")
    ] = None,
    period_days: Annotated[int, typer.Option(min=1, max=10_000, help="Days in a period.")] = 91,
    recovery_days: Annotated[
        int, typer.Option(min=0, max=10_000, help="Days in which an old wallet can veto its recovery.")
    ] = 7,
    output: Annotated[
        Path | None, typer.Option(help="Where to write deployment.json; CITYNET_DEPLOYMENT by default.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Even where the file names contracts already.")
    ] = False,
    keystore: Keystore = None,
    rpc: Rpc = None,
) -> None:
    """Deploy the contracts and write deployment.json.

    The key pays and keeps no rights; what only the operator can do afterwards is sent too where the key is
    the operator's, and printed where it is not.

    Examples:

      CITYNET_KEY=0x… citynet deploy --rpc http://127.0.0.1:8545

      citynet deploy --rpc https://node.example --keystore key.json --operator 0x… --origin 2027-01-01
    """
    from backend.chain.deploy import CONTRACTS, Terms
    from backend.chain.rpc import Rpc as Node
    from backend.chain.send import Sender
    from backend.cli import keys
    from backend.kit.types import checksum, parse_address

    path = output or settings().deployment_file
    if path.exists() and not again:
        raise Failure(f"{path} names contracts already: --again deploys new ones beside them", REFUSED)
    try:
        begins = (date.fromisoformat(origin) - date(1970, 1, 1)).days * DAY if origin else today()
    except ValueError:
        raise Failure(f"--origin: `{origin}` is no day (YYYY-MM-DD)", USAGE) from None
    try:
        runs = checksum(parse_address(operator)) if operator else None
    except ValueError as error:
        raise Failure(f"--operator: {error}", USAGE) from None
    key = keys.account(keystore)
    try:
        sender = Sender(Node(rpc or settings().rpc_url, attempts=3), [key])
    except ValueError as error:
        raise Failure(str(error), USAGE) from None
    terms = Terms(begins, recovery_days * DAY, period_days * DAY)
    with track("Deploying", CONTRACTS) as advance:
        made, left = deploy_contracts(sender, terms, runs, advance)
    made.write(path)
    for name, place in made.contracts.items():
        out.print(f"{name:<16} {place.address} block {place.block}")
    for step in left:
        out.print(f"the operator is still to send: {step.contract}.{step.function}{step.arguments}")
    out.print(f"written to {path}")


def deploy_contracts(
    sender: "Sender", terms: "Terms", operator: str | None, advance: Callable[[int], object] = int
) -> "tuple[Deployment, list[Step]]":
    """Deploys with the sender's first account; the deployment, and what another operator is still to send."""
    from backend.chain.contract import Contract
    from backend.chain.deploy import deploy, steps
    from backend.chain.deployment import Deployment, Place, artifact

    deployer = sender.addresses[0]
    places: dict[str, Place] = {}

    def create(name: str, *arguments: object) -> str:
        code = artifact(name)
        receipt = sender.send(Contract(name, None, code["abi"]).deploy(code["bytecode"], *arguments))
        places[name] = Place(str(receipt.contract), receipt.block)
        advance(1)
        return places[name].address

    nonce = int(sender.rpc.call("eth_getTransactionCount", deployer, "pending"), 16)
    addresses = deploy(create, operator or deployer, terms, deployer=deployer, nonce=nonce)
    made = Deployment(sender.chain_id, {name: Place(a, places[name].block) for name, a in addresses.items()})
    left = steps(addresses)
    if operator in (None, deployer):
        for step in left:
            sender.send(made.contract(step.contract).call(step.function, *step.arguments))
        left = []
    return made, left


def today() -> int:
    """Midnight (UTC) of today, seconds since 1970."""
    return int(time.time()) // DAY * DAY
