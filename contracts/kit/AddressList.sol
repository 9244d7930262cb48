// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title AddressList
/// @notice A list of addresses in the calldata, taken as it lies there.
/// @dev The compiler encodes a list one by one, checking each address: 200 gas an entry every time it is hashed or passed on.
/// Its words copied as a whole are the same bytes for 6. Nothing is checked here: whoever reads an entry by its index, this
/// contract or the one called, checks it then.
library AddressList {
    /// @notice The entries, 32 bytes each, as `abi.encode` would write them after their number.
    function words(address[] calldata list) internal pure returns (bytes calldata raw) {
        assembly ("memory-safe") {
            raw.offset := list.offset
            raw.length := shl(5, list.length)
        }
    }

    /// @notice The argument at this place (from 0 on) of the function called, as a list of one.
    function ofArgument(uint256 place) internal pure returns (address[] calldata list) {
        assembly ("memory-safe") {
            list.offset := add(4, shl(5, place))
            list.length := 1
        }
    }
}
