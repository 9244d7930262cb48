// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Campaign} from "./Campaign.sol";
import {ICampaign} from "./ICampaign.sol";

/// @title InvestmentCampaign
/// @notice What loans and shares have in common: the yearly limit of their investors, and what comes back to them.
abstract contract InvestmentCampaign is Campaign {
    /// @dev What is kept of a backer beside the position.
    /// @param drawn Of the proceeds.
    /// @param year The year in which the limit was last used; what was used in earlier ones is given back no more.
    /// @param fresh Kopecks used in it by what is in its cooling-off time.
    /// @param settled Kopecks used in it by the rest of the position.
    struct Stake {
        uint96 drawn;
        uint16 year;
        uint64 fresh;
        uint64 settled;
    }

    uint128 private _perRouble;
    uint96 private _proceeds;

    mapping(address backer => Stake) private _stakes;

    // --------------------------------------------------------------- limits

    /// @dev The rate of the token is that of the campaign's first edition.
    function _keepForm(Terms calldata, uint16 edition) internal virtual override {
        if (edition == 1) _perRouble = factory.perRoubleOf(token);
    }

    function _onPledge(address backer, Pledge memory given, uint96 amount)
        internal
        virtual
        override
        returns (uint8 taken)
    {
        taken = super._onPledge(backer, given, amount);

        // Check: the factory, which calls nobody, has it within the limit.
        uint256 exact = Math.ceilDiv(uint256(given.amount) * 100, _perRouble);
        uint64 kopecks = uint64(Math.min(exact, type(uint64).max));
        uint16 year = factory.useLimit(backer, kopecks);

        // Effect: what it took can be given back. Where this pledge alone is in cooling-off, the others are settled.
        Stake memory stake = _stakes[backer];
        if (year == 0 && stake.year == 0) return taken;
        if (_coolingOf(backer) == given.amount) (stake.fresh, stake.settled) = (0, stake.settled + stake.fresh);
        if (year != 0) {
            if (stake.year != year) (stake.year, stake.fresh, stake.settled) = (year, 0, 0);
            stake.fresh += kopecks;
        }
        _stakes[backer] = stake;
    }

    function _onWithdraw(address backer, uint96, uint96) internal override returns (uint8) {
        Stake storage stake = _stakes[backer];
        (uint16 year, uint64 kopecks) = (stake.year, stake.fresh);
        if (kopecks != 0) {
            stake.fresh = 0;
            factory.freeLimit(backer, year, kopecks);
        }
        return 0;
    }

    function _onRefund(address backer, Phase) internal override {
        Stake memory stake = _stakes[backer];
        if (stake.year == 0) return;
        delete _stakes[backer];
        factory.freeLimit(backer, stake.year, stake.fresh + stake.settled);
    }

    /// @dev Where the new wallet has a stake of its own, what is in cooling-off of the one and of the other cannot be told apart:
    /// a withdrawal then leaves the limit used.
    function _onMove(address oldWallet, address newWallet) internal override returns (uint8 tier, uint96 drawn) {
        (tier,) = super._onMove(oldWallet, newWallet);
        Stake memory old = _stakes[oldWallet];
        Stake memory own = _stakes[newWallet];
        drawn = old.drawn;
        delete _stakes[oldWallet];
        if (own.year != 0 || own.drawn != 0 || _coolingOf(newWallet) == 0) {
            (old.fresh, old.settled) = (0, old.settled + old.fresh);
            (own.fresh, own.settled) = (0, own.settled + own.fresh);
            old.drawn += own.drawn;
            if (own.year == old.year) old.settled += own.settled;
            else if (own.year > old.year) (old.year, old.settled) = (own.year, own.settled);
        }
        _stakes[newWallet] = old;
    }

    // ------------------------------------------------------------- proceeds

    /// @dev Takes money for the backers; part of it stays theirs whatever happens, and all of it together fits what is counted.
    function _payIn(uint96 amount) internal {
        // Effect: there is more to draw.
        SafeCast.toUint96(uint256(_proceeds) + _raised + amount);
        _proceeds += amount;

        // Interaction.
        _take(msg.sender, amount);
    }

    /// @inheritdoc ICampaign
    function claim(address backer) external override nonReentrant {
        _claim(backer, backer);
    }

    /// @inheritdoc ICampaign
    function claimTo(address to) external override nonReentrant {
        _claim(msg.sender, to);
    }

    function _claim(address backer, address to) private {
        // Check: something to draw, and somewhere to send it.
        if (to == address(0)) revert Campaign_ZeroAddress();
        uint96 amount = _claimable(backer);
        if (amount == 0) revert Campaign_Nothing(backer);

        // Effect: drawn.
        _stakes[backer].drawn += amount;
        emit ProceedsClaimed(backer, to, amount);

        // Interaction.
        _pay(to, amount);
    }

    function _claimable(address backer) private view returns (uint96) {
        uint256 amount = _amountOf(backer);
        if (amount == 0) return 0;
        return uint96(_proceeds * amount / _raised - _stakes[backer].drawn);
    }

    // ----------------------------------------------------------------- stop

    /// @dev Once something was released, a position has returns to come: what the stop left is drawn as they are.
    function _onStop(uint96 toBackers) internal override {
        if (_released != 0) _proceeds += toBackers;
    }

    function _refund(address backer, address to) internal override {
        if (_leavesProceeds()) _claim(backer, to);
        else super._refund(backer, to);
    }

    /// @inheritdoc ICampaign
    function refundableOf(address backer) public view override returns (uint256) {
        return _leavesProceeds() ? _claimable(backer) : super.refundableOf(backer);
    }

    function _leavesProceeds() private view returns (bool) {
        return _stopped && _released != 0;
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ICampaign
    function claimableOf(address backer) external view override returns (uint256) {
        return _claimable(backer);
    }

    function _drawnBy(address backer) internal view override returns (uint96) {
        return _stakes[backer].drawn;
    }

    function _paidIn() internal view override returns (uint128) {
        return _proceeds;
    }
}
