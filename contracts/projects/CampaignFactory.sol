// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {ICampaign} from "./ICampaign.sol";
import {ICampaignFactory} from "./ICampaignFactory.sol";
import {IMatchingPool} from "./IMatchingPool.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";
import {YearLimits} from "./YearLimits.sol";

/// @title CampaignFactory
/// @notice Makes campaigns, and keeps the operator's terms for all of them: tokens and fee.
contract CampaignFactory is YearLimits {
    uint16 private constant HIGHEST_FEE = 1_000;

    IProjectRegistry public immutable projects;
    IMatchingPool public immutable pool;

    address private immutable _donation;
    address private immutable _reward;
    address private immutable _loan;
    address private immutable _share;

    /// @inheritdoc ICampaignFactory
    uint16 public feeShare;
    /// @inheritdoc ICampaignFactory
    address public treasury;

    /// @inheritdoc ICampaignFactory
    mapping(address token => uint128) public perRoubleOf;

    /// @param manager The `AccessManager` that says who the operator is.
    /// @param yearLimit_ Kopecks.
    /// @param implementations Of the forms, in their order.
    constructor(
        address manager,
        IProjectRegistry projects_,
        IMatchingPool pool_,
        address treasury_,
        uint16 feeShare_,
        uint64 yearLimit_,
        address[4] memory implementations
    ) AccessManaged(manager) YearLimits(yearLimit_) {
        if (address(projects_) == address(0) || address(pool_) == address(0)) revert CampaignFactory_ZeroAddress();
        for (uint256 i; i < implementations.length; ++i) {
            if (implementations[i] == address(0)) revert CampaignFactory_ZeroAddress();
        }
        (projects, pool) = (projects_, pool_);
        (_donation, _reward, _loan, _share) =
            (implementations[0], implementations[1], implementations[2], implementations[3]);
        _setFee(feeShare_, treasury_);
    }

    /// @inheritdoc ICampaignFactory
    function create(
        uint32 projectId,
        ICampaign.Form form,
        uint32 roundId,
        address token,
        ICampaign.Terms calldata terms
    ) external returns (address campaign) {
        // Check: the author of a project that looks for money, an allowed token, a form that can be matched.
        uint32 cityId = _requireAuthor(projectId);
        if (perRoubleOf[token] == 0) revert CampaignFactory_TokenNotAllowed(token);
        if (roundId != 0 && form != ICampaign.Form.Donation && form != ICampaign.Form.Reward) {
            revert CampaignFactory_FormNotMatched(form);
        }

        // Effect: there is a campaign.
        uint16 fee = feeShare;
        campaign = Clones.clone(implementationOf(form));
        campaignOf[campaign] = Made(projectId, cityId, form, token);
        emit CampaignCreated(campaign, projectId, cityId, form, msg.sender, token, roundId, fee);

        // Interaction: it gets its terms, and enters its round.
        ICampaign(campaign).initialize(projectId, cityId, roundId, token, fee, terms);
        if (roundId != 0) pool.enter(roundId, campaign, projectId, token, terms.closes + terms.coolingOff);
    }

    function _requireAuthor(uint32 projectId) private view returns (uint32) {
        (uint32 cityId, address author, IProjectRegistry.Stage stage, IProjectRegistry.Pause paused) =
            projects.standingOf(projectId);
        if (msg.sender != author) revert CampaignFactory_NotAuthor(projectId, msg.sender);
        if (stage != IProjectRegistry.Stage.Financing && stage != IProjectRegistry.Stage.Implementation) {
            revert CampaignFactory_WrongStage(projectId, uint8(stage));
        }
        if (paused != IProjectRegistry.Pause.None) revert CampaignFactory_ProjectPaused(projectId);
        return cityId;
    }

    // ------------------------------------------------------------- operator

    /// @inheritdoc ICampaignFactory
    function setToken(address token, uint128 perRouble) external restricted {
        if (token == address(0)) revert CampaignFactory_ZeroAddress();
        perRoubleOf[token] = perRouble;
        emit TokenSet(token, perRouble);
    }

    /// @inheritdoc ICampaignFactory
    function setFee(uint16 feeShare_, address treasury_) external restricted {
        _setFee(feeShare_, treasury_);
    }

    function _setFee(uint16 feeShare_, address treasury_) private {
        // Check: a tenth at most, and somewhere to go.
        if (feeShare_ > HIGHEST_FEE) revert CampaignFactory_FeeTooHigh(feeShare_);
        if (treasury_ == address(0)) revert CampaignFactory_ZeroAddress();

        // Effect: of campaigns made from now on, and of all that is collected.
        (feeShare, treasury) = (feeShare_, treasury_);
        emit FeeSet(feeShare_, treasury_);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ICampaignFactory
    function implementationOf(ICampaign.Form form) public view returns (address) {
        if (form == ICampaign.Form.Donation) return _donation;
        if (form == ICampaign.Form.Reward) return _reward;
        if (form == ICampaign.Form.Loan) return _loan;
        return _share;
    }
}
