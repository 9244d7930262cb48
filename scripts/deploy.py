"""Deploy the contracts with Brownie: `brownie run deploy --network <network>`.

CITYNET_ACCOUNT names Brownie's account that pays (on the development network: the first one),
CITYNET_OPERATOR the address of the operator (default: that account). Prints a `deployment.json` and what the
operator still has to send.
"""

import json
import os

from brownie import accounts, chain, network, project

from backend.chain.deploy import Terms, deploy, steps


def main() -> None:
    contracts = project.get_loaded_projects()[0]
    development = network.show_active() == "development"
    account = accounts[0] if development else accounts.load(os.environ["CITYNET_ACCOUNT"])
    operator = os.environ.get("CITYNET_OPERATOR", account.address)
    blocks: dict[str, int] = {}

    def create(name: str, *arguments) -> str:
        made = account.deploy(contracts[name], *arguments)
        blocks[name] = made.tx.block_number
        return made.address

    addresses = deploy(
        create, operator, Terms(origin=chain[-1].timestamp), deployer=account.address, nonce=account.nonce
    )
    places = {name: {"address": address, "block": blocks[name]} for name, address in addresses.items()}
    print(json.dumps({"chain_id": chain.id, "contracts": places}, indent=2))
    for step in steps(addresses):
        if operator == account.address:
            getattr(contracts[step.contract].at(addresses[step.contract]), step.function)(
                *step.arguments, {"from": account}
            )
        else:
            print(f"{operator} sends: {step.contract}.{step.function}{step.arguments}")
