// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Tokens} from "../kit/Tokens.sol";
import {FundUnits} from "./FundUnits.sol";
import {IFundAvatar} from "./IFundAvatar.sol";

/// @title FundWaterfall
/// @notice Whose the fund's money is: the fee, distributions by the waterfall, and what the organisation returns at the end.
abstract contract FundWaterfall is FundUnits {
    /// @dev Fees and carry to be taken.
    mapping(address account => uint96) private _credits;

    // ------------------------------------------------------------------ fee

    /// @inheritdoc IFundAvatar
    function takeFee() external {
        // Check: a fee that is due, and cash for some of it.
        uint96 amount = uint96(Math.min(_feeDue(), _cash));
        if (amount == 0) revert FundAvatar_Nothing(manager);

        // Effect: the manager's, who is it now.
        _fees += amount;
        _cash -= amount;
        _credits[manager] += amount;
        emit FeeTaken(manager, amount);
    }

    /// @inheritdoc IFundAvatar
    function takeCredit(address to) external {
        // Check: something to take, and somewhere to send it.
        if (to == address(0)) revert FundAvatar_ZeroAddress();
        uint96 amount = _credits[msg.sender];
        if (amount == 0) revert FundAvatar_Nothing(msg.sender);

        // Effect: taken.
        _credits[msg.sender] = 0;
        emit CreditTaken(msg.sender, to, amount);

        // Interaction.
        Tokens.pay(token, to, amount);
    }

    // ----------------------------------------------------------- distribute

    /// @inheritdoc IFundAvatar
    function distribute(uint96 amount) external {
        // Check: who may; others than the manager leave the fee that is due. No call runs, nobody just came.
        Phase current = phase();
        uint96 cash = _cash;
        if (msg.sender != manager) {
            if (current != Phase.Winding && current != Phase.Ended) revert FundAvatar_NotManager(msg.sender);
            cash -= uint96(Math.min(cash, _feeDue()));
        }
        if (amount == 0) revert FundAvatar_BadAmount();
        if (amount > cash) revert FundAvatar_OverCash(cash, amount);
        if (block.timestamp < _dueAt) revert FundAvatar_CallRunning(_dueAt);
        if (block.timestamp == _lastEntry) revert FundAvatar_JustEntered();

        // Effect: nobody commits any more, the tiers are paid, all of it is credited.
        (uint96 preferred, uint96 accruing) = _hurdleNow();
        Split memory parts = _split(amount, preferred, accruing);
        _finallyClosed = true;
        _cash -= amount;
        _repay(parts.capital, parts.hurdle, preferred, accruing);
        _toPartners += amount - parts.carry;
        uint96 escrowed;
        if (parts.carry != 0) {
            if (current != Phase.Ended) escrowed = uint96(Math.ceilDiv(uint256(parts.carry) * _terms.escrow, WHOLE));
            _toOrganisation += parts.carry;
            _escrow += escrowed;
            _credits[organisation] += parts.carry - escrowed;
        }
        emit ProceedsDistributed(
            amount,
            parts.capital,
            parts.hurdle,
            parts.catchUp,
            parts.rest,
            parts.carry,
            escrowed,
            _credit(amount - parts.carry)
        );
    }

    /// @dev How the waterfall splits a sum, with the hurdle as given.
    function _split(uint256 amount, uint256 preferred, uint256 accruing) private view returns (Split memory parts) {
        // Capital, then hurdle.
        uint256 capital = Math.min(amount, _unreturned);
        uint256 left = amount - capital;
        uint256 hurdle = Math.min(left, preferred + accruing);
        left -= hurdle;
        (parts.capital, parts.hurdle) = (uint96(capital), uint96(hurdle));
        if (left == 0) return parts;

        // Catch-up: as much as brings the organisation to `carry` of all profit.
        (uint256 carry, uint256 share, uint256 catchUp) = (0, _terms.carry, _terms.catchUp);
        if (catchUp != 0) {
            uint256 had = _toOrganisation;
            uint256 right = share * (_toPartners + capital + hurdle + had - _contributed);
            if (right > had * WHOLE) {
                uint256 sum = Math.min((right - had * WHOLE) / (catchUp - share), left);
                carry = sum * catchUp / WHOLE;
                left -= sum;
                parts.catchUp = uint96(sum);
            }
        }

        // The rest.
        (parts.rest, parts.carry) = (uint96(left), uint96(carry + left * share / WHOLE));
    }

    // ------------------------------------------------------------- clawback

    /// @inheritdoc IFundAvatar
    function conclude() external {
        // Check: winding, and nothing left but what there is nobody to credit with.
        _requirePhase(Phase.Winding);
        (uint96 cash, uint96 cost) = (_cash, _cost);
        bool held = totalSupply() != 0;
        if (cost != 0 || (held && cash != 0)) revert FundAvatar_NotEmpty(cash, cost);

        // Effect: what was too much goes back, as far as it is kept here; the rest of what is kept is the organisation's.
        _ended = true;
        uint96 clawback = held ? _excess() : 0;
        uint96 kept = _escrow;
        uint96 fromEscrow = clawback < kept ? clawback : kept;
        (_escrow, _clawback) = (0, clawback - fromEscrow);
        if (kept != fromEscrow) _credits[organisation] += kept - fromEscrow;
        emit FundConcluded(clawback, fromEscrow, fromEscrow == 0 ? _perUnit : _giveBack(fromEscrow));
    }

    /// @inheritdoc IFundAvatar
    function returnCarry(uint96 amount) external nonReentrant {
        // Check: something, and no more than is to be returned.
        if (amount == 0) revert FundAvatar_BadAmount();
        if (amount > _clawback) revert FundAvatar_OverClawback(_clawback, amount);

        // Effect: it is the partners'.
        _clawback -= amount;
        emit CarryReturned(msg.sender, amount, _giveBack(amount));

        // Interaction: all of it arrives.
        _take(msg.sender, amount);
    }

    /// @dev The carry that is too much: above its share of the profit, or while capital and hurdle were not paid.
    function _excess() private view returns (uint96) {
        (uint96 preferred, uint96 accruing) = _hurdleNow();
        uint256 had = _toOrganisation;
        uint256 distributed = _toPartners + had;
        uint256 profit = distributed - Math.min(distributed, _contributed);
        uint256 right = Math.min(profit * _terms.carry / WHOLE, had);
        uint256 missing = uint256(_unreturned) + preferred + accruing;
        return uint96(Math.max(had - right, Math.min(had, missing)));
    }

    /// @dev Carry becomes the partners': capital and hurdle that were not paid, then profit.
    function _giveBack(uint96 amount) private returns (uint160 perUnit) {
        (uint96 preferred, uint96 accruing) = _hurdleNow();
        uint96 capital = uint96(Math.min(amount, _unreturned));
        _repay(capital, uint96(Math.min(amount - capital, uint256(preferred) + accruing)), preferred, accruing);
        (_toPartners, _toOrganisation) = (_toPartners + amount, _toOrganisation - amount);
        return _credit(amount);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IFundAvatar
    function booksOf() external view returns (Books memory) {
        (uint96 preferred, uint96 accruing) = _hurdleNow();
        return Books({
            closedAt: _closedAt,
            finallyClosed: _finallyClosed || block.timestamp >= _terms.finalClosing,
            endsAt: _endsAt,
            committed: _committed,
            called: _called,
            dueAt: _dueAt,
            cash: _cash,
            cost: _cost,
            value: _value,
            contributed: _contributed,
            gains: _gains,
            losses: _losses,
            fees: _fees,
            feeDue: _feeDue(),
            toPartners: _toPartners,
            toOrganisation: _toOrganisation,
            escrow: _escrow,
            clawback: _clawback,
            unreturned: _unreturned,
            preferred: preferred,
            accruing: accruing
        });
    }

    /// @inheritdoc IFundAvatar
    function creditOf(address account) external view returns (uint96) {
        return _credits[account];
    }

    /// @inheritdoc IFundAvatar
    function splitOf(uint96 amount) external view returns (Split memory) {
        return _splitNow(amount);
    }

    /// @inheritdoc IFundAvatar
    function navOf() external view returns (uint256 nav, uint256 partners, uint256 perUnit) {
        uint256 assets = uint256(_cash) + _value;
        nav = assets - Math.min(assets, _feeDue());
        partners = nav - _splitNow(nav).carry;
        uint256 units = totalSupply();
        if (units != 0) perUnit = partners * 1e18 / units;
    }

    function _splitNow(uint256 amount) private view returns (Split memory) {
        (uint96 preferred, uint96 accruing) = _hurdleNow();
        return _split(Math.min(amount, type(uint96).max), preferred, accruing);
    }
}
