// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {Campaign} from "./Campaign.sol";
import {ICampaign} from "./ICampaign.sol";
import {ICampaignFactory} from "./ICampaignFactory.sol";
import {IMatchingPool} from "./IMatchingPool.sol";
import {InvestmentCampaign} from "./InvestmentCampaign.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";

/// @title ShareCampaign
/// @notice Money for units, to whose holders income is distributed.
contract ShareCampaign is InvestmentCampaign {
    uint96 private _unitPrice;

    constructor(ICampaignFactory factory_, IProjectRegistry projects_, ICityRegistry cities_, IMatchingPool pool_)
        Campaign(factory_, projects_, cities_, pool_)
    {}

    function form() public pure override returns (Form) {
        return Form.Share;
    }

    /// @dev Whole units can reach the goal.
    function _keepForm(Terms calldata terms_, uint16 edition) internal override {
        super._keepForm(terms_, edition);
        uint96 price = terms_.unitPrice;
        if (price == 0 || terms_.cap - terms_.cap % price < terms_.goal) revert Campaign_BadTerms("unitPrice");
        _unitPrice = price;
        emit UnitPriceSet(edition, price);
    }

    function _showForm(Terms memory shown) internal view override {
        shown.unitPrice = _unitPrice;
    }

    function _onPledge(address backer, Pledge memory given, uint96 amount) internal override returns (uint8 taken) {
        if (given.amount % _unitPrice != 0) revert Campaign_BadAmount(given.amount);
        return super._onPledge(backer, given, amount);
    }

    /// @inheritdoc ICampaign
    function distribute(uint96 amount) external override nonReentrant {
        // Check: something, for units whose money was used: before, a stop would give it all back and leave no holders.
        if (amount == 0) revert Campaign_BadAmount(amount);
        if (_released == 0) revert Campaign_WrongPhase(phase());

        // Effect: to be drawn.
        emit IncomeDistributed(msg.sender, amount);

        // Effect and interaction.
        _payIn(amount);
    }
}
