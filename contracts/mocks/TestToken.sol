// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title TestToken
/// @notice Money that anybody can make. For tests only.
contract TestToken is ERC20Permit {
    constructor() ERC20("Test rouble", "TRUB") ERC20Permit("Test rouble") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}
