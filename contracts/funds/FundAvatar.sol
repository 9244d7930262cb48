// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {Delegation} from "../kit/Delegation.sol";
import {ICampaignFactory} from "../projects/ICampaignFactory.sol";
import {IProjectRegistry} from "../projects/IProjectRegistry.sol";
import {FundMotions} from "./FundMotions.sol";
import {FundTerms} from "./FundTerms.sol";
import {IFundFactory} from "./IFundFactory.sol";
import {IFundHoldings} from "./IFundHoldings.sol";
import {IFundTerms} from "./IFundTerms.sol";

/// @title FundAvatar
/// @notice A closed-end venture fund. What funds are clones of; it is none itself.
/// @dev Too much for one contract (EIP-170): what deals with holdings is `FundHoldings`, which the avatar runs as its own. Both begin with
/// the same storage, `FundTerms`, `FundBooks` and `FundPortfolio`; the avatar adds to it.
contract FundAvatar is FundMotions {
    IFundHoldings public immutable holdings;

    constructor(
        IFundFactory factory_,
        ICampaignFactory campaigns_,
        IProjectRegistry projects_,
        IFundHoldings holdings_
    ) FundTerms(factory_, campaigns_, projects_) ERC20("", "") {
        if (address(holdings_) == address(0)) revert FundAvatar_ZeroAddress();
        holdings = holdings_;
    }

    /// @inheritdoc IFundTerms
    function initialize(
        address,
        string calldata,
        string calldata,
        address,
        address,
        address,
        Mandate calldata,
        Terms calldata
    ) external {
        _delegate();
    }

    /// @inheritdoc IFundHoldings
    function invest(address, uint96, uint8, uint16) external {
        _delegate();
    }

    /// @inheritdoc IFundHoldings
    function withdrawInvestment(address) external {
        _delegate();
    }

    /// @inheritdoc IFundHoldings
    function commitTo(address, uint96, uint96) external {
        _delegate();
    }

    /// @inheritdoc IFundHoldings
    function payTo(address, uint96) external {
        _delegate();
    }

    /// @inheritdoc IFundHoldings
    function collect(address) external {
        _delegate();
    }

    /// @inheritdoc IFundHoldings
    function writeOff(address, bytes32) external {
        _delegate();
    }

    /// @inheritdoc IFundHoldings
    function mark(address, uint96, uint128, uint40, bytes32) external {
        _delegate();
    }

    /// @dev The same call, in `holdings`.
    function _delegate() private {
        Delegation.run(address(holdings));
    }
}
