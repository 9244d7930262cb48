// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {CalendarYear} from "../kit/CalendarYear.sol";
import {ICampaign} from "./ICampaign.sol";
import {ICampaignFactory} from "./ICampaignFactory.sol";

/// @title YearLimits
/// @notice Who investors are, and what each has used of the limit of the year.
abstract contract YearLimits is ICampaignFactory, AccessManaged {
    /// @inheritdoc ICampaignFactory
    uint64 public yearLimit;

    /// @dev What never changes of a campaign, in one slot.
    struct Made {
        uint32 projectId;
        uint32 cityId;
        ICampaign.Form form;
        address token;
    }

    /// @inheritdoc ICampaignFactory
    mapping(address campaign => Made) public campaignOf;

    /// @inheritdoc ICampaignFactory
    mapping(bytes32 person => mapping(uint16 year => uint64 kopecks)) public usedBy;

    mapping(address wallet => Investor) private _investors;

    constructor(uint64 kopecks) {
        _setYearLimit(kopecks);
    }

    modifier onlyCampaign() {
        if (projectOf(msg.sender) == 0) revert CampaignFactory_NotCampaign(msg.sender);
        _;
    }

    /// @inheritdoc ICampaignFactory
    function setInvestors(address[] calldata wallets, Investor[] calldata investors) external restricted {
        if (wallets.length != investors.length) {
            revert CampaignFactory_UnequalLists(wallets.length, investors.length);
        }
        for (uint256 i; i < wallets.length; ++i) {
            if (wallets[i] == address(0)) revert CampaignFactory_ZeroAddress();
            _investors[wallets[i]] = investors[i];
            emit InvestorSet(wallets[i], investors[i].person, investors[i].qualified);
        }
    }

    /// @inheritdoc ICampaignFactory
    function setYearLimit(uint64 kopecks) external restricted {
        _setYearLimit(kopecks);
    }

    function _setYearLimit(uint64 kopecks) private {
        yearLimit = kopecks;
        emit YearLimitSet(kopecks);
    }

    /// @inheritdoc ICampaignFactory
    function useLimit(address wallet, uint64 kopecks) external onlyCampaign returns (uint16 year) {
        // Check: somebody who was identified, and within what the year leaves them.
        Investor storage investor = _investors[wallet];
        bytes32 person = investor.person;
        if (person == 0) revert CampaignFactory_UnknownInvestor(wallet);
        if (investor.qualified) return 0;
        year = CalendarYear.at(block.timestamp);
        uint256 used = usedBy[person][year];
        uint256 limit = yearLimit;
        uint256 left = used < limit ? limit - used : 0;
        if (kopecks > left) revert CampaignFactory_OverYearLimit(person, year, left, kopecks);

        // Effect: so much is used.
        _use(person, year, wallet, uint64(used) + kopecks);
    }

    /// @inheritdoc ICampaignFactory
    function freeLimit(address wallet, uint16 year, uint64 kopecks) external onlyCampaign {
        // Effect: so much less is used, as far as it goes: the operator may have said meanwhile that the wallet is another's.
        bytes32 person = _investors[wallet].person;
        uint64 used = usedBy[person][year];
        if (kopecks > used) kopecks = used;
        if (kopecks != 0) _use(person, year, wallet, used - kopecks);
    }

    function _use(bytes32 person, uint16 year, address wallet, uint64 used) private {
        usedBy[person][year] = used;
        emit LimitUsed(person, year, msg.sender, wallet, used);
    }

    /// @inheritdoc ICampaignFactory
    function projectOf(address campaign) public view returns (uint32) {
        return campaignOf[campaign].projectId;
    }

    /// @inheritdoc ICampaignFactory
    function investorOf(address wallet) external view returns (Investor memory) {
        return _investors[wallet];
    }
}
