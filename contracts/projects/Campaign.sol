// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {CityRoles} from "../cities/CityRoles.sol";
import {CampaignMilestones} from "./CampaignMilestones.sol";
import {CampaignTerms} from "./CampaignTerms.sol";
import {ICampaign} from "./ICampaign.sol";
import {ICampaignFactory} from "./ICampaignFactory.sol";
import {IMatchingPool} from "./IMatchingPool.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";

/// @title Campaign
/// @notice What all four forms share. A form says what its terms and pledges are and what comes back to backers.
/// @dev A form is one contract; it overrides what stands under "of the form" here and in the parents.
abstract contract Campaign is CampaignMilestones {
    constructor(ICampaignFactory factory_, IProjectRegistry projects_, ICityRegistry cities_, IMatchingPool pool_)
        CampaignTerms(factory_, projects_, cities_, pool_)
        EIP712("Campaign", "1")
    {}

    // ----------------------------------------------------------------- stop

    /// @inheritdoc ICampaign
    function stop(bytes32 reason) external {
        // Check: not over yet; author, moderator, or a milestone overdue.
        Phase current = phase();
        if (current == Phase.Stopped || current == Phase.Failed || current == Phase.Completed) {
            _refuse(current);
        }
        (, address author,,) = projects.standingOf(projectId);
        bool may = msg.sender == author || cities.rolesOf(cityId, msg.sender) & CityRoles.MODERATOR != 0
            || _isOverdue();
        if (!may) revert Campaign_MayNotStop(msg.sender);

        // Effect: the rest is the backers' and the pool's, by what each put in.
        uint256 whole = uint256(_raised) + _matched;
        uint256 rest = whole - _released;
        uint96 toBackers = whole == 0 ? 0 : uint96(rest * _raised / whole);
        _stopped = true;
        _toBackers = toBackers;
        _onStop(toBackers);
        emit CampaignStopped(msg.sender, toBackers, uint96(rest - toBackers), reason);
    }

    /// @inheritdoc ICampaign
    function returnMatch() external nonReentrant {
        // Check: stopped, and something of the pool's here.
        _requirePhase(Phase.Stopped);
        uint96 amount = uint96(uint256(_raised) + _matched - _released - _toBackers);
        if (amount == 0) revert Campaign_Nothing(address(pool));

        // Effect: it is matched no longer.
        _matched -= amount;
        emit MatchReturned(amount);

        // Interaction: the money, all of it, then the word.
        IERC20 money = IERC20(token);
        uint256 before = money.balanceOf(address(pool));
        _pay(address(pool), amount);
        uint256 received = money.balanceOf(address(pool)) - before;
        if (received < amount) revert Campaign_ShortTransfer(address(money), amount, received);
        pool.receiveReturn(roundId, amount);
    }

    // --------------------------------------------------------------- refund

    /// @inheritdoc ICampaign
    function refund(address backer) external nonReentrant {
        _refund(backer, backer);
    }

    /// @inheritdoc ICampaign
    function refundTo(address to) external nonReentrant {
        _refund(msg.sender, to);
    }

    function _refund(address backer, address to) internal virtual {
        // Check: over without success, something to refund, and somewhere to send it.
        if (to == address(0)) revert Campaign_ZeroAddress();
        Phase current = phase();
        if (current != Phase.Failed && current != Phase.Stopped) _refuse(current);
        uint96 principal = _amountOf(backer);
        uint96 amount = _refundOf(principal, current);
        if (amount == 0) revert Campaign_Nothing(backer);

        // Effect: nothing of the backer's is left here.
        _clear(backer);
        _onRefund(backer, current);
        emit PledgeRefunded(backer, to, principal, amount);

        // Interaction.
        _pay(to, amount);
    }

    function _refundOf(uint96 principal, Phase current) private view returns (uint96) {
        if (principal == 0 || current == Phase.Failed) return principal;
        return uint96(uint256(_toBackers) * principal / _raised);
    }

    // ---------------------------------------------------------- of the form

    /// @dev The campaign was stopped, and so much left for the backers.
    function _onStop(uint96 toBackers) internal virtual {}

    /// @dev A backer's position was settled by a refund; clears what the form keeps of it.
    function _onRefund(address backer, Phase current) internal virtual {}

    function _tierOf(address backer) internal view virtual returns (uint8) {}

    function _drawnBy(address backer) internal view virtual returns (uint96) {}

    function _paidIn() internal view virtual returns (uint128) {}

    /// @inheritdoc ICampaign
    function repay(uint96) external virtual {
        revert Campaign_WrongForm(form());
    }

    /// @inheritdoc ICampaign
    function declareDefault() external virtual {
        revert Campaign_WrongForm(form());
    }

    /// @inheritdoc ICampaign
    function distribute(uint96) external virtual {
        revert Campaign_WrongForm(form());
    }

    /// @inheritdoc ICampaign
    function claim(address) external virtual {
        revert Campaign_WrongForm(form());
    }

    /// @inheritdoc ICampaign
    function claimTo(address) external virtual {
        revert Campaign_WrongForm(form());
    }

    /// @inheritdoc ICampaign
    function claimableOf(address) external view virtual returns (uint256) {}

    /// @inheritdoc ICampaign
    function stockOf(uint8) external view virtual returns (uint32) {}

    /// @inheritdoc ICampaign
    function loanOf() external view virtual returns (uint96, uint96, uint256, bool) {}

    // ---------------------------------------------------------------- views

    /// @inheritdoc ICampaign
    function refundableOf(address backer) public view virtual returns (uint256) {
        Phase current = phase();
        if (current != Phase.Failed && current != Phase.Stopped) return 0;
        return _refundOf(_amountOf(backer), current);
    }

    /// @inheritdoc ICampaign
    function positionOf(address backer) external view returns (Position memory) {
        Held memory held = _heldBy(backer);
        return Position({
            amount: held.amount,
            cooling: held.cooling,
            coolingUntil: held.cooling == 0 ? 0 : _opens + held.coolingUntil,
            cityId: held.cityId,
            tier: _tierOf(backer),
            drawn: _drawnBy(backer)
        });
    }

    /// @inheritdoc ICampaign
    function stateOf() external view returns (State memory) {
        return State({
            phase: phase(),
            edition: _edition,
            frozen: _frozen,
            raised: _raised,
            matched: _matched,
            released: _released,
            milestone: _milestone,
            uncollected: _uncollected,
            fees: _fees,
            proceeds: _paidIn(),
            toBackers: _toBackers
        });
    }
}
