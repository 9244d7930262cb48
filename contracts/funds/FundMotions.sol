// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FundPartners} from "./FundPartners.sol";
import {IFundAvatar} from "./IFundAvatar.sol";

/// @title FundMotions
/// @notice What partners decide: who manages and who appraises, a longer life, the end.
/// @dev A consent weighs the units held then, and they stay. More than half is of all units: those that defaults burned since the proposal
/// count as well, or consents given with them would weigh more than they did.
abstract contract FundMotions is FundPartners {
    uint256 private constant TERM = 30 days;

    /// @dev A motion as kept.
    /// @param burned Units burned before it.
    struct Put {
        Matter matter;
        address subject;
        uint40 until;
        bool carried;
        uint96 consents;
        uint96 burned;
    }

    uint32 private _count;
    mapping(uint32 number => Put) private _motions;
    mapping(uint32 number => mapping(address partner => bool)) private _consented;

    /// @inheritdoc IFundAvatar
    function propose(Matter matter, address subject, bytes32 reason) external returns (uint32 number) {
        // Check: something that could be decided now.
        _requireSense(matter, subject);

        // Effect: it is put.
        number = ++_count;
        uint40 until = uint40(block.timestamp + TERM);
        _motions[number] = Put(matter, subject, until, false, 0, _contributed - uint96(totalSupply()));
        emit MotionProposed(number, matter, subject, msg.sender, until, reason);

        // Check and effect: who puts it consents.
        _consent(number);
    }

    /// @inheritdoc IFundAvatar
    function consent(uint32 number) external {
        _consent(number);
    }

    function _consent(uint32 number) private {
        // Check: a motion under way, and a holder who may and did not yet.
        Put memory motion = _motions[number];
        if (motion.until == 0) revert FundAvatar_UnknownMotion(number);
        if (motion.carried || block.timestamp >= motion.until) revert FundAvatar_MotionOver(number);
        Seat storage seat = _seats[msg.sender];
        if (seat.defaulted) revert FundAvatar_InDefault(msg.sender);
        if (_consented[number][msg.sender]) revert FundAvatar_ConsentedAlready(number, msg.sender);
        uint96 units = uint96(balanceOf(msg.sender));
        if (units == 0) revert FundAvatar_Nothing(msg.sender);

        // Effect: the units weigh and stay; enough of them carry it.
        uint96 consents = motion.consents + units;
        _consented[number][msg.sender] = true;
        _motions[number].consents = consents;
        if (seat.lockedUntil < motion.until) seat.lockedUntil = motion.until;
        emit MotionSupported(number, msg.sender, units, consents);
        if (uint256(consents) * 2 > _contributed - motion.burned) _decide(number, motion.matter, motion.subject);
    }

    function _decide(uint32 number, Matter matter, address subject) private {
        // Check: it still can be.
        _requireSense(matter, subject);

        // Effect.
        _motions[number].carried = true;
        emit MotionCarried(number);
        if (matter == Matter.ReplaceManager) {
            manager = subject;
            emit ManagerReplaced(subject);
        } else if (matter == Matter.ReplaceAppraiser) {
            appraiser = subject;
            emit AppraiserReplaced(subject);
        } else {
            uint40 ends = uint40(block.timestamp);
            if (matter == Matter.ExtendLife) {
                ends = _endsAt + _terms.extension;
                ++_extended;
            }
            _endsAt = ends;
            emit LifeSet(ends);
        }
    }

    /// @dev Reverts unless it names somebody new who is not both, or is about the end of a life that goes on.
    function _requireSense(Matter matter, address subject) private view {
        if (matter == Matter.ReplaceManager || matter == Matter.ReplaceAppraiser) {
            if (subject == address(0)) revert FundAvatar_ZeroAddress();
            if (subject == manager || subject == appraiser) revert FundAvatar_BadTerms("subject");
            return;
        }
        if (subject != address(0)) revert FundAvatar_BadTerms("subject");
        Phase current = phase();
        if (current != Phase.Investing && current != Phase.Harvesting) revert FundAvatar_WrongPhase(current);
        if (matter == Matter.ExtendLife && _extended >= _terms.extensions) {
            revert FundAvatar_NoExtension(_terms.extensions);
        }
    }

    /// @inheritdoc IFundAvatar
    function motionOf(uint32 number) external view returns (Motion memory) {
        Put memory motion = _motions[number];
        return Motion(motion.matter, motion.subject, motion.until, motion.carried, motion.consents);
    }
}
