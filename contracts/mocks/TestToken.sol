// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title TestToken
/// @notice Money that anybody can make. For tests only.
contract TestToken is ERC20 {
    constructor() ERC20("Test rouble", "TRUB") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
