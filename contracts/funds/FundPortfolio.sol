// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FundBooks} from "./FundBooks.sol";
import {IFundHoldings} from "./IFundHoldings.sol";

/// @title FundPortfolio
/// @notice What a fund holds: at what cost, and at what mark.
abstract contract FundPortfolio is FundBooks, IFundHoldings {
    /// @dev A holding as kept. An investment touches the first slot alone, as long as the holding was never marked.
    /// @param projectId Of a fund zero.
    /// @param value Where it was marked; else cost is.
    /// @param aside Of a campaign what is drawn of its proceeds, of a fund the commitment.
    struct Held {
        uint96 principal;
        uint96 cost;
        uint32 projectId;
        bool marked;
        uint96 value;
        uint96 aside;
        uint40 markedAsOf;
    }

    mapping(address holding => Held) internal _held;

    /// @inheritdoc IFundHoldings
    mapping(uint32 projectId => uint96) public exposureTo;

    // ---------------------------------------------------------------- books

    /// @dev Cash becomes cost, and value; what is paid beside it is lost.
    function _put(Held storage held, uint96 amount, uint96 expense) internal {
        uint96 cash = _cash;
        if (amount + expense > cash) revert FundAvatar_OverCash(cash, amount + expense);
        _cash = cash - amount - expense;
        (held.principal, held.cost) = (held.principal + amount, held.cost + amount);
        if (held.marked) held.value += amount;
        (_cost, _value) = (_cost + amount, _value + amount);
        _lose(expense);
    }

    /// @dev Something came back: of cost, and above it a gain, after which nobody commits any more.
    /// @return cost Of it.
    function _back(Held storage held, uint96 amount) internal returns (uint96 cost) {
        cost = _least(held.cost, amount);
        uint96 value = cost;
        if (held.marked) {
            value = _least(held.value, amount);
            held.value -= value;
        }
        held.cost -= cost;
        (_cost, _value, _cash) = (_cost - cost, _value - value, _cash + amount);
        if (cost != amount) {
            _gain(amount - cost);
            _finallyClosed = true;
        }
    }

    /// @dev The rest of a holding's cost is lost, and its value nothing.
    function _drop(Held storage held) internal returns (uint96 cost) {
        cost = held.cost;
        (_cost, _value) = (_cost - cost, _value - _valueOf(held));
        held.cost = 0;
        if (held.marked) held.value = 0;
        _lose(cost);
    }

    /// @dev Before cost changes. In the investment period the fee is of commitments.
    function _accrueOnCost() internal {
        if (phase() != Phase.Investing) _accrueFee();
    }

    /// @dev A campaign that the fund is in, or a fund that it committed to.
    function _heldOf(address holding) internal view returns (Held storage held) {
        held = _held[holding];
        if (held.principal == 0 && (held.projectId != 0 || held.aside == 0)) revert FundAvatar_NoHolding(holding);
    }

    function _valueOf(Held storage held) internal view returns (uint96) {
        return held.marked ? held.value : held.cost;
    }

    function _least(uint96 a, uint96 b) private pure returns (uint96) {
        return a < b ? a : b;
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IFundHoldings
    function holdingOf(address holding) external view returns (Holding memory) {
        Held storage held = _held[holding];
        (uint32 projectId, uint96 aside) = (held.projectId, held.aside);
        bool isFund = projectId == 0 && aside != 0;
        return Holding({
            isFund: isFund,
            projectId: projectId,
            principal: held.principal,
            commitment: isFund ? aside : 0,
            cost: held.cost,
            value: _valueOf(held),
            drawn: isFund ? 0 : aside,
            markedAsOf: held.markedAsOf
        });
    }
}
