// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICampaignFactory} from "../projects/ICampaignFactory.sol";
import {IProjectRegistry} from "../projects/IProjectRegistry.sol";
import {IFundFactory} from "./IFundFactory.sol";
import {IFundTerms} from "./IFundTerms.sol";

/// @title FundTerms
/// @notice What a fund keeps, its mandate, its terms and the phase that follows from them.
/// @dev Slots are packed by what is needed together. The second slot of `_terms` has the rates, and all times that run from the first closing.
abstract contract FundTerms is IFundTerms, ReentrancyGuardTransient {
    /// @dev All shares are of this, basis points.
    uint256 internal constant WHOLE = 10_000;
    /// @dev Shares of commitments are of this.
    uint256 internal constant ONE = 1e18;
    uint256 internal constant YEAR = 365 days;

    IFundFactory public immutable factory;
    ICampaignFactory public immutable campaigns;
    IProjectRegistry public immutable projects;

    /// @inheritdoc IFundTerms
    address public token;
    uint40 internal _closedAt;
    uint40 internal _endsAt;
    /// @dev Nobody commits any more: the manager said so, or proceeds have come.
    bool internal _finallyClosed;
    bool internal _ended;

    /// @inheritdoc IFundTerms
    address public manager;
    /// @dev How often life was extended.
    uint8 internal _extended;

    /// @inheritdoc IFundTerms
    address public appraiser;

    /// @inheritdoc IFundTerms
    address public organisation;
    /// @dev Not invested, not credited to anybody.
    uint96 internal _cash;

    uint96 internal _committed;
    uint64 internal _called;
    uint40 internal _dueAt;
    /// @dev Of the last call.
    uint16 internal _calls;
    /// @dev Second of the last commitment, or payment that was late.
    uint40 internal _lastEntry;

    /// @dev As they were before the last call.
    uint64 internal _calledBefore;
    uint40 internal _dueBefore;
    /// @dev Sum of the called shares, each times its second.
    uint104 internal _calledTimes;

    Terms internal _terms;
    Mandate internal _mandate;

    string internal _name;
    string internal _symbol;

    constructor(IFundFactory factory_, ICampaignFactory campaigns_, IProjectRegistry projects_) {
        if (address(factory_) == address(0) || address(campaigns_) == address(0) || address(projects_) == address(0)) {
            revert FundAvatar_ZeroAddress();
        }
        (factory, campaigns, projects) = (factory_, campaigns_, projects_);
    }

    modifier onlyManager() {
        if (msg.sender != manager) revert FundAvatar_NotManager(msg.sender);
        _;
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IFundTerms
    function phase() public view returns (Phase) {
        if (_ended) return Phase.Ended;
        uint256 closedAt = _closedAt;
        if (closedAt == 0) return block.timestamp < _terms.finalClosing ? Phase.Forming : Phase.Lapsed;
        if (block.timestamp >= _endsAt) return Phase.Winding;
        return block.timestamp < closedAt + _terms.investmentPeriod ? Phase.Investing : Phase.Harvesting;
    }

    /// @inheritdoc IFundTerms
    function mandate() external view returns (Mandate memory) {
        return _mandate;
    }

    /// @inheritdoc IFundTerms
    function terms() external view returns (Terms memory) {
        return _terms;
    }

    // -------------------------------------------------------------- helpers

    function _requirePhase(Phase needed) internal view {
        Phase current = phase();
        if (current != needed) revert FundAvatar_WrongPhase(current);
    }
}
