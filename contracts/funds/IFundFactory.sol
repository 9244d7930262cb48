// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IFundAvatar} from "./IFundAvatar.sol";

/// @title IFundFactory
/// @notice Launches the avatars of venture funds: each an immutable clone (EIP-1167) of `FundAvatar` that holds nobody else's money.
/// @dev Anybody may launch. What an avatar may invest in campaigns as a fund is for the operator to open: by identifying the avatar as a
/// qualified investor (`ICampaignFactory.setInvestors`).
interface IFundFactory {
    /// @notice An avatar was launched. `MandateSet`, `FundTermsSet`, `PartnerTermsSet`, `ManagerReplaced` and `AppraiserReplaced` of the avatar
    /// follow.
    /// @param organisation Who launched it: its sponsor, whose the carry is.
    /// @param token In which all its money is.
    /// @param content Hash of what the organisation says of it (names and description in both languages).
    event FundLaunched(
        address indexed fund,
        address indexed organisation,
        address indexed token,
        string name,
        string symbol,
        bytes32 content
    );

    /// @notice The token is not among those that campaigns may use.
    error FundFactory_TokenNotAllowed(address token);
    /// @notice A name is 1 to 64 bytes long, a symbol 1 to 12.
    error FundFactory_BadName();
    error FundFactory_ZeroAddress();

    /// @notice Launches an avatar; the caller is its organisation.
    /// @param name Of the fund, and of its units as an ERC-20 token.
    /// @param symbol Of its units.
    function launch(
        string calldata name,
        string calldata symbol,
        address token,
        address manager,
        address appraiser,
        IFundAvatar.Mandate calldata mandate,
        IFundAvatar.Terms calldata terms,
        bytes32 content
    ) external returns (address fund);

    /// @notice Whether this is an avatar made here.
    function isFund(address account) external view returns (bool);
    /// @notice What never changes of an avatar, all zero where it was not made here.
    /// @param mayCommit Whether it may commit to other funds.
    function fundOf(address fund) external view returns (address token, bool mayCommit);
    function implementation() external view returns (address);
}
