// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICampaign} from "../projects/ICampaign.sol";
import {FundWaterfall} from "./FundWaterfall.sol";
import {IFundAvatar} from "./IFundAvatar.sol";

/// @title FundPartners
/// @notice Who the partners are, what they committed, how capital is called of them and paid.
abstract contract FundPartners is FundWaterfall {
    /// @dev Beyond the notice: while a call runs nothing is distributed.
    uint256 private constant LONGEST_CALL = 90 days;

    // ----------------------------------------------------------- commitments

    /// @inheritdoc IFundAvatar
    function admit(address[] calldata partners, bool admitted) external onlyManager {
        for (uint256 i; i < partners.length; ++i) {
            _seats[partners[i]].admitted = admitted;
            emit PartnerAdmitted(partners[i], admitted);
        }
    }

    /// @inheritdoc IFundAvatar
    function commit(uint96 amount, uint96 most) external nonReentrant {
        _commit(amount, most);
    }

    /// @inheritdoc IFundAvatar
    function commitWithPermit(uint96 amount, uint96 most, ICampaign.Permit calldata permit) external nonReentrant {
        _allow(permit);
        _commit(amount, most);
    }

    function _commit(uint96 amount, uint96 most) private {
        // Check: commitments are taken, of this partner, within the cap, at a price that they accept.
        Phase current = phase();
        if (current > Phase.Harvesting) revert FundAvatar_WrongPhase(current);
        Terms storage terms_ = _terms;
        if (_finallyClosed || block.timestamp >= terms_.finalClosing) revert FundAvatar_CommitmentsClosed();
        if (amount == 0) revert FundAvatar_BadAmount();
        Seat storage seat = _seats[msg.sender];
        if (!seat.admitted) revert FundAvatar_NotAdmitted(msg.sender);
        if (seat.defaulted) revert FundAvatar_InDefault(msg.sender);
        (uint96 cap, uint96 committed) = (terms_.cap, _committed);
        if (amount > cap - committed) revert FundAvatar_OverCap(cap - committed, amount);
        uint96 before = seat.commitment;
        (uint96 capital, uint96 premium) = _costOf(before, amount);
        uint256 asked = uint256(capital) + premium;
        if (asked > most) revert FundAvatar_OverMost(most, asked);

        // Effect: committed, as if from the first day; the premium is of the units that are there.
        if (current != Phase.Forming) {
            _accrueFee();
            _feeOn(amount);
        }
        (seat.commitment, _committed, _lastEntry) = (before + amount, committed + amount, uint40(block.timestamp));
        uint160 perUnit = premium == 0 ? _perUnit : _credit(premium);
        if (capital != 0) _payIn(msg.sender, capital);
        emit CapitalCommitted(msg.sender, amount, capital, premium, perUnit);

        // Interaction.
        if (asked != 0) _take(msg.sender, asked);
    }

    /// @inheritdoc IFundAvatar
    function withdrawCommitment() external {
        // Check: nothing binds yet, or any more; something to withdraw.
        Phase current = phase();
        if (current != Phase.Forming && current != Phase.Lapsed) revert FundAvatar_WrongPhase(current);
        uint96 amount = _seats[msg.sender].commitment;
        if (amount == 0) revert FundAvatar_Nothing(msg.sender);

        // Effect.
        _seats[msg.sender].commitment = 0;
        _committed -= amount;
        emit CommitmentWithdrawn(msg.sender, amount);
    }

    /// @inheritdoc IFundAvatar
    function close() external onlyManager {
        Phase current = phase();
        bool finally_ = current != Phase.Forming;
        uint96 committed = _committed;
        if (finally_) {
            // Check: closed once, and commitments still come.
            if (current > Phase.Harvesting) revert FundAvatar_WrongPhase(current);
            if (_finallyClosed || block.timestamp >= _terms.finalClosing) revert FundAvatar_CommitmentsClosed();

            // Effect: they come no more.
            _finallyClosed = true;
        } else {
            // Check: enough was committed.
            uint96 minimum = _terms.minimum;
            if (committed < minimum) revert FundAvatar_BelowMinimum(minimum, committed);

            // Effect: its life begins.
            uint40 now_ = uint40(block.timestamp);
            (_closedAt, _endsAt) = (now_, now_ + _terms.life);
        }
        emit FundClosed(finally_, committed);
    }

    // ----------------------------------------------------------------- calls

    /// @inheritdoc IFundAvatar
    function callCapital(uint96 amount, uint40 dueAt, bytes32 purpose) external onlyManager {
        // Check: no call is running, there is notice enough, and so much left of the commitments.
        Phase current = phase();
        if (current != Phase.Investing && current != Phase.Harvesting) revert FundAvatar_WrongPhase(current);
        if (block.timestamp < _dueAt) revert FundAvatar_CallRunning(_dueAt);
        uint256 earliest = block.timestamp + _terms.callNotice;
        if (dueAt < earliest) revert FundAvatar_ShortNotice(earliest, dueAt);
        if (dueAt > earliest + LONGEST_CALL) revert FundAvatar_BadTerms("dueAt");
        if (amount == 0) revert FundAvatar_BadAmount();
        (uint256 committed, uint64 called) = (_committed, _called);
        uint256 share = committed == 0 ? type(uint256).max : amount * ONE / committed;
        if (share > ONE - called) revert FundAvatar_OverCommitment(uint96(committed * (ONE - called) / ONE), amount);

        // Effect: so much more of every commitment is due.
        (_calledBefore, _dueBefore) = (called, _dueAt);
        _calledTimes += uint104(share * block.timestamp);
        called += uint64(share);
        uint16 number = _calls + 1;
        (_called, _dueAt, _calls) = (called, dueAt, number);
        emit CapitalCalled(number, amount, called, dueAt, purpose);
    }

    /// @inheritdoc IFundAvatar
    function pay(address partner, uint96 amount) external nonReentrant {
        _pay(partner, amount);
    }

    /// @inheritdoc IFundAvatar
    function payWithPermit(uint96 amount, ICampaign.Permit calldata permit) external nonReentrant {
        _allow(permit);
        _pay(msg.sender, amount);
    }

    function _pay(address partner, uint96 amount) private {
        // Check: no more than is due.
        if (amount == 0) revert FundAvatar_BadAmount();
        (uint96 due, uint96 late) = _dueOf(partner);
        if (amount > due) revert FundAvatar_OverDue(due, amount);

        // Effect: paid, what is late first, and on that the fee on top. Who waited to see what the fund brings gets units in one block
        // and what they bring in a later one.
        uint96 lateFee;
        if (late != 0) {
            _lastEntry = uint40(block.timestamp);
            lateFee = uint96(Math.ceilDiv(Math.min(amount, late) * _terms.lateFee, WHOLE));
            _gain(lateFee);
            _cash += lateFee;
        }
        _payIn(partner, amount);
        emit CallPaid(partner, msg.sender, amount, lateFee);

        // Interaction.
        _take(msg.sender, uint256(amount) + lateFee);
    }

    /// @dev Capital of a partner, and as many units.
    function _payIn(address partner, uint96 amount) private {
        _seats[partner].paid += amount;
        _contribute(amount);
        _mint(partner, amount);
    }

    /// @inheritdoc IFundAvatar
    function declareDefault(address partner) external onlyManager {
        // Check: late for longer than grace.
        (, uint96 late) = _dueOf(partner);
        uint256 dueAt = block.timestamp < _dueAt ? _dueBefore : _dueAt;
        if (late == 0 || block.timestamp < dueAt + _terms.grace) revert FundAvatar_NotLate(partner);

        // Effect: no partner any more but for the units that are left.
        _accrueFee();
        Seat storage seat = _seats[partner];
        uint96 commitment = seat.commitment;
        _committed -= commitment;
        (seat.commitment, seat.defaulted) = (0, true);
        uint256 units = balanceOf(partner) * _terms.forfeit / WHOLE;
        _burn(partner, units);
        emit PartnerDefaulted(partner, commitment, uint96(units));
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IFundAvatar
    function costOfEntry(uint96 amount) external view returns (uint96 capital, uint96 premium) {
        return _costOf(_seats[msg.sender].commitment, amount);
    }

    /// @dev What it costs now to commit `amount` on top of `before`.
    function _costOf(uint96 before, uint256 amount) private view returns (uint96 capital, uint96 premium) {
        uint256 called = _called;
        capital = uint96((before + amount) * called / ONE - before * called / ONE);
        if (totalSupply() == 0) return (capital, 0);
        uint256 interest = amount * (called * block.timestamp - _calledTimes) * _terms.equalisation;
        premium = uint96(Math.ceilDiv(interest, ONE * WHOLE * YEAR));
    }

    // -------------------------------------------------------------- helpers

    /// @dev A permit that fails may have been spent by somebody who saw it: what counts is the allowance.
    function _allow(ICampaign.Permit calldata permit) private {
        try IERC20Permit(token).permit(
            msg.sender, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s
        ) {} catch {}
    }
}
