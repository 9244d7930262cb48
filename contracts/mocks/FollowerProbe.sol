// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRecoveryFollower} from "../cities/ICityRegistry.sol";

/// @title FollowerProbe
/// @notice Says that it was called. For tests only.
contract FollowerProbe is IRecoveryFollower {
    event Followed(uint32 cityId, address oldWallet, address newWallet);

    function followRecovery(uint32 cityId, address oldWallet, address newWallet) external {
        emit Followed(cityId, oldWallet, newWallet);
    }
}
