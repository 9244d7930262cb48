// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICampaign} from "./ICampaign.sol";

/// @title ICampaignFactory
/// @notice Makes campaigns, and keeps what holds for all of them: tokens, fee, investors and their yearly limit.
/// @dev The limit is of Federal Law 259-FZ: a person who is not a qualified investor pledges at most so much a calendar year (UTC) over
/// all loans and shares. A person is who the operator of the platform identified: all their wallets share one limit.
interface ICampaignFactory {
    /// @notice A token that campaigns may use.
    /// @param perRouble Base units that count as one rouble for the limit; zero: the token is not allowed.
    struct Money {
        uint128 perRouble;
    }

    /// @notice An identified investor's wallet.
    /// @param person Keyed hash of their document, made by the operator; zero: not identified.
    struct Investor {
        bytes32 person;
        bool qualified;
    }

    /// @notice A campaign was made. `roundId` is the matching round that it is in; zero: none. `feeShare` is in basis points.
    event CampaignCreated(
        address indexed campaign,
        uint32 indexed projectId,
        uint32 indexed cityId,
        ICampaign.Form form,
        address author,
        address token,
        uint32 roundId,
        uint16 feeShare
    );
    /// @notice Base units that count as a rouble; zero: the token is no longer allowed for new campaigns.
    event TokenSet(address indexed token, uint128 perRouble);
    event InvestorSet(address indexed wallet, bytes32 indexed person, bool qualified);
    /// @notice Kopecks a year.
    event YearLimitSet(uint64 kopecks);
    event FeeSet(uint16 feeShare, address treasury);
    /// @notice What a person has used of their limit in a year is now `used` kopecks.
    event LimitUsed(bytes32 indexed person, uint16 indexed year, address indexed campaign, address wallet, uint64 used);

    /// @notice The token is not on the operator's list.
    error CampaignFactory_TokenNotAllowed(address token);
    /// @notice Only the project's author opens its campaigns, at stage financing or implementation, while it is not paused.
    error CampaignFactory_NotAuthor(uint32 projectId, address caller);
    error CampaignFactory_WrongStage(uint32 projectId, uint8 stage);
    error CampaignFactory_ProjectPaused(uint32 projectId);
    /// @notice The fee is above a tenth.
    error CampaignFactory_FeeTooHigh(uint16 feeShare);
    /// @notice Only a campaign may.
    error CampaignFactory_NotCampaign(address caller);
    /// @notice Loans and shares take pledges of identified investors only.
    error CampaignFactory_UnknownInvestor(address wallet);
    /// @notice More than the person's limit of the year leaves, kopecks.
    error CampaignFactory_OverYearLimit(bytes32 person, uint16 year, uint256 left, uint256 asked);
    /// @notice Only donations and rewards are matched.
    error CampaignFactory_FormNotMatched(ICampaign.Form form);
    error CampaignFactory_ZeroAddress();
    /// @notice Wallets and investors are not as many.
    error CampaignFactory_UnequalLists(uint256 wallets, uint256 investors);

    /// @notice Makes a campaign for a project. Only its author.
    /// @param roundId The matching round it enters; zero: none.
    function create(
        uint32 projectId,
        ICampaign.Form form,
        uint32 roundId,
        address token,
        ICampaign.Terms calldata terms
    ) external returns (address campaign);

    /// @notice Allows a token, or no longer. Only the operator.
    function setToken(address token, uint128 perRouble) external;
    /// @notice Says who a wallet is. Only the operator.
    function setInvestors(address[] calldata wallets, Investor[] calldata investors) external;
    /// @notice Sets the limit of a year. Only the operator.
    function setYearLimit(uint64 kopecks) external;
    /// @notice Sets the fee of campaigns made from now on, at most a tenth, and where fees of all go. Only the operator.
    function setFee(uint16 feeShare, address treasury) external;

    /// @notice Counts kopecks against the limit of the year of now. Only a campaign. Nothing is counted for a qualified investor.
    /// @return year The year; zero where nothing was counted.
    function useLimit(address wallet, uint64 kopecks) external returns (uint16 year);
    /// @notice Takes back what was counted. Only a campaign.
    function freeLimit(address wallet, uint16 year, uint64 kopecks) external;

    /// @notice The project of a campaign; zero: it was not made here.
    function projectOf(address campaign) external view returns (uint32);
    /// @notice What never changes of a campaign, all zero where it was not made here.
    function campaignOf(address campaign)
        external
        view
        returns (uint32 projectId, uint32 cityId, ICampaign.Form form, address token);
    function implementationOf(ICampaign.Form form) external view returns (address);
    function perRoubleOf(address token) external view returns (uint128);
    function investorOf(address wallet) external view returns (Investor memory);
    function yearLimit() external view returns (uint64);
    function feeShare() external view returns (uint16);
    function treasury() external view returns (address);
    /// @notice Kopecks used by a person in a year.
    function usedBy(bytes32 person, uint16 year) external view returns (uint64);
}
