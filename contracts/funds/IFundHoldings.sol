// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IFundTerms} from "./IFundTerms.sol";

/// @title IFundHoldings
/// @notice How a fund invests, what it holds and at what mark; see `IFundAvatar`.
interface IFundHoldings is IFundTerms {
    /// @notice Invests in a campaign by a pledge of the source `Fund`. Only the manager, in the investment period, within the mandate.
    /// @param tier Of a reward; zero: none.
    /// @param edition The edition of the campaign's terms that the manager read.
    function invest(address campaign, uint96 amount, uint8 tier, uint16 edition) external;

    /// @notice Withdraws from a campaign what is in its cooling-off time. Only the manager.
    function withdrawInvestment(address campaign) external;

    /// @notice Commits to another fund, and pays what it was called before; in all at most `most` now. Only the manager, in the investment period,
    /// within the mandate.
    function commitTo(address fund, uint96 amount, uint96 most) external;

    /// @notice Pays on the calls of another fund. Only the manager, until the fund ends.
    function payTo(address fund, uint96 amount) external;

    /// @notice Takes a holding's refund, repayments or distributions into the books; anybody may. What a campaign has paid here by
    /// somebody else's call counts all the same.
    function collect(address holding) external;

    /// @notice Gives up the rest of a holding's cost. Only the manager.
    function writeOff(address holding, bytes32 reason) external;

    /// @notice Says what a holding was worth. Only the appraiser.
    function mark(address holding, uint96 value, uint128 company, uint40 asOf, bytes32 evidence) external;

    function holdingOf(address holding) external view returns (Holding memory);
    /// @notice Put in a project and neither withdrawn nor refunded.
    function exposureTo(uint32 projectId) external view returns (uint96);
}
