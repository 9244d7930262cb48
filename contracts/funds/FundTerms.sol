// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ICampaign} from "../projects/ICampaign.sol";
import {ICampaignFactory} from "../projects/ICampaignFactory.sol";
import {IProjectRegistry} from "../projects/IProjectRegistry.sol";
import {IFundAvatar} from "./IFundAvatar.sol";
import {IFundFactory} from "./IFundFactory.sol";

/// @title FundTerms
/// @notice What a fund keeps, its mandate, its terms and the phase that follows from them.
/// @dev Slots are packed by what is needed together. The second slot of `_terms` has the rates, and all times that run from the first closing.
abstract contract FundTerms is IFundAvatar, ReentrancyGuardTransient {
    /// @dev All shares are of this, basis points.
    uint256 internal constant WHOLE = 10_000;
    /// @dev Shares of commitments are of this.
    uint256 internal constant ONE = 1e18;
    uint256 internal constant YEAR = 365 days;
    uint256 private constant HIGHEST_FEE = 1_000;
    uint256 private constant HIGHEST_CARRY = 5_000;
    uint256 private constant MOST_CITIES = 256;

    IFundFactory public immutable factory;
    ICampaignFactory public immutable campaigns;
    IProjectRegistry public immutable projects;

    /// @inheritdoc IFundAvatar
    address public token;
    uint40 internal _closedAt;
    uint40 internal _endsAt;
    /// @dev Nobody commits any more: the manager said so, or proceeds have come.
    bool internal _finallyClosed;
    bool internal _ended;

    /// @inheritdoc IFundAvatar
    address public manager;
    /// @dev How often life was extended.
    uint8 internal _extended;

    /// @inheritdoc IFundAvatar
    address public appraiser;

    /// @inheritdoc IFundAvatar
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

    /// @inheritdoc IFundAvatar
    function initialize(
        address organisation_,
        string calldata name_,
        string calldata symbol_,
        address token_,
        address manager_,
        address appraiser_,
        Mandate calldata mandate_,
        Terms calldata terms_
    ) external {
        // Check: the factory, which does this once in a fund's life; a mandate and terms that make sense.
        if (msg.sender != address(factory)) revert FundAvatar_NotFactory(msg.sender);
        if (manager_ == address(0) || appraiser_ == address(0)) revert FundAvatar_ZeroAddress();
        _require(appraiser_ != manager_, "appraiser");
        _requireMandate(mandate_);
        _requireTerms(terms_);

        // Effect: what never changes, and who runs it.
        (organisation, _name, _symbol, token) = (organisation_, name_, symbol_, token_);
        (manager, appraiser) = (manager_, appraiser_);
        (_mandate, _terms) = (mandate_, terms_);
        emit MandateSet(
            mandate_.kinds, mandate_.forms, mandate_.largestShare, mandate_.mayCommit, mandate_.cities
        );
        emit FundTermsSet(
            terms_.minimum,
            terms_.cap,
            terms_.finalClosing,
            terms_.investmentPeriod,
            terms_.life,
            terms_.extension,
            terms_.extensions,
            terms_.managementFee,
            terms_.hurdle,
            terms_.catchUp,
            terms_.carry,
            terms_.escrow
        );
        emit PartnerTermsSet(
            terms_.equalisation,
            terms_.callNotice,
            terms_.grace,
            terms_.lateFee,
            terms_.forfeit,
            terms_.markTerm
        );
        emit ManagerReplaced(manager_);
        emit AppraiserReplaced(appraiser_);
    }

    function _requireMandate(Mandate calldata given) private pure {
        bool funds = given.mayCommit;
        _require(given.kinds >> (uint256(type(IProjectRegistry.Kind).max) + 1) == 0, "kinds");
        _require(given.kinds != 0 || funds, "kinds");
        _require(given.forms >> (uint256(type(ICampaign.Form).max) + 1) == 0, "forms");
        _require(given.forms != 0 || funds, "forms");
        _require(given.largestShare != 0 && given.largestShare <= WHOLE, "largestShare");
        _require(given.cities.length <= MOST_CITIES, "cities");
        uint32 last;
        for (uint256 i; i < given.cities.length; ++i) {
            _require(given.cities[i] > last, "cities");
            last = given.cities[i];
        }
    }

    function _requireTerms(Terms calldata given) private view {
        _require(given.minimum != 0, "minimum");
        _require(given.cap >= given.minimum, "cap");
        _require(given.finalClosing > block.timestamp, "finalClosing");
        _require(given.investmentPeriod != 0, "investmentPeriod");
        _require(given.life >= given.investmentPeriod, "life");
        _require((given.extension == 0) == (given.extensions == 0), "extension");
        _require(given.managementFee <= HIGHEST_FEE, "managementFee");
        _require(given.hurdle <= WHOLE, "hurdle");
        _require(given.catchUp == 0 || (given.catchUp > given.carry && given.catchUp <= WHOLE), "catchUp");
        _require(given.carry <= HIGHEST_CARRY, "carry");
        _require(given.escrow <= WHOLE, "escrow");
        _require(given.equalisation <= WHOLE, "equalisation");
        _require(given.callNotice >= 1 days, "callNotice");
        _require(given.lateFee <= WHOLE, "lateFee");
        _require(given.forfeit <= WHOLE, "forfeit");
        _require(given.markTerm != 0, "markTerm");
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IFundAvatar
    function phase() public view returns (Phase) {
        if (_ended) return Phase.Ended;
        uint256 closedAt = _closedAt;
        if (closedAt == 0) return block.timestamp < _terms.finalClosing ? Phase.Forming : Phase.Lapsed;
        if (block.timestamp >= _endsAt) return Phase.Winding;
        return block.timestamp < closedAt + _terms.investmentPeriod ? Phase.Investing : Phase.Harvesting;
    }

    /// @inheritdoc IFundAvatar
    function mandate() external view returns (Mandate memory) {
        return _mandate;
    }

    /// @inheritdoc IFundAvatar
    function terms() external view returns (Terms memory) {
        return _terms;
    }

    // -------------------------------------------------------------- helpers

    function _requirePhase(Phase needed) internal view {
        Phase current = phase();
        if (current != needed) revert FundAvatar_WrongPhase(current);
    }

    function _require(bool sense, bytes32 field) private pure {
        if (!sense) revert FundAvatar_BadTerms(field);
    }
}
