// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title NetworkManager
/// @notice Who may call the operator's functions, and after which delay. The operator is its first administrator.
contract NetworkManager is AccessManager {
    constructor(address operator) AccessManager(operator) {}
}
