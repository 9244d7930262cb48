"""Why the libraries that contracts are built with refuse: the errors of OpenZeppelin, of tokens and of
Solidity itself, by their signatures.
"""

import re
from typing import Any

from backend.kit.texts import N_

NO_REASON = N_("The contract refused and gave no reason. Nothing was changed.")
"""Where the node gave no data, or data that nobody here can read."""

_OPERATOR = N_(
    "Only the operator of the network may do this, and the wallet %(caller)s is not the operator's."
)
_ROLE = N_("The wallet %(msgsender)s may not do this: it lacks the operator's role number %(roleId)s.")
_CANCEL = N_("The wallet %(msgsender)s may not cancel what %(caller)s has scheduled.")
_INTERNAL = N_("The contract stopped at a fault of its own. Nothing was changed. Please tell the operator.")

STANDARD = {
    "Error(string message)": N_("The contract refused: “%(message)s”"),
    "Panic(uint256 code)": N_(
        "The contract stopped at a fault of its own (number %(code)s). Nothing was changed. Please tell"
        " the operator."
    ),
    # OpenZeppelin: access
    "AccessManagedUnauthorized(address caller)": _OPERATOR,
    "AccessManagedRequiredDelay(address caller,uint32 delay)": N_(
        "The wallet %(caller)s has to announce this %(delay)s ahead. Schedule it first."
    ),
    "AccessManagedInvalidAuthority(address authority)": N_("%(authority)s is no access manager."),
    "AccessManagerAlreadyScheduled(bytes32 operationId)": N_(
        "This is scheduled already. Wait until it is due."
    ),
    "AccessManagerNotScheduled(bytes32 operationId)": N_("This has not been scheduled. Schedule it first."),
    "AccessManagerNotReady(bytes32 operationId)": N_("What was scheduled is not due yet. Try again later."),
    "AccessManagerExpired(bytes32 operationId)": N_("What was scheduled has lapsed. Schedule it anew."),
    "AccessManagerLockedFunction(bytes4 selector)": N_("This function (%(selector)s) cannot be changed."),
    "AccessManagerLockedRole(uint64 roleId)": N_("The operator's role number %(roleId)s cannot be changed."),
    "AccessManagerBadConfirmation()": N_("A role is given up only by its own holder."),
    "AccessManagerUnauthorizedAccount(address msgsender,uint64 roleId)": _ROLE,
    "AccessManagerUnauthorizedCall(address caller,address target,bytes4 selector)": _OPERATOR,
    "AccessManagerUnauthorizedConsume(address target)": N_(
        "Only the contract concerned may use a schedule up."
    ),
    "AccessManagerUnauthorizedCancel(address msgsender,address caller,address target,bytes4 selector)": _CANCEL,  # noqa: E501
    "AccessManagerInvalidInitialAdmin(address initialAdmin)": N_(
        "%(initialAdmin)s cannot be the first operator."
    ),
    # OpenZeppelin: calls and numbers
    "AddressEmptyCode(address target)": N_("There is no contract at %(target)s. Check the address."),
    "FailedCall()": _INTERNAL,
    "FailedDeployment()": _INTERNAL,
    "InsufficientBalance(uint256 balance,uint256 needed)": N_(
        "%(needed)s are needed and only %(balance)s are there (smallest units)."
    ),
    "ReentrancyGuardReentrantCall()": N_(
        "A token tried to act twice at once and was stopped. Nothing was changed."
    ),
    "SafeCastOverflowedUintDowncast(uint8 bits,uint256 value)": N_(
        "The number %(value)s is too large. Choose a smaller one."
    ),
    "StringTooLong(string str)": N_("A text is too long. Shorten it."),
    "InvalidShortString()": _INTERNAL,
    "InvalidAccountNonce(address account,uint256 currentNonce)": N_(
        "This signature of %(account)s has been used already, or an earlier one has not been yet. Sign again."
    ),
    "ECDSAInvalidSignature()": N_("This is no signature. Sign again."),
    "ECDSAInvalidSignatureLength(uint256 length)": N_("A signature of %(length)s bytes is none. Sign again."),
    "ECDSAInvalidSignatureS(bytes32 s)": N_(
        "This is the twin of a signature and is not accepted. Sign again."
    ),
    # Tokens
    "SafeERC20FailedOperation(address token)": N_("The token %(token)s did not carry out the transfer."),
    "ERC20InsufficientBalance(address sender,uint256 balance,uint256 needed)": N_(
        "The wallet %(sender)s has %(balance)s of the token and %(needed)s are needed (smallest units)."
        " Top it up."
    ),
    "ERC20InsufficientAllowance(address spender,uint256 allowance,uint256 needed)": N_(
        "The token lets %(spender)s take %(allowance)s and %(needed)s are needed (smallest units)."
        " Approve more."
    ),
    "ERC20InvalidSender(address sender)": N_("The token refuses the sender %(sender)s."),
    "ERC20InvalidReceiver(address receiver)": N_(
        "The token refuses the recipient %(receiver)s. Choose another."
    ),
    "ERC20InvalidApprover(address approver)": N_("The token refuses an approval by %(approver)s."),
    "ERC20InvalidSpender(address spender)": N_("The token refuses an approval for %(spender)s."),
    "ERC2612ExpiredSignature(uint256 deadline)": N_(
        "The permission was good until %(deadline)s. Sign again."
    ),
    "ERC2612InvalidSigner(address signer,address owner)": N_(
        "The permission is signed by %(signer)s and not by the owner %(owner)s. Sign again with that wallet."
    ),
}


def _entry(signature: str) -> dict[str, Any]:
    name, _, parameters = signature[:-1].partition("(")
    inputs = [dict(zip(("type", "name"), p.split(" "), strict=True)) for p in parameters.split(",") if p]
    return {"type": "error", "name": name, "inputs": inputs}


ABI = [_entry(signature) for signature in STANDARD]
"""These errors as entries of an ABI."""

REASONS = {re.match(r"\w+", signature)[0]: text for signature, text in STANDARD.items()}  # type: ignore[index]
"""Their texts by the errors' names."""
