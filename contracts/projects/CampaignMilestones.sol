// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {CampaignPledges} from "./CampaignPledges.sol";
import {ICampaign} from "./ICampaign.sol";

/// @title CampaignMilestones
/// @notice How a funded campaign's money is released: milestones, their reports and objections, fees, and what the pool adds.
abstract contract CampaignMilestones is CampaignPledges {
    bytes32 private constant OBJECT_TYPEHASH =
        keccak256("Object(address backer,uint8 milestone,uint16 attempt,uint256 deadline)");

    uint96 internal _uncollected;
    uint96 internal _fees;

    uint96 internal _matched;
    /// @dev What a stop left for the backers.
    uint96 internal _toBackers;

    uint96 private _objections;
    uint40 private _vetoUntil;
    uint16 private _attempt;

    /// @dev The report that a backer objected to last: milestone and attempt.
    mapping(address backer => uint24 reported) private _objected;

    // --------------------------------------------------------------- report

    /// @inheritdoc ICampaign
    function report(bytes32 evidence) external {
        // Check: author or payee, a milestone from the second on, no report under way, in time.
        if (msg.sender != _payee && msg.sender != _author()) revert Campaign_NotAuthor(msg.sender);
        _requirePhase(Phase.Funded);
        uint8 milestone = _milestone;
        if (milestone == 0) revert Campaign_NoMilestone();
        if (_vetoUntil != 0) revert Campaign_ReportPending(milestone + 1, _vetoUntil);
        uint256 due = _due();
        if (block.timestamp >= due) revert Campaign_Overdue(milestone + 1, due);

        // Effect: the window begins.
        uint40 vetoUntil = uint40(block.timestamp + _vetoWindow);
        uint16 attempt = _attempt + 1;
        (_vetoUntil, _attempt) = (vetoUntil, attempt);
        emit MilestoneReported(milestone + 1, attempt, msg.sender, vetoUntil, evidence);
    }

    // --------------------------------------------------------------- object

    /// @inheritdoc ICampaign
    function object() external {
        _object(msg.sender);
    }

    /// @inheritdoc ICampaign
    function objectBySig(address backer, uint256 deadline, bytes calldata signature) external {
        bytes32 content = keccak256(abi.encode(OBJECT_TYPEHASH, backer, _milestone + 1, _attempt, deadline));
        _requireSigned(backer, content, deadline, signature);
        _object(backer);
    }

    function _object(address backer) private {
        // Check: a report under way, in its window; a backer who has not objected to it yet.
        _requirePhase(Phase.Funded);
        (uint40 vetoUntil, uint16 attempt, uint8 milestone) = (_vetoUntil, _attempt, _milestone + 1);
        if (vetoUntil == 0) revert Campaign_NoReport();
        if (block.timestamp >= vetoUntil) revert Campaign_WindowOver(vetoUntil);
        uint96 weight = _amountOf(backer);
        if (weight == 0) revert Campaign_Nothing(backer);
        uint24 reported = _reported(milestone, attempt);
        if (_objected[backer] == reported) revert Campaign_ObjectedAlready(backer);

        // Effect: it weighs, and enough of it voids the report.
        _objected[backer] = reported;
        uint96 objections = _objections + weight;
        emit Objected(backer, milestone, attempt, weight, objections);
        if (objections * WHOLE > uint256(_raised) * _vetoShare) {
            (_objections, _vetoUntil) = (0, 0);
            emit ReportVoided(milestone, attempt);
        } else {
            _objections = objections;
        }
    }

    function _reported(uint8 milestone, uint16 attempt) private pure returns (uint24) {
        return (uint24(milestone) << 16) | attempt;
    }

    // -------------------------------------------------------------- release

    /// @inheritdoc ICampaign
    function release() external nonReentrant {
        // Check: funded, and from the second milestone on a report whose window is over; or completed, and more came.
        Phase current = phase();
        uint8 milestone = _milestone;
        if (current == Phase.Funded) {
            if (milestone != 0) _requireReport();
            ++milestone;
        } else if (current != Phase.Completed) {
            _refuse(current);
        }
        uint96 target = _target(milestone);
        uint96 amount = target - _released;
        if (amount == 0 && current == Phase.Completed) revert Campaign_NoMilestone();

        // Effect: payee and network can collect. The fee is rounded up.
        uint96 fee = uint96(Math.ceilDiv(uint256(amount) * feeShare, WHOLE));
        (_released, _milestone, _lastRelease) = (target, milestone, uint40(block.timestamp));
        (_uncollected, _fees) = (_uncollected + amount - fee, _fees + fee);
        if (current == Phase.Funded && milestone != 1) (_objections, _vetoUntil, _attempt) = (0, 0, 0);
        _onRelease(amount);
        emit TrancheReleased(milestone, amount, fee);
    }

    function _requireReport() private view {
        uint40 vetoUntil = _vetoUntil;
        if (vetoUntil == 0) revert Campaign_NoReport();
        if (block.timestamp < vetoUntil) revert Campaign_WindowRunning(vetoUntil);
    }

    /// @dev What is released after so many milestones.
    function _target(uint8 milestone) private view returns (uint96) {
        uint256 whole = uint256(_raised) + _matched;
        if (milestone == _milestones) return uint96(whole);
        uint256 share;
        for (uint256 i; i < milestone; ++i) {
            share += uint16(_shares >> (16 * i));
        }
        return uint96(whole * share / WHOLE);
    }

    // -------------------------------------------------------------- collect

    /// @inheritdoc ICampaign
    function collect(address to) external nonReentrant {
        // Check: the payee, something to collect, and somewhere to send it.
        if (to == address(0)) revert Campaign_ZeroAddress();
        if (msg.sender != _payee) revert Campaign_NotPayee(msg.sender);
        uint96 amount = _uncollected;
        if (amount == 0) revert Campaign_Nothing(msg.sender);

        // Effect: all of it is collected.
        _uncollected = 0;
        emit TrancheCollected(msg.sender, to, amount);

        // Interaction.
        _pay(to, amount);
    }

    /// @inheritdoc ICampaign
    function collectFees() external nonReentrant {
        // Check: something to collect.
        address treasury = factory.treasury();
        uint96 amount = _fees;
        if (amount == 0) revert Campaign_Nothing(treasury);

        // Effect: all of it is collected.
        _fees = 0;
        emit FeeCollected(treasury, amount);

        // Interaction.
        _pay(treasury, amount);
    }

    // ---------------------------------------------------------------- match

    /// @inheritdoc ICampaign
    function receiveMatch(uint96 amount) external nonReentrant {
        // Check: the pool, while it can be released.
        if (msg.sender != address(pool)) revert Campaign_NotPool(msg.sender);
        Phase current = phase();
        if (current != Phase.Funded && current != Phase.Completed) _refuse(current);

        // Effect: there is more to release; all of it fits what is counted.
        SafeCast.toUint96(uint256(_raised) + _matched + amount);
        _matched += amount;
        emit MatchReceived(amount);
    }

    // ---------------------------------------------------------- of the form

    /// @dev A tranche, fee included, was released: of a loan it is principal from now on.
    function _onRelease(uint96 amount) internal virtual {}

    /// @dev The new wallet has objected where the old one did: nobody weighs twice.
    function _onMove(address oldWallet, address newWallet)
        internal
        virtual
        override
        returns (uint8 tier, uint96 drawn)
    {
        uint24 reported = _objected[oldWallet];
        if (reported != 0 && reported == _reported(_milestone + 1, _attempt)) _objected[newWallet] = reported;
        return (0, 0);
    }

    // -------------------------------------------------------------- helpers

    /// @dev First second at which the next milestone is overdue; the first of all never is.
    function _due() internal view returns (uint256) {
        return uint256(_lastRelease) + _milestoneTerm;
    }

    /// @dev Whether anybody may stop the campaign, which is funded.
    function _isOverdue() internal view returns (bool) {
        return _milestone != 0 && _vetoUntil == 0 && block.timestamp >= _due();
    }

    /// @inheritdoc ICampaign
    function reportOf() external view returns (Report memory shown) {
        if (_vetoUntil == 0 || phase() != Phase.Funded) return shown;
        return Report(_milestone + 1, _attempt, _vetoUntil, _objections);
    }
}
