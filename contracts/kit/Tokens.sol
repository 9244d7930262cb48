// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title Tokens
/// @notice Money of others, taken and paid.
library Tokens {
    using SafeERC20 for IERC20;

    /// @notice Takes by allowance.
    /// @return received What arrived: whoever counts on `amount` compares.
    function take(address token, address from, uint256 amount) internal returns (uint256 received) {
        IERC20 money = IERC20(token);
        uint256 before = money.balanceOf(address(this));
        money.safeTransferFrom(from, address(this), amount);
        return money.balanceOf(address(this)) - before;
    }

    function pay(address token, address to, uint256 amount) internal {
        IERC20(token).safeTransfer(to, amount);
    }
}
