// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FundBooks} from "./FundBooks.sol";
import {IFundHoldings} from "./IFundHoldings.sol";

/// @title FundPortfolio
/// @notice What a fund holds: at what cost, and at what mark.
/// @dev Cost and value of the whole are the sums over holdings, so that what is taken from one is never more than the whole has.
abstract contract FundPortfolio is FundBooks, IFundHoldings {
    /// @dev What an investment changes of a holding that was never marked.
    /// @param projectId Of a fund zero.
    struct Stake {
        uint96 principal;
        uint96 cost;
        uint32 projectId;
        bool marked;
    }

    /// @dev A holding as kept.
    /// @param word The stake, as the one word that is stored, so that it is written once: its fields, lowest bits first.
    /// @param value Where it was marked; else cost is.
    /// @param aside Of a campaign what is drawn of its proceeds, of a fund the commitment.
    struct Held {
        uint256 word;
        uint96 value;
        uint96 aside;
        uint40 markedAsOf;
    }

    mapping(address holding => Held) internal _held;

    /// @inheritdoc IFundHoldings
    mapping(uint32 projectId => uint96) public exposureTo;

    // ---------------------------------------------------------------- books

    /// @dev Cash becomes cost, and value; what is paid beside it is lost. The caller keeps the stake, here and below.
    function _put(Held storage held, Stake memory stake, uint96 amount, uint96 expense) internal {
        (uint96 cash, uint96 asked) = (_cash, amount + expense);
        if (asked > cash) revert FundAvatar_OverCash(cash, asked);
        _cash = cash - asked;
        stake.principal += amount;
        stake.cost += amount;
        if (stake.marked) held.value += amount;
        (_cost, _value) = (_cost + amount, _value + amount);
        _lose(expense);
    }

    /// @dev Something came back: of cost, and above it a gain, after which nobody commits any more. Where it is `all` that will come, the
    /// rest of the cost is lost and the value nothing.
    /// @return cost Of it.
    function _back(Held storage held, Stake memory stake, uint96 amount, bool all)
        internal
        returns (uint96 cost, uint96 loss)
    {
        if (amount != 0) _cash += amount;
        (uint96 before, uint96 value) = (stake.cost, _valueOf(held, stake));
        cost = _least(before, amount);
        unchecked {
            uint96 left = all ? 0 : before - cost;
            uint96 worth = all ? 0 : stake.marked ? value - _least(value, amount) : left;
            stake.cost = left;
            if (stake.marked) held.value = worth;
            loss = before - cost - left;
            (_cost, _value) = (_cost - cost - loss, _value - (value - worth));
            if (amount != cost) {
                _gain(amount - cost);
                _finallyClosed = true;
            }
        }
        _lose(loss);
    }

    /// @dev Before cost changes. In the investment period the fee is of commitments.
    function _accrueOnCost() internal {
        if (block.timestamp >= _investsUntil()) _accrueFee();
    }

    /// @dev A campaign that the fund is in, or a fund that it committed to.
    function _heldOf(address holding) internal view returns (Held storage held, Stake memory stake) {
        held = _held[holding];
        stake = _stakeOf(held);
        if (stake.principal == 0 && (stake.projectId != 0 || held.aside == 0)) revert FundAvatar_NoHolding(holding);
    }

    function _stakeOf(Held storage held) internal view returns (Stake memory) {
        uint256 word = held.word;
        return Stake(uint96(word), uint96(word >> 96), uint32(word >> 192), word >> 224 != 0);
    }

    function _keep(Held storage held, Stake memory stake) internal {
        held.word = uint256(stake.principal) | uint256(stake.cost) << 96 | uint256(stake.projectId) << 192
            | (stake.marked ? 1 << 224 : 0);
    }

    function _valueOf(Held storage held, Stake memory stake) internal view returns (uint96) {
        return stake.marked ? held.value : stake.cost;
    }

    function _least(uint96 a, uint96 b) private pure returns (uint96) {
        return a < b ? a : b;
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IFundHoldings
    function holdingOf(address holding) external view returns (Holding memory) {
        Held storage held = _held[holding];
        Stake memory stake = _stakeOf(held);
        uint96 aside = held.aside;
        bool isFund = stake.projectId == 0 && aside != 0;
        return Holding({
            isFund: isFund,
            projectId: stake.projectId,
            principal: stake.principal,
            commitment: isFund ? aside : 0,
            cost: stake.cost,
            value: _valueOf(held, stake),
            drawn: isFund ? 0 : aside,
            markedAsOf: held.markedAsOf
        });
    }
}
