// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";

import {ICampaignFactory} from "../projects/ICampaignFactory.sol";
import {IFundAvatar} from "./IFundAvatar.sol";
import {IFundFactory} from "./IFundFactory.sol";

/// @title FundFactory
/// @notice Launches the avatars of venture funds.
contract FundFactory is IFundFactory {
    uint256 private constant LONGEST_NAME = 64;
    uint256 private constant LONGEST_SYMBOL = 12;

    ICampaignFactory public immutable campaigns;
    /// @inheritdoc IFundFactory
    address public immutable implementation;

    /// @dev What never changes of an avatar, in one slot.
    struct Made {
        address token;
        bool mayCommit;
    }

    /// @inheritdoc IFundFactory
    mapping(address fund => Made) public fundOf;

    constructor(ICampaignFactory campaigns_, address implementation_) {
        if (address(campaigns_) == address(0) || implementation_ == address(0)) revert FundFactory_ZeroAddress();
        (campaigns, implementation) = (campaigns_, implementation_);
    }

    /// @inheritdoc IFundFactory
    function launch(
        string calldata name,
        string calldata symbol,
        address token,
        address manager,
        address appraiser,
        IFundAvatar.Mandate calldata mandate,
        IFundAvatar.Terms calldata terms,
        bytes32 content
    ) external returns (address fund) {
        // Check: an allowed token, and names to call it by.
        if (campaigns.perRoubleOf(token) == 0) revert FundFactory_TokenNotAllowed(token);
        if (!_fits(name, LONGEST_NAME) || !_fits(symbol, LONGEST_SYMBOL)) revert FundFactory_BadName();

        // Effect: there is a fund.
        fund = Clones.clone(implementation);
        fundOf[fund] = Made(token, mandate.mayCommit);
        emit FundLaunched(fund, msg.sender, token, name, symbol, content);

        // Interaction: it gets its mandate and terms.
        IFundAvatar(fund).initialize(msg.sender, name, symbol, token, manager, appraiser, mandate, terms);
    }

    /// @inheritdoc IFundFactory
    function isFund(address account) external view returns (bool) {
        return fundOf[account].token != address(0);
    }

    function _fits(string calldata text, uint256 longest) private pure returns (bool) {
        return bytes(text).length != 0 && bytes(text).length <= longest;
    }
}
