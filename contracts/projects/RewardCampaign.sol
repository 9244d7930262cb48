// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {Campaign} from "./Campaign.sol";
import {CampaignMilestones} from "./CampaignMilestones.sol";
import {ICampaign} from "./ICampaign.sol";
import {ICampaignFactory} from "./ICampaignFactory.sol";
import {IMatchingPool} from "./IMatchingPool.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";

/// @title RewardCampaign
/// @notice Money that something is promised for, by tier, while the stock lasts.
contract RewardCampaign is Campaign {
    uint256 private constant MOST_TIERS = 16;

    /// @dev A tier as kept: what changes beside its price.
    struct Offered {
        uint96 price;
        uint32 stock;
        uint32 taken;
        bytes32 content;
    }

    uint8 private _tiers;
    mapping(uint8 tier => Offered) private _offered;
    mapping(address backer => uint8 tier) private _tierHeld;

    constructor(ICampaignFactory factory_, IProjectRegistry projects_, ICityRegistry cities_, IMatchingPool pool_)
        Campaign(factory_, projects_, cities_, pool_)
    {}

    function form() public pure override returns (Form) {
        return Form.Reward;
    }

    function _keepForm(Terms calldata terms_, uint16 edition) internal override {
        uint256 count = terms_.tiers.length;
        _require(count != 0 && count <= MOST_TIERS, "tiers");
        _tiers = uint8(count);
        for (uint8 tier = 1; tier <= count; ++tier) {
            Tier calldata given = terms_.tiers[tier - 1];
            _require(given.price != 0 && given.price <= terms_.cap && given.stock != 0, "tiers");
            _offered[tier] = Offered(given.price, given.stock, 0, given.content);
            emit TierSet(edition, tier, given.price, given.stock, given.content);
        }
    }

    function _showForm(Terms memory shown) internal view override {
        shown.tiers = new Tier[](_tiers);
        for (uint8 tier = 1; tier <= shown.tiers.length; ++tier) {
            Offered storage offered = _offered[tier];
            shown.tiers[tier - 1] = Tier(offered.price, offered.stock, offered.content);
        }
    }

    function _onPledge(address backer, Pledge memory given, uint96 amount)
        internal
        override
        returns (uint8 taken)
    {
        // Check: a tier that there is and that is left, the backer's first, and enough for it.
        uint8 tier = given.tier;
        if (tier == 0) return 0;
        if (tier > _tiers) revert Campaign_UnknownTier(tier);
        uint8 before = _tierHeld[backer];
        if (before == tier) return 0;
        if (before != 0) revert Campaign_TierHeld(backer, before);
        Offered storage offered = _offered[tier];
        uint32 count = offered.taken;
        if (count == offered.stock) revert Campaign_TierSoldOut(tier);
        if (amount < offered.price) revert Campaign_BelowTier(tier, offered.price, amount);

        // Effect: it is the backer's.
        offered.taken = count + 1;
        _tierHeld[backer] = tier;
        return tier;
    }

    function _onWithdraw(address backer, uint96, uint96 left) internal override returns (uint8 tier) {
        tier = _tierHeld[backer];
        if (tier == 0 || left >= _offered[tier].price) return 0;
        _tierHeld[backer] = 0;
        --_offered[tier].taken;
    }

    /// @dev Where the new wallet has a tier of its own, the old one's goes back to the stock.
    function _onMove(address oldWallet, address newWallet)
        internal
        override(CampaignMilestones)
        returns (uint8 tier, uint96 drawn)
    {
        super._onMove(oldWallet, newWallet);
        tier = _tierHeld[oldWallet];
        if (tier == 0) return (0, 0);
        _tierHeld[oldWallet] = 0;
        if (_tierHeld[newWallet] == 0) {
            _tierHeld[newWallet] = tier;
            return (tier, 0);
        }
        --_offered[tier].taken;
        return (0, 0);
    }

    function _onRefund(address backer, Phase) internal override {
        if (_tierHeld[backer] != 0) _tierHeld[backer] = 0;
    }

    function _tierOf(address backer) internal view override returns (uint8) {
        return _tierHeld[backer];
    }

    /// @inheritdoc ICampaign
    function stockOf(uint8 tier) external view override returns (uint32) {
        if (tier > _tiers) return 0;
        Offered storage offered = _offered[tier];
        return offered.stock - offered.taken;
    }
}
