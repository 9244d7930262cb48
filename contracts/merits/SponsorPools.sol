// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IRewardMarket} from "./IRewardMarket.sol";
import {Offers} from "./Offers.sol";

/// @title SponsorPools
/// @notice The money behind offers. It comes in by `fund` and goes out by `withdraw` and `reclaim`, each of which moves only
/// what its caller owns; nothing else moves tokens.
abstract contract SponsorPools is Offers, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @inheritdoc IRewardMarket
    mapping(address partner => mapping(address token => uint256 amount)) public earnedOf;

    /// @inheritdoc IRewardMarket
    function fund(uint32 offerId, uint128 amount) external nonReentrant {
        // Check: a pool that is nobody else's, and enough for a voucher, so that nobody becomes sponsor for nothing.
        _listing(offerId);
        Pool storage pool = _pools[offerId];
        address token = pool.token;
        address sponsor = pool.sponsor;
        if (token == address(0) || (sponsor != address(0) && sponsor != msg.sender)) {
            revert RewardMarket_NoPool(offerId, msg.sender);
        }
        if (amount < pool.perVoucher) revert RewardMarket_BadTerms("amount");

        // Effect: the pool is theirs and holds more.
        if (sponsor == address(0)) pool.sponsor = msg.sender;
        pool.balance += amount;
        emit PoolFunded(offerId, msg.sender, amount);

        // Interaction: all of it arrives, or nothing happened.
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        if (received < amount) revert RewardMarket_ShortTransfer(token, amount, received);
    }

    /// @inheritdoc IRewardMarket
    function reclaim(uint32 offerId, address to) external nonReentrant {
        // Check: its own sponsor, when no voucher can need the pool any more.
        if (to == address(0)) revert RewardMarket_ZeroAddress();
        Listing storage listing = _listing(offerId);
        Pool storage pool = _pools[offerId];
        if (pool.sponsor != msg.sender) revert RewardMarket_NoPool(offerId, msg.sender);
        uint256 open = listing.serial - listing.settled;
        if (block.timestamp < listing.closes || open != 0) revert RewardMarket_PoolInUse(offerId, open);
        address token = pool.token;
        uint128 amount = pool.balance;
        if (amount == 0) revert RewardMarket_NothingToWithdraw(msg.sender, token);

        // Effect: the pool is empty.
        pool.balance = 0;
        emit PoolReclaimed(offerId, msg.sender, amount);

        // Interaction.
        IERC20(token).safeTransfer(to, amount);
    }

    /// @inheritdoc IRewardMarket
    function withdraw(address token, address to) external nonReentrant {
        // Check: something earned, and somewhere to send it.
        if (to == address(0)) revert RewardMarket_ZeroAddress();
        uint256 amount = earnedOf[msg.sender][token];
        if (amount == 0) revert RewardMarket_NothingToWithdraw(msg.sender, token);

        // Effect: all of it is drawn.
        earnedOf[msg.sender][token] = 0;
        emit Withdrawn(msg.sender, token, to, amount);

        // Interaction.
        IERC20(token).safeTransfer(to, amount);
    }

    /// @dev Credits the business for a voucher, where the pool has the whole of it, or nothing.
    function _reimburse(uint32 offerId, address partner) internal returns (uint128 reimbursed) {
        Pool storage pool = _pools[offerId];
        (uint128 perVoucher, uint128 balance) = (pool.perVoucher, pool.balance);
        if (balance < perVoucher) return 0;
        pool.balance = balance - perVoucher;
        earnedOf[partner][pool.token] += perVoucher;
        return perVoucher;
    }
}
