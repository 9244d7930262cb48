// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Tokens} from "../kit/Tokens.sol";
import {FundPortfolio} from "./FundPortfolio.sol";
import {IFundAvatar} from "./IFundAvatar.sol";

/// @title FundUnits
/// @notice Units of a fund, and what is credited to who holds them.
/// @dev What all holders get is kept per unit, and brought to a holder's own account whenever their units change. A unit's part is rounded
/// up, so that whoever's exact part is a whole number gets it; an account is rounded down, so that all together never get more than
/// there is. Less than a base unit each time stays here and is nobody's.
abstract contract FundUnits is FundPortfolio, ERC20, IFundAvatar {
    uint256 private constant GRAIN = 96;

    /// @dev A partner as kept.
    struct Seat {
        uint96 commitment;
        uint96 paid;
        uint40 lockedUntil;
        bool admitted;
        bool defaulted;
    }

    /// @dev What a holder can claim, as of `perUnit`.
    struct Account {
        uint96 credited;
        uint160 perUnit;
    }

    /// @dev Ever credited to a unit, in 2^96ths.
    uint160 internal _perUnit;
    /// @dev By how much parts were rounded up, all units and credits together, in 2^96ths: less than one base unit, or a credit is rounded
    /// down.
    uint96 private _ahead;

    mapping(address partner => Seat) internal _seats;
    mapping(address holder => Account) private _accounts;

    // ---------------------------------------------------------------- claim

    /// @inheritdoc IFundAvatar
    function claim(address partner) external nonReentrant {
        if (msg.sender != partner && factory.isFund(partner)) revert FundAvatar_FundCollects(partner);
        _claim(partner, partner);
    }

    /// @inheritdoc IFundAvatar
    function claimTo(address to) external nonReentrant {
        _claim(msg.sender, to);
    }

    function _claim(address partner, address to) private {
        // Check: something credited, somewhere to send it, and nothing owed.
        if (to == address(0)) revert FundAvatar_ZeroAddress();
        _requirePunctual(partner);
        (uint96 amount, uint160 perUnit) = _accountOf(partner);
        if (amount == 0) revert FundAvatar_Nothing(partner);

        // Effect: claimed.
        _accounts[partner] = Account(0, perUnit);
        emit DistributionClaimed(partner, to, amount);

        // Interaction.
        Tokens.pay(token, to, amount);
    }

    // ---------------------------------------------------------------- units

    /// @dev Both sides get what was credited so far. Who gives units may, who receives them is admitted.
    function _update(address from, address to, uint256 value) internal override {
        if (from != address(0) && to != address(0)) {
            Seat storage giver = _seats[from];
            Seat storage receiver = _seats[to];
            if (!receiver.admitted) revert FundAvatar_NotAdmitted(to);
            if (receiver.defaulted) revert FundAvatar_InDefault(to);
            if (block.timestamp < giver.lockedUntil) revert FundAvatar_UnitsLocked(from, giver.lockedUntil);
            _requirePunctual(from);
        }
        if (from != address(0)) _settle(from);
        if (to != address(0)) _settle(to);
        super._update(from, to, value);
    }

    function _settle(address holder) private {
        if (_accounts[holder].perUnit == _perUnit) return;
        (uint96 credited, uint160 perUnit) = _accountOf(holder);
        _accounts[holder] = Account(credited, perUnit);
    }

    function _accountOf(address holder) private view returns (uint96 credited, uint160 perUnit) {
        Account memory account = _accounts[holder];
        perUnit = _perUnit;
        uint256 more = uint256(perUnit - account.perUnit) * balanceOf(holder) >> GRAIN;
        return (account.credited + uint96(more), perUnit);
    }

    /// @dev Credits a sum that is here to all units, in equal parts. Reverts where there are none.
    /// @return perUnit Ever credited to a unit, this sum included, in 2^96ths.
    function _credit(uint96 amount) internal returns (uint160 perUnit) {
        uint256 units = totalSupply();
        if (units == 0) revert FundAvatar_Nothing(address(this));
        if (amount == 0) return _perUnit;
        uint256 whole = uint256(amount) << GRAIN;
        uint256 more = Math.ceilDiv(whole, units);
        uint256 ahead = _ahead + more * units - whole;
        if (ahead >> GRAIN != 0) (more, ahead) = (more - 1, ahead - units);
        perUnit = SafeCast.toUint160(_perUnit + more);
        (_perUnit, _ahead) = (perUnit, uint96(ahead));
    }

    // ----------------------------------------------------------------- dues

    /// @dev What a partner has to pay, and the part of it that is past its due date.
    function _dueOf(address partner) internal view returns (uint96 due, uint96 late) {
        Seat storage seat = _seats[partner];
        (uint256 commitment, uint256 paid, uint256 called) = (seat.commitment, seat.paid, _called);
        due = _unpaid(commitment, called, paid);
        late = due == 0 || block.timestamp >= _dueAt ? due : _unpaid(commitment, _calledBefore, paid);
    }

    function _unpaid(uint256 commitment, uint256 called, uint256 paid) private pure returns (uint96) {
        uint256 asked = commitment * called / ONE;
        return asked > paid ? uint96(asked - paid) : 0;
    }

    function _requirePunctual(address partner) private view {
        (, uint96 late) = _dueOf(partner);
        if (late != 0) revert FundAvatar_Late(partner, late);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IERC20Metadata
    function name() public view override(ERC20, IERC20Metadata) returns (string memory) {
        return _name;
    }

    /// @inheritdoc IERC20Metadata
    function symbol() public view override(ERC20, IERC20Metadata) returns (string memory) {
        return _symbol;
    }

    /// @inheritdoc IERC20Metadata
    function decimals() public view override(ERC20, IERC20Metadata) returns (uint8) {
        return IERC20Metadata(token).decimals();
    }

    /// @inheritdoc IFundAvatar
    function partnerOf(address partner) external view returns (Partner memory) {
        Seat storage seat = _seats[partner];
        return Partner({
            commitment: seat.commitment,
            paid: seat.paid,
            units: uint96(balanceOf(partner)),
            admitted: seat.admitted,
            defaulted: seat.defaulted,
            lockedUntil: seat.lockedUntil
        });
    }

    /// @inheritdoc IFundAvatar
    function dueOf(address partner) external view returns (uint96 due, uint96 late) {
        return _dueOf(partner);
    }

    /// @inheritdoc IFundAvatar
    function claimableOf(address partner) external view returns (uint96 amount) {
        (amount,) = _accountOf(partner);
    }

    // -------------------------------------------------------------- helpers

    /// @dev Takes by allowance; all of it arrives, or nothing happened.
    function _take(address from, uint256 amount) internal {
        address money = token;
        uint256 received = Tokens.take(money, from, amount);
        if (received != amount) revert FundAvatar_ShortTransfer(money, amount, received);
    }
}
