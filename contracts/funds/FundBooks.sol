// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {FundTerms} from "./FundTerms.sol";

/// @title FundBooks
/// @notice A fund's books, and what accrues in them with time: the hurdle and the management fee.
abstract contract FundBooks is FundTerms {
    /// @dev Of all holdings.
    uint96 internal _cost;
    /// @dev Of all holdings, by marks.
    uint96 internal _value;
    /// @dev Until when the fee is in `_feeWeight`.
    uint40 private _feeAt;

    uint96 internal _contributed;
    uint96 internal _unreturned;

    uint96 private _preferred;
    uint96 private _accruing;
    /// @dev Until when the hurdle is in the two.
    uint40 private _hurdleAt;

    uint96 internal _toPartners;
    uint96 internal _toOrganisation;

    uint96 internal _gains;
    uint96 internal _losses;

    uint96 internal _fees;
    /// @dev What the fee was of, times the seconds for which it was: exact, so that nobody changes it by asking often.
    uint160 private _feeWeight;

    uint96 internal _escrow;
    uint96 internal _clawback;

    // --------------------------------------------------------------- hurdle

    /// @dev Capital came in, for which as many units are made.
    function _contribute(uint96 amount) internal {
        (uint96 preferred, uint96 accruing) = _hurdleNow();
        (_contributed, _unreturned, _cash) = (_contributed + amount, _unreturned + amount, _cash + amount);
        (_preferred, _accruing, _hurdleAt) = (preferred, accruing, uint40(block.timestamp));
    }

    /// @dev Pays capital and hurdle, that of past years first. `preferred` and `accruing` are of now.
    function _repay(uint96 capital, uint96 hurdle, uint96 preferred, uint96 accruing) internal {
        uint96 past = hurdle < preferred ? hurdle : preferred;
        _unreturned -= capital;
        (_preferred, _accruing) = (preferred - past, accruing - (hurdle - past));
        _hurdleAt = uint40(block.timestamp);
    }

    /// @dev The hurdle not paid: of past years, and of this one. No more than can be counted, whatever the terms and the time.
    function _hurdleNow() internal view returns (uint96, uint96) {
        (uint256 capital, uint256 preferred, uint256 accruing) = (_unreturned, _preferred, _accruing);
        if (capital + preferred + accruing == 0) return (0, 0);
        (uint256 from, uint256 start, uint256 rate) = (_hurdleAt, _closedAt, _terms.hurdle);
        // Capital and hurdle have 97 bits together, and no year adds more than there was.
        unchecked {
            uint256 anniversary = start + ((from - start) / YEAR + 1) * YEAR;
            for (; anniversary <= block.timestamp; anniversary += YEAR) {
                accruing += Math.ceilDiv((capital + preferred) * rate * (anniversary - from), WHOLE * YEAR);
                (preferred, accruing, from) = (Math.min(preferred + accruing, type(uint96).max), 0, anniversary);
            }
            accruing += Math.ceilDiv((capital + preferred) * rate * (block.timestamp - from), WHOLE * YEAR);
        }
        return (uint96(preferred), uint96(Math.min(accruing, type(uint96).max)));
    }

    // ------------------------------------------------------------------ fee

    /// @dev To be called before what is committed changes, and before the cost of holdings does.
    function _accrueFee() internal {
        (_feeWeight, _feeAt) = (uint160(_feeWeightNow()), uint40(block.timestamp));
    }

    /// @dev The fee of a later commitment from the first closing on; after `_accrueFee`.
    function _feeOn(uint96 amount) internal {
        _feeWeight += uint160(amount * (Math.min(block.timestamp, _investsUntil()) - _closedAt));
    }

    /// @dev First second at which the fee is of the cost of holdings, or of nothing.
    function _investsUntil() internal view returns (uint256) {
        return Math.min(uint256(_closedAt) + _terms.investmentPeriod, _endsAt);
    }

    function _feeWeightNow() private view returns (uint256 weight) {
        weight = _feeWeight;
        uint256 from = Math.max(_feeAt, _closedAt);
        uint256 to = Math.min(block.timestamp, _endsAt);
        uint256 change = Math.min(to, _investsUntil());
        if (from < change) {
            weight += _committed * (change - from);
            from = change;
        }
        if (from < to) weight += _cost * (to - from);
    }

    /// @dev The fee accrued and not taken.
    function _feeDue() internal view returns (uint96) {
        uint256 whole = _feeWeightNow() * _terms.managementFee / (WHOLE * YEAR);
        return uint96(Math.min(whole - _fees, type(uint96).max));
    }

    // ------------------------------------------------------ gains and losses

    /// @dev Counts what came in, is here and is neither capital nor cost that came back. `_cash` is the caller's to add to.
    function _gain(uint96 amount) internal {
        if (amount != 0) _gains += amount;
    }

    /// @dev Counts cost that will not come back.
    function _lose(uint96 amount) internal {
        if (amount != 0) _losses += amount;
    }
}
