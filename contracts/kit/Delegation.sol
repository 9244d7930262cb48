// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Delegation
/// @notice Runs the call under way by another contract's code, as the caller's own.
library Delegation {
    /// @dev Ends the call: with what the other code returns, or reverts with. OpenZeppelin's `Address` passes it through memory word by
    /// word, and its `Proxy` would answer calls that nobody promised.
    function run(address code) internal {
        assembly ("memory-safe") {
            let data := mload(0x40)
            calldatacopy(data, 0, calldatasize())
            let done := delegatecall(gas(), code, data, calldatasize(), 0, 0)
            returndatacopy(data, 0, returndatasize())
            if iszero(done) { revert(data, returndatasize()) }
            return(data, returndatasize())
        }
    }
}
