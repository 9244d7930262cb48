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

    /// @dev What counts of a person for a campaign, in the lowest 96 bits, and above it the root of what of it is within the limit.
    mapping(address campaign => mapping(bytes32 person => uint256 word)) private _counted;

    constructor(IMeritLedger merits_) {
        if (address(merits_) == address(0)) revert MatchingPool_ZeroAddress();
        merits = merits_;
    }

    /// @inheritdoc IMatchingPool
    function countPledge(uint32 roundId, address backer, bytes32 person, uint32 cityId, uint96 amount) external {
        // Check: a campaign of the round; a citizen of its city with enough merits, while it runs.
        Entry storage entry = _entry(roundId, msg.sender);
        Book storage round = _rounds[roundId];
        (uint96 limit, uint40 minMerits) = (round.personLimit, round.minMerits);
        if (!_counts(round, cityId)) return;
        if (minMerits != 0 && merits.standingOf(cityId, backer) < minMerits) return;

        // Effect: it counts.
        uint256 word = _counted[msg.sender][person];
        _count(roundId, entry, limit, person, word, uint96(word) + amount);
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
        uint256 word = _counted[msg.sender][person];
        if (word == 0) return;

        // Effect: it counts no longer.
        _count(roundId, entry, round.personLimit, person, word, uint96(Math.saturatingSub(uint96(word), amount)));
    }

    /// @dev Whether a pledge as a citizen of this city counts in the round, now.
    function _counts(Book storage round, uint32 cityId) private view returns (bool) {
        return cityId == round.cityId && block.timestamp < round.closes;
    }

    /// @dev What counts of a person is `later` from now on; `word` is what is kept of it so far. Nothing overflows: a root has 80
    /// bits, an amount 96, and there are 2^32 people at most.
    function _count(uint32 roundId, Entry storage entry, uint256 limit, bytes32 person, uint256 word, uint96 later)
        private
    {
        unchecked {
            uint256 earlier = uint96(word);
            if (earlier == 0) ++entry.people;
            else if (later == 0) --entry.people;
            uint256 counts = Math.min(later, limit);
            uint256 root = Math.sqrt(counts << 64);
            _counted[msg.sender][person] = (root << 96) | later;
            uint256 sums = entry.sums;
            uint128 roots = uint128((sums >> 128) + root - (word >> 96));
            uint128 sum = uint128(uint128(sums) + counts - Math.min(earlier, limit));
            entry.sums = (uint256(roots) << 128) | sum;
            emit PledgeCounted(roundId, msg.sender, person, later, roots, sum);
        }
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IMatchingPool
    function countedOf(address campaign, bytes32 person) external view returns (uint96) {
        return uint96(_counted[campaign][person]);
    }
}
