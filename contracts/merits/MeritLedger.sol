// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {DirectAwards} from "./DirectAwards.sol";
import {EpochAwards} from "./EpochAwards.sol";
import {MeritAccounts} from "./MeritAccounts.sol";
import {MeritRules} from "./MeritRules.sol";

/// @title MeritLedger
/// @notice Merits per citizen and city: rules, accounts, and the two ways to award, directly and by epoch.
contract MeritLedger is DirectAwards, EpochAwards {
    /// @param manager The `AccessManager` that says who the operator is.
    /// @param registry_ The city registry.
    /// @param market_ Where the reward market will be.
    /// @param origin The second at which period 0 begins.
    /// @param periodLength Seconds in a period, a day at least.
    constructor(address manager, ICityRegistry registry_, address market_, uint40 origin, uint32 periodLength)
        AccessManaged(manager)
        MeritRules(registry_, origin, periodLength)
        MeritAccounts(market_)
    {}
}
