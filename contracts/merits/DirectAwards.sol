// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

import {CityRoles} from "../cities/CityRoles.sol";
import {AddressList} from "../kit/AddressList.sol";
import {AccountWord} from "./AccountWord.sol";
import {IMeritLedger} from "./IMeritLedger.sol";
import {MeritAccounts} from "./MeritAccounts.sol";

/// @title DirectAwards
/// @notice Awards that a verifier writes into the accounts, one or many, and their reversal.
abstract contract DirectAwards is MeritAccounts {
    using AccountWord for uint256;
    using AddressList for address[];
    using BitMaps for BitMaps.BitMap;

    /// @dev Bit 0: the batch was awarded. Bit `n + 1`: its award `n` is reversed.
    mapping(bytes32 batchId => BitMaps.BitMap) private _batches;

    /// @inheritdoc IMeritLedger
    function award(uint32 cityId, uint32 kindId, address citizen, bytes32 evidence) external {
        citizen; // is read where it lies, as a list of one
        _award(cityId, kindId, evidence, AddressList.ofArgument(2));
    }

    /// @inheritdoc IMeritLedger
    function awardBatch(uint32 cityId, uint32 kindId, bytes32 evidence, address[] calldata citizens) external {
        if (citizens.length == 0) revert MeritLedger_EmptyBatch();
        _award(cityId, kindId, evidence, citizens);
    }

    function _award(uint32 cityId, uint32 kindId, bytes32 evidence, address[] calldata citizens)
        private
        onlyRole(cityId, CityRoles.VERIFIER)
    {
        // Check: the city runs, the act kind is published, all are citizens.
        _requireRunning(cityId);
        uint24 points = _published(cityId, kindId);
        _requireCitizens(cityId, citizens);

        // Effect: the budget pays, the batch is known.
        uint16 now_ = period();
        uint48 serial = _charge(cityId, points * citizens.length, now_, 1);
        bytes32 batchId = _idOf(cityId, msg.sender, serial, kindId, points, now_, evidence, citizens);
        _batches[batchId].set(0);
        emit BatchAwarded(
            batchId, cityId, msg.sender, serial, kindId, points, now_, evidence, uint32(citizens.length)
        );

        // Check and effect for each: earned within the cap.
        uint256 cap = _cities[cityId].dailyCap;
        uint256 today = _today();
        mapping(address => Slot) storage accounts = _accounts[cityId];
        for (uint256 i; i < citizens.length; ++i) {
            address citizen = citizens[i];
            Slot storage slot = accounts[citizen];
            uint256 word = slot.word.roll(now_);
            uint256 earned = word.earnedOn(today) + points;
            if (earned > cap) {
                uint256 before = earned - points;
                revert MeritLedger_CapExceeded(cityId, citizen, before < cap ? cap - before : 0, points);
            }
            slot.word = _earn(cityId, citizen, word, 0, points).withDay(today, earned);
            emit Awarded(cityId, citizen, batchId, points);
        }
    }

    /// @dev `registry.requireCitizens(cityId, citizens)`, with the list passed on as a whole.
    function _requireCitizens(uint32 cityId, address[] calldata citizens) private view {
        bytes memory head = abi.encodeWithSelector(registry.requireCitizens.selector, cityId, 0x40, citizens.length);
        Address.functionStaticCall(address(registry), bytes.concat(head, citizens.words()));
    }

    /// @dev `keccak256(abi.encode(batch))`, with the list hashed as a whole.
    function _idOf(
        uint32 cityId,
        address verifier,
        uint48 serial,
        uint32 kindId,
        uint24 points,
        uint16 period_,
        bytes32 evidence,
        address[] calldata citizens
    ) private pure returns (bytes32) {
        // The batch is one argument (at 0x20), and its list comes after its eight words (at 0x100).
        bytes memory head = abi.encode(
            0x20, cityId, verifier, serial, kindId, points, period_, evidence, 0x100, citizens.length
        );
        return keccak256(bytes.concat(head, citizens.words()));
    }

    /// @inheritdoc IMeritLedger
    function reverseAward(Batch calldata batch, uint256 index, bytes32 reason)
        external
        onlyRole(batch.cityId, CityRoles.MODERATOR)
    {
        // Check: an award of this batch that stands.
        (uint32 cityId, uint24 points, uint16 period_) = (batch.cityId, batch.points, batch.period);
        address[] calldata citizens = batch.citizens;
        bytes32 batchId =
            _idOf(cityId, batch.verifier, batch.serial, batch.kindId, points, period_, batch.evidence, citizens);
        BitMaps.BitMap storage bits = _batches[batchId];
        if (!bits.get(0)) revert MeritLedger_UnknownBatch(batchId);
        if (index >= citizens.length) revert MeritLedger_BadIndex(batchId, index, citizens.length);
        if (bits.get(index + 1)) revert MeritLedger_AlreadyReversed(batchId, citizens[index]);

        // Effect: reversed for good; the account, wherever it moved, pays as far as it can.
        bits.set(index + 1);
        address wallet = registry.currentWallet(cityId, citizens[index]);
        uint32 taken = _reverse(cityId, wallet, period_, points);
        emit AwardReversed(cityId, wallet, msg.sender, batchId, points, taken, period_, false, reason);
    }

    /// @inheritdoc IMeritLedger
    function isBatch(bytes32 batchId) external view returns (bool) {
        return _batches[batchId].get(0);
    }
}
