// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {Campaign} from "./Campaign.sol";
import {ICampaignFactory} from "./ICampaignFactory.sol";
import {IMatchingPool} from "./IMatchingPool.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";

/// @title DonationCampaign
/// @notice Money that nothing is promised for.
contract DonationCampaign is Campaign {
    constructor(ICampaignFactory factory_, IProjectRegistry projects_, ICityRegistry cities_, IMatchingPool pool_)
        Campaign(factory_, projects_, cities_, pool_)
    {}

    function form() public pure override returns (Form) {
        return Form.Donation;
    }
}
