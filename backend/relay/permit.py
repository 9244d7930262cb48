"""Permissions of tokens (ERC-2612): signed by the holder, so that no transaction of its own has to allow a
contract to take.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from eth_abi.exceptions import DecodingError
from pydantic import AfterValidator, BeforeValidator

from backend.chain import eip712
from backend.chain.contract import Contract, Reverted
from backend.relay.chain import Chain

STRUCT = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
NONE = (0, 0, 0, bytes(32), bytes(32))
"""No permit, as contracts take it: an allowance is there."""
MOST_LETTERS = 100

Parts = tuple[int, int, int, bytes, bytes]
"""Value, deadline, and the signature's v, r, s."""


def _view(name: str, outputs: str, inputs: str = "") -> dict[str, Any]:
    def listed(text: str) -> list[dict[str, str]]:
        return [{"name": "", "type": kind} for kind in text.split()]

    return {"type": "function", "name": name, "inputs": listed(inputs), "outputs": listed(outputs)}


TOKEN = [
    _view("approve", "bool", "address uint256"),
    _view("allowance", "uint256", "address address"),
    _view("balanceOf", "uint256", "address"),
    _view("nonces", "uint256", "address"),
    _view("name", "string"),
    _view("version", "string"),
    _view("DOMAIN_SEPARATOR", "bytes32"),
    _view("eip712Domain", "bytes1 string string uint256 address bytes32 uint256[]"),
]
"""What is asked of tokens: ERC-20, ERC-2612, ERC-5267."""


def token(address: str) -> Contract:
    return Contract("ERC20", address, TOKEN)


@dataclass(frozen=True)
class Permission:
    """What the holder's wallet is to sign, as `eth_signTypedData_v4` takes it, and until when it is good
    (seconds since 1970).

    `fields`: those of the form that the permit settles, where the form left them open.
    """

    typed_data: dict[str, Any]
    deadline: int
    fields: Mapping[str, Any] = field(default_factory=dict)


def _signature(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        found = bytes.fromhex(value.removeprefix("0x"))
    except ValueError:
        raise ValueError("is not 0x and pairs of hexadecimal digits") from None
    if len(found) not in (0, 65):
        raise ValueError(f"has {len(found)} bytes, not 65, or none where there is no permit")
    return found


PermitIn = Annotated[bytes, BeforeValidator(_signature), AfterValidator(bytes)]
"""A signature of 65 bytes; `0x` says that there is none and will be none."""


def parts(signature: bytes, value: int, deadline: int) -> Parts:
    """A permit as contracts take it. `signature`: 65 bytes, or empty for none."""
    if not signature:
        return NONE
    v = signature[64]
    return value, deadline, v if v >= 27 else v + 27, signature[:32], signature[32:64]


async def asked(
    chain: Chain, address: str, owner: str, spender: str, value: int, deadline: int
) -> Permission | None:
    """The permit to sign, None where the token has none, or the owner is a contract, which has no key.

    Args:
        address: Of the token.
        value: Base units that `spender` may take.

    Raises Problem (503) where the node does not answer.
    """
    contract = token(address)
    code = await chain.ask(chain.sender.rpc.call, "eth_getCode", owner, "latest")
    domain = await _domain(chain, contract) if len(code) <= 2 else None
    nonce = domain and await _read(chain, contract, "nonces", owner)
    if domain is None or nonce is None:
        return None
    message = {"owner": owner, "spender": spender, "value": value, "nonce": nonce, "deadline": deadline}
    return Permission(eip712.typed_data(STRUCT, domain, message), deadline)


async def _domain(chain: Chain, contract: Contract) -> dict[str, str] | None:
    """The domain of a token's signatures, if it is the usual one: what it says of itself must hash to its own
    separator.
    """
    separator = await _read(chain, contract, "DOMAIN_SEPARATOR")
    if separator is None:
        return None
    said = await _read(chain, contract, "eip712Domain")
    if said:
        names = [(said[1], said[2])]
    else:
        name, version = await _read(chain, contract, "name"), await _read(chain, contract, "version")
        names = [(name, version)] if version else [(name, "1"), (name, "2")]
    address = contract.address or ""
    for name, version in names:
        if name and len(name) <= MOST_LETTERS:
            found = eip712.separator(name, chain.chain_id, address, version)
            if found == separator:
                return eip712.domain(name, chain.chain_id, address, version)
    return None


async def _read(chain: Chain, contract: Contract, function: str, *arguments: Any) -> Any:
    """What a token answers, None where it does not know the question."""
    try:
        return await chain.read(contract.call(function, *arguments))
    except (Reverted, DecodingError, UnicodeDecodeError, OverflowError):
        return None
