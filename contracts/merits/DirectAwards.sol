// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

import {CityRoles} from "../cities/CityRoles.sol";
import {AccountWord} from "./AccountWord.sol";
import {IMeritLedger} from "./IMeritLedger.sol";
import {MeritAccounts} from "./MeritAccounts.sol";

/// @title DirectAwards
/// @notice Awards that a verifier writes into the accounts, one or many, and their reversal.
abstract contract DirectAwards is MeritAccounts {
    using AccountWord for uint256;
    using BitMaps for BitMaps.BitMap;

    /// @dev Bit 0: the batch was awarded. Bit `n + 1`: its award `n` is reversed.
    mapping(bytes32 batchId => BitMaps.BitMap) private _batches;

    /// @inheritdoc IMeritLedger
    function award(uint32 cityId, uint32 kindId, address citizen, bytes32 evidence) external {
        address[] memory citizens = new address[](1);
        citizens[0] = citizen;
        _award(cityId, kindId, evidence, citizens);
    }

    /// @inheritdoc IMeritLedger
    function awardBatch(uint32 cityId, uint32 kindId, bytes32 evidence, address[] calldata citizens) external {
        if (citizens.length == 0) revert MeritLedger_EmptyBatch();
        _award(cityId, kindId, evidence, citizens);
    }

    function _award(uint32 cityId, uint32 kindId, bytes32 evidence, address[] memory citizens)
        private
        onlyRole(cityId, CityRoles.VERIFIER)
    {
        // Check: the city runs, the act kind is published, all are citizens.
        uint256 cap = _running(cityId).dailyCap;
        uint24 points = _published(cityId, kindId).points;
        registry.requireCitizens(cityId, citizens);

        // Effect: the budget pays, the batch is known.
        uint16 now_ = period();
        uint48 serial = _charge(cityId, points * citizens.length, now_, 1);
        bytes32 batchId =
            keccak256(abi.encode(Batch(cityId, msg.sender, serial, kindId, points, now_, evidence, citizens)));
        _batches[batchId].set(0);
        emit BatchAwarded(
            batchId, cityId, msg.sender, serial, kindId, points, now_, evidence, uint32(citizens.length)
        );

        // Check and effect for each: earned within the cap.
        uint256 today = _today();
        mapping(address => uint256) storage accounts = _accounts[cityId];
        for (uint256 i; i < citizens.length; ++i) {
            address citizen = citizens[i];
            uint256 word = accounts[citizen].roll(now_);
            uint256 earned = word.earnedOn(today);
            if (earned + points > cap) {
                revert MeritLedger_CapExceeded(cityId, citizen, earned < cap ? cap - earned : 0, points);
            }
            accounts[citizen] = _earn(cityId, citizen, word, 0, points).withDay(today, earned + points);
            emit Awarded(cityId, citizen, batchId, points);
        }
    }

    /// @inheritdoc IMeritLedger
    function reverseAward(Batch calldata batch, uint256 index, bytes32 reason)
        external
        onlyRole(batch.cityId, CityRoles.MODERATOR)
    {
        // Check: an award of this batch that stands.
        bytes32 batchId = keccak256(abi.encode(batch));
        BitMaps.BitMap storage bits = _batches[batchId];
        if (!bits.get(0)) revert MeritLedger_UnknownBatch(batchId);
        if (index >= batch.citizens.length) revert MeritLedger_BadIndex(batchId, index, batch.citizens.length);
        address citizen = batch.citizens[index];
        if (bits.get(index + 1)) revert MeritLedger_AlreadyReversed(batchId, citizen);

        // Effect: reversed for good; the account, wherever it moved, pays as far as it can.
        bits.set(index + 1);
        address wallet = registry.currentWallet(batch.cityId, citizen);
        uint32 taken;
        {
            uint16 now_ = period();
            mapping(address => uint256) storage accounts = _accounts[batch.cityId];
            (accounts[wallet], taken) =
                _reverse(batch.cityId, wallet, accounts[wallet].roll(now_), now_ - batch.period, batch.points);
        }
        emit AwardReversed(
            batch.cityId, wallet, msg.sender, batchId, batch.points, taken, batch.period, false, reason
        );
    }

    /// @inheritdoc IMeritLedger
    function isBatch(bytes32 batchId) external view returns (bool) {
        return _batches[batchId].get(0);
    }
}
