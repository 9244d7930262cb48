// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IMeritLedger} from "../merits/IMeritLedger.sol";
import {IMatchingPool} from "./IMatchingPool.sol";
import {MatchingRounds} from "./MatchingRounds.sol";

/// @title MatchingCount
/// @notice What citizens' pledges count, kept as two sums a campaign while pledges arrive.
/// @dev Nothing here fails for a campaign of the round: a pledge that does not count is passed over, so that a round can stop
/// neither a pledge nor a withdrawal.
abstract contract MatchingCount is MatchingRounds {
    /// @notice Where the merits are.
    IMeritLedger public immutable merits;

    /// @inheritdoc IMatchingPool
    mapping(address campaign => mapping(bytes32 person => uint96)) public countedOf;

    constructor(IMeritLedger merits_) {
        if (address(merits_) == address(0)) revert MatchingPool_ZeroAddress();
        merits = merits_;
    }

    /// @inheritdoc IMatchingPool
    function countPledge(uint32 roundId, address backer, uint32 cityId, uint96 amount) external {
        // Check: a campaign of the round; a citizen of its city with enough merits, while it runs.
        Entry storage entry = _entry(roundId, msg.sender);
        Book storage round = _rounds[roundId];
        if (!_counts(round, cityId)) return;
        bytes32 person = cities.nullifierOf(cityId, backer);
        uint40 minMerits = round.minMerits;
        if (person == 0) return;
        if (minMerits != 0 && merits.accountOf(cityId, backer).lifetime < minMerits) return;

        // Effect: it counts.
        uint96 counted = countedOf[msg.sender][person];
        _count(roundId, entry, round.personLimit, person, counted, counted + amount);
    }

    /// @inheritdoc IMatchingPool
    function countWithdrawal(uint32 roundId, address backer, uint32 cityId, uint96 amount) external {
        // Check: a campaign of the round, and somebody whose pledges counted. A wallet that was recovered stands for
        // the same person.
        Entry storage entry = _entry(roundId, msg.sender);
        Book storage round = _rounds[roundId];
        if (!_counts(round, cityId)) return;
        bytes32 person = cities.nullifierOf(cityId, backer);
        if (person == 0) person = cities.nullifierOf(cityId, cities.currentWallet(cityId, backer));
        uint96 counted = countedOf[msg.sender][person];
        if (counted == 0) return;

        // Effect: it counts no longer.
        _count(roundId, entry, round.personLimit, person, counted, counted - uint96(Math.min(counted, amount)));
    }

    /// @dev Whether a pledge as a citizen of this city counts in the round, now.
    function _counts(Book storage round, uint32 cityId) private view returns (bool) {
        return cityId == round.cityId && block.timestamp < round.closes;
    }

    /// @dev A person's pledges to a campaign were `earlier` and are `later`.
    function _count(uint32 roundId, Entry storage entry, uint256 limit, bytes32 person, uint96 earlier, uint96 later)
        private
    {
        countedOf[msg.sender][person] = later;
        if (earlier == 0) ++entry.people;
        else if (later == 0) --entry.people;
        uint256 was = Math.min(earlier, limit);
        uint256 is_ = Math.min(later, limit);
        // The casts are safe: a root has 80 bits, an amount 96, and there are 2^32 people at most.
        uint128 roots = uint128(entry.roots + _root(is_) - _root(was));
        uint128 sum = uint128(entry.sum + is_ - was);
        (entry.roots, entry.sum) = (roots, sum);
        emit PledgeCounted(roundId, msg.sender, person, later, roots, sum);
    }

    function _root(uint256 amount) private pure returns (uint256) {
        return Math.sqrt(amount << 64);
    }
}
