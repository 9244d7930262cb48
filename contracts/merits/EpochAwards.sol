// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CityRoles} from "../cities/CityRoles.sol";
import {Merkle} from "../kit/Merkle.sol";
import {AccountWord} from "./AccountWord.sol";
import {IMeritLedger} from "./IMeritLedger.sol";
import {MeritAccounts} from "./MeritAccounts.sol";

/// @title EpochAwards
/// @notice Awards by Merkle root: opened once for any number of citizens, claimed by each when first needed.
abstract contract EpochAwards is MeritAccounts {
    using AccountWord for uint256;

    /// @notice Most epochs that a city opens in a period: one bit each in the citizens' accounts.
    uint8 public constant EPOCHS_PER_PERIOD = 48;

    mapping(uint32 cityId => mapping(uint32 epochId => Epoch)) private _epochs;

    /// @dev Persons whose award of an epoch is reversed: of two set bits in an account, one claimed and one reversed, this
    /// tells which. By nullifier, because a person may have another wallet when it is asked again.
    mapping(uint32 cityId => mapping(uint32 epochId => mapping(bytes32 nullifier => bool))) private _reversals;

    /// @inheritdoc IMeritLedger
    function openEpoch(
        uint32 cityId,
        uint32 kindId,
        uint40 acts,
        uint16 firstDay,
        uint16 lastDay,
        bytes32 root,
        bytes32 content
    ) external onlyRole(cityId, CityRoles.VERIFIER) returns (uint32 epochId) {
        // Check: the city runs, the act kind is published, there is something to award, for days that are over and that
        // no epoch of this kind covers, and the period has room.
        _requireRunning(cityId);
        uint24 points = _published(cityId, kindId);
        if (acts == 0 || root == 0) revert MeritLedger_EmptyEpoch();
        uint16 until = _kinds[cityId][kindId].epochsUntil;
        uint16 today = _today();
        if (firstDay < until || lastDay < firstDay || lastDay >= today) {
            revert MeritLedger_BadDays(firstDay, lastDay, until, today);
        }
        uint16 now_ = period();
        City storage city = _cities[cityId];
        uint8 index = city.epochPeriod == now_ ? city.epochs : 0;
        if (index == EPOCHS_PER_PERIOD) revert MeritLedger_TooManyEpochs(cityId, now_);

        // Effect: the budget pays for all of it, the days are covered, the root is open to claims. The cap of all its days
        // fits: 24 bits times less than 2^16 days.
        _charge(cityId, uint256(acts) * points, now_, 0);
        _kinds[cityId][kindId].epochsUntil = lastDay + 1;
        (city.epochPeriod, city.epochs) = (now_, index + 1);
        epochId = (uint32(now_) << 8) | index;
        _epochs[cityId][epochId] = Epoch({
            root: root,
            acts: acts,
            points: points,
            most: uint40(city.dailyCap) * (lastDay - firstDay + 1),
            kindId: kindId,
            cancelled: false
        });
        emit EpochOpened(cityId, epochId, msg.sender, kindId, acts, points, firstDay, lastDay, now_, root, content);
    }

    /// @inheritdoc IMeritLedger
    function claim(address citizen, Claim calldata leaf) external {
        // Check: the city runs, the epoch is open, the citizen's leaf is in it and unclaimed, and gives no more than it may.
        (uint32 cityId, uint32 epochId, uint16 times) = (leaf.cityId, leaf.epochId, leaf.times);
        _requireRunning(cityId);
        (Epoch storage epoch, bytes32 root) = _epoch(cityId, epochId);
        uint40 acts = epoch.acts;
        bool cancelled = epoch.cancelled;
        (uint16 now_, uint256 age) = _ageOf(cityId, epochId);
        address wallet = registry.currentWallet(cityId, citizen);
        Slot storage slot = _accounts[cityId][wallet];
        uint256 word = slot.word.roll(now_);
        uint256 bit = AccountWord.claimBit(age, uint8(epochId));
        if (word & bit != 0) revert MeritLedger_AlreadyClaimed(cityId, epochId, citizen);
        if (cancelled) revert MeritLedger_EpochCancelled(cityId, epochId);
        uint256 points = _pointsOf(epoch, root, citizen, leaf, times);
        if (times > acts) revert MeritLedger_EpochExhausted(cityId, epochId, acts, times);

        // Effect: claimed once, earned in the epoch's own period, which is one that has been: it fits.
        unchecked {
            epoch.acts = acts - times; // checked above
        }
        slot.word = _earn(cityId, wallet, word | bit, age, points);
        emit EpochClaimed(cityId, wallet, epochId, uint32(points), uint16(epochId >> 8), leaf.evidence);
    }

    /// @inheritdoc IMeritLedger
    function cancelEpoch(uint32 cityId, uint32 epochId, bytes32 reason)
        external
        onlyRole(cityId, CityRoles.MODERATOR)
    {
        // Check: an epoch that nobody has stopped yet.
        (Epoch storage epoch,) = _epoch(cityId, epochId);
        if (epoch.cancelled) revert MeritLedger_EpochCancelled(cityId, epochId);

        // Effect: no more claims.
        epoch.cancelled = true;
        emit EpochCancelled(cityId, epochId, msg.sender, reason);
    }

    /// @inheritdoc IMeritLedger
    function reverseEpochAward(address citizen, Claim calldata leaf, bytes32 reason)
        external
        onlyRole(leaf.cityId, CityRoles.MODERATOR)
    {
        // Check: a leaf of an epoch that accounts still remember, cancelled or not, and not reversed yet.
        (uint32 cityId, uint32 epochId, uint256 times) = (leaf.cityId, leaf.epochId, leaf.times);
        (Epoch storage epoch, bytes32 root) = _epoch(cityId, epochId);
        (uint16 now_, uint256 age) = _ageOf(cityId, epochId);
        uint256 points = _pointsOf(epoch, root, citizen, leaf, times);
        (address wallet, bytes32 person) = _personOf(cityId, citizen);
        bytes32 source = bytes32(uint256(epochId));
        mapping(bytes32 => bool) storage reversed = _reversals[cityId][epochId];
        if (reversed[person]) revert MeritLedger_AlreadyReversed(source, citizen);

        // Effect: what was claimed is taken back; what was not, never can be.
        reversed[person] = true;
        uint16 earned = uint16(epochId >> 8);
        uint256 bit = AccountWord.claimBit(age, uint8(epochId));
        Slot storage slot = _accounts[cityId][wallet];
        uint256 word = slot.word.roll(now_);
        bool unclaimed = word & bit == 0;
        uint32 taken;
        if (unclaimed) slot.word = word | bit;
        else taken = _reverse(cityId, wallet, earned, points);
        emit AwardReversed(
            cityId, wallet, msg.sender, source, uint32(points), taken, earned, unclaimed, reason
        );
    }

    /// @dev The wallet of today and the nullifier of a citizen who has or had this wallet.
    function _personOf(uint32 cityId, address citizen) private view returns (address wallet, bytes32 nullifier) {
        wallet = citizen;
        nullifier = registry.nullifierOf(cityId, wallet);
        if (nullifier == 0) {
            wallet = registry.currentWallet(cityId, citizen);
            nullifier = registry.nullifierOf(cityId, wallet);
        }
    }

    /// @dev The epoch, which there must be.
    function _epoch(uint32 cityId, uint32 epochId) private view returns (Epoch storage epoch, bytes32 root) {
        epoch = _epochs[cityId][epochId];
        root = epoch.root;
        if (root == 0) revert MeritLedger_UnknownEpoch(cityId, epochId);
    }

    /// @dev This period and how many periods ago the epoch was opened: 0 or 1, afterwards it is over.
    function _ageOf(uint32 cityId, uint32 epochId) private view returns (uint16 now_, uint256 age) {
        now_ = period();
        unchecked {
            age = now_ - (epochId >> 8); // there is no epoch of a period to come
        }
        if (age > 1) revert MeritLedger_EpochOver(cityId, epochId, uint16(epochId >> 8));
    }

    /// @dev What a leaf gives, which must be in the tree and give no more than the city's cap allows for the epoch's days.
    function _pointsOf(Epoch storage epoch, bytes32 root, address citizen, Claim calldata leaf, uint256 times)
        private
        view
        returns (uint256 points)
    {
        if (!Merkle.verify(leaf.proof, root, Merkle.leafOf(citizen, times, leaf.evidence))) {
            revert MeritLedger_BadProof(leaf.cityId, leaf.epochId, citizen);
        }
        uint256 most = epoch.most;
        unchecked {
            points = times * epoch.points; // 16 bits times 24
        }
        if (points > most) revert MeritLedger_CapExceeded(leaf.cityId, citizen, most, points);
        if (points > type(uint32).max) revert MeritLedger_Overflow(leaf.cityId, citizen);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IMeritLedger
    function epochOf(uint32 cityId, uint32 epochId) external view returns (Epoch memory) {
        return _epochs[cityId][epochId];
    }

    /// @inheritdoc IMeritLedger
    function isClaimed(uint32 cityId, uint32 epochId, address citizen) external view returns (bool) {
        address wallet = registry.currentWallet(cityId, citizen);
        return _accounts[cityId][wallet].word.isClaimed(epochId >> 8, uint8(epochId));
    }
}
