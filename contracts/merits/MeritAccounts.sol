// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IRecoveryFollower} from "../cities/ICityRegistry.sol";
import {AccountWord} from "./AccountWord.sol";
import {IMeritLedger} from "./IMeritLedger.sol";
import {MeritRules} from "./MeritRules.sol";

/// @title MeritAccounts
/// @notice What citizens hold: earned by awards, taken and given back by the market, moved by a recovery.
abstract contract MeritAccounts is MeritRules, IRecoveryFollower {
    using AccountWord for uint256;

    /// @notice The reward market, the only contract that spends.
    address public immutable market;

    /// @dev An account as `AccountWord`; a struct, so that its place is worked out once for reading and writing.
    struct Slot {
        uint256 word;
    }

    /// @dev Only a citizen's wallet of today has an account.
    mapping(uint32 cityId => mapping(address citizen => Slot)) internal _accounts;

    constructor(address market_) {
        if (market_ == address(0)) revert MeritLedger_BadTerms();
        market = market_;
    }

    modifier onlyMarket() {
        if (msg.sender != market) revert MeritLedger_OnlyMarket(msg.sender);
        _;
    }

    // --------------------------------------------------------------- market

    /// @inheritdoc IMeritLedger
    function spend(uint32 cityId, address citizen, uint32 amount)
        external
        onlyMarket
        returns (uint32 fromPrevious, uint32 fromCurrent, uint16 period_)
    {
        // Check: not paused, and enough is held.
        _requireRunning(cityId);
        period_ = period();
        Slot storage slot = _accounts[cityId][citizen];
        uint256 word = slot.word.roll(period_);
        uint256 previous = word.held(1);
        uint256 all = previous + word.held(0);
        if (all < amount) revert MeritLedger_TooFewMerits(cityId, citizen, all, amount);

        // Effect: the oldest go first. The casts are safe: neither is more than `amount`.
        fromPrevious = uint32(Math.min(previous, amount));
        fromCurrent = amount - fromPrevious;
        slot.word = word.take(1, fromPrevious).take(0, fromCurrent);
    }

    /// @inheritdoc IMeritLedger
    function giveBack(uint32 cityId, address citizen, uint32 fromPrevious, uint32 fromCurrent, uint16 period_)
        external
        onlyMarket
        returns (address wallet, uint32 toPrevious, uint32 toCurrent, uint16 now_)
    {
        // Check: the citizen's wallet of today. What a voucher took was one price, so the sum fits.
        now_ = period();
        wallet = registry.currentWallet(cityId, citizen);
        (toPrevious, toCurrent) =
            now_ == period_ ? (fromPrevious, fromCurrent) : (fromPrevious + fromCurrent, uint32(0));

        // Effect: held again, and the standing as it was.
        Slot storage slot = _accounts[cityId][wallet];
        uint256 word = _give(cityId, wallet, slot.word.roll(now_), 1, toPrevious);
        slot.word = _give(cityId, wallet, word, 0, toCurrent);
    }

    // ------------------------------------------------------------- recovery

    /// @inheritdoc IRecoveryFollower
    function followRecovery(uint32 cityId, address oldWallet, address newWallet) external {
        // Check: the registry, which saw to it that the new wallet never was a citizen's and so has no account.
        if (msg.sender != address(registry)) revert MeritLedger_OnlyRegistry(msg.sender);
        uint256 word = _accounts[cityId][oldWallet].word;
        if (word == 0) return;

        // Effect: the whole account moves, with its claims and what it earned today.
        uint16 now_ = period();
        word = word.roll(now_);
        delete _accounts[cityId][oldWallet];
        _accounts[cityId][newWallet].word = word;
        emit AccountMoved(
            cityId,
            oldWallet,
            newWallet,
            uint32(word.held(0)),
            uint32(word.held(1)),
            uint40(word.lifetime()),
            now_
        );
    }

    // ------------------------------------------------------------- accounts

    /// @dev `points` earned `age` periods ago (0 or 1), in the word of a rolled account.
    function _earn(uint32 cityId, address citizen, uint256 word, uint256 age, uint256 points)
        internal
        pure
        returns (uint256)
    {
        unchecked {
            // Points of an award are 40 bits at most.
            if (word.lifetime() + points > type(uint40).max) revert MeritLedger_Overflow(cityId, citizen);
        }
        return _give(cityId, citizen, word, age, points).raise(points);
    }

    /// @dev Takes `points` earned in this period or one before from the standing, and from the merits held what of them is
    /// still there.
    function _reverse(uint32 cityId, address citizen, uint16 earned, uint256 points) internal returns (uint32 taken) {
        Slot storage slot = _accounts[cityId][citizen];
        uint16 now_ = period();
        uint256 age = now_ - earned;
        uint256 word = slot.word.roll(now_);
        if (word.lifetime() < points) revert MeritLedger_Overflow(cityId, citizen);
        // The cast is safe: no more than 32 bits are held. Where nothing is, the age may be any.
        taken = uint32(Math.min(word.held(age), points));
        word = word.lower(points);
        slot.word = taken == 0 ? word : word.take(age, taken);
    }

    function _give(uint32 cityId, address citizen, uint256 word, uint256 age, uint256 amount)
        private
        pure
        returns (uint256)
    {
        unchecked {
            // Amounts are 40 bits at most.
            if (word.held(age) + amount > type(uint32).max) revert MeritLedger_Overflow(cityId, citizen);
        }
        return word.give(age, amount);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IMeritLedger
    function balanceOf(uint32 cityId, address citizen)
        external
        view
        returns (uint32 expiring, uint32 fresh, uint40 lifetime)
    {
        uint256 word = _accounts[cityId][citizen].word.roll(period());
        return (uint32(word.held(1)), uint32(word.held(0)), uint40(word.lifetime()));
    }

    /// @inheritdoc IMeritLedger
    function standingOf(uint32 cityId, address citizen) external view returns (uint256 lifetime) {
        return _accounts[cityId][citizen].word.lifetime();
    }

    /// @inheritdoc IMeritLedger
    function accountOf(uint32 cityId, address citizen) external view returns (Account memory) {
        return _accounts[cityId][citizen].word.unpack();
    }
}
