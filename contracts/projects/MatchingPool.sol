// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {CityRoles} from "../cities/CityRoles.sol";
import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {IMeritLedger} from "../merits/IMeritLedger.sol";
import {ICampaign} from "./ICampaign.sol";
import {ICampaignFactory} from "./ICampaignFactory.sol";
import {IMatchingPool} from "./IMatchingPool.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";
import {MatchingCount} from "./MatchingCount.sol";
import {MatchingRounds} from "./MatchingRounds.sol";

/// @title MatchingPool
/// @notice The settlement of rounds: campaigns weighed, matches assigned and paid, the rest given back. Rounds and what counts
/// in them come from its parents.
contract MatchingPool is MatchingCount {
    using SafeERC20 for IERC20;

    /// @param cities_ The city cities.
    /// @param merits_ The merit merits.
    /// @param projects_ The project cities.
    /// @param factory_ The factory of the campaigns.
    constructor(
        ICityRegistry cities_,
        IMeritLedger merits_,
        IProjectRegistry projects_,
        ICampaignFactory factory_
    ) MatchingRounds(cities_, projects_, factory_) MatchingCount(merits_) {}

    // ----------------------------------------------------------- settlement

    /// @inheritdoc IMatchingPool
    function settle(uint32 roundId, uint256 steps) external {
        // Check: a step at least, in a round that is over and not settled.
        if (steps == 0) revert MatchingPool_BadTerms("steps");
        Book storage round = _round(roundId);
        uint40 closes = round.closes;
        if (block.timestamp < closes) revert MatchingPool_StillRunning(roundId, closes, block.timestamp);
        Step step = round.step;
        if (step == Step.Settled) revert MatchingPool_WrongStep(roundId, step);

        // Effect: all are weighed, then all assigned, as far as the steps go.
        if (step == Step.Running) step = Step.Weighing;
        if (step == Step.Weighing) {
            steps = _weigh(roundId, round, steps);
            if (round.next == round.campaigns) (step, round.next) = (Step.Assigning, 0);
        }
        if (step == Step.Assigning) {
            _assign(roundId, round, steps);
            if (round.next == round.campaigns) {
                step = Step.Settled;
                uint96 rest = round.budget - round.assigned;
                round.rest = rest;
                emit RoundSettled(roundId, round.weight, round.assigned, rest);
            }
        }
        round.step = step;
    }

    /// @return left Steps not taken.
    function _weigh(uint32 roundId, Book storage round, uint256 steps) private returns (uint256 left) {
        (uint32 next, uint32 end, uint256 total) = (round.next, round.campaigns, round.weight);
        bool redistribute = round.redistribute;
        mapping(uint32 => address) storage campaigns = campaignAt[roundId];
        unchecked {
            // A weight has 160 bits, and there are 2^32 campaigns at most.
            for (left = steps; left != 0 && next != end; --left) {
                address campaign = campaigns[next++];
                Entry storage entry = _entries[campaign];
                bool funded = _isFunded(campaign);
                entry.standing = funded ? Standing.Funded : Standing.Failed;
                uint256 weight = funded || !redistribute ? _weightOf(entry.sums) : 0;
                total += weight;
                emit CampaignWeighed(roundId, campaign, funded, weight);
            }
        }
        (round.next, round.weight) = (next, total);
    }

    function _assign(uint32 roundId, Book storage round, uint256 steps) private {
        (uint32 next, uint32 end, uint256 total) = (round.next, round.campaigns, round.weight);
        (uint96 budget, uint96 assigned) = (round.budget, round.assigned);
        mapping(uint32 => address) storage campaigns = campaignAt[roundId];
        unchecked {
            // All together are no more than the budget.
            for (; steps != 0 && next != end; --steps) {
                address campaign = campaigns[next++];
                Entry storage entry = _entries[campaign];
                uint256 weight = entry.standing == Standing.Funded ? _weightOf(entry.sums) : 0;
                uint96 amount = uint96(total > budget ? Math.mulDiv(weight, budget, total) : weight);
                entry.assigned = amount;
                assigned += amount;
                emit MatchAssigned(roundId, campaign, amount);
            }
        }
        (round.next, round.assigned) = (next, assigned);
    }

    /// @dev Roots are of amounts times 2^64, so their square is too. What they were rounded down by may exceed the weight.
    function _weightOf(uint256 sums) private pure returns (uint256) {
        unchecked {
            // Roots have 112 bits: 80 each, of 2^32 people at most.
            uint256 roots = sums >> 128;
            return Math.saturatingSub((roots * roots) >> 64, uint128(sums));
        }
    }

    // -------------------------------------------------------------- payment

    /// @inheritdoc IMatchingPool
    function payMatch(uint32 roundId, address campaign) external nonReentrant {
        // Check: a match assigned and not paid.
        Entry storage entry = _entry(roundId, campaign);
        Book storage round = _rounds[roundId];
        if (round.step != Step.Settled) revert MatchingPool_WrongStep(roundId, round.step);
        uint96 amount = entry.assigned;
        if (amount == 0 || entry.standing == Standing.Paid) revert MatchingPool_Nothing(roundId);

        // Effect: paid, or the city's where the campaign was stopped meanwhile.
        entry.standing = Standing.Paid;
        if (!_isFunded(campaign)) {
            round.rest += amount;
            emit MatchForfeited(roundId, campaign, amount);
            return;
        }
        emit MatchPaid(roundId, campaign, amount);

        // Interaction: all of it arrives, and the campaign takes it.
        address token = round.token;
        uint256 before = IERC20(token).balanceOf(campaign);
        IERC20(token).safeTransfer(campaign, amount);
        uint256 received = IERC20(token).balanceOf(campaign) - before;
        if (received < amount) revert MatchingPool_ShortTransfer(token, amount, received);
        ICampaign(campaign).receiveMatch(amount);
    }

    /// @inheritdoc IMatchingPool
    function receiveReturn(uint32 roundId, uint96 amount) external nonReentrant {
        // Check: a campaign of the round, which saw to it that the money arrived.
        _entry(roundId, msg.sender);

        // Effect: the city's again.
        _rounds[roundId].rest += amount;
        emit MatchForfeited(roundId, msg.sender, amount);
    }

    /// @inheritdoc IMatchingPool
    function reclaimRest(uint32 roundId, address to) external nonReentrant {
        // Check: a treasurer of the city, something left, and somewhere to send it.
        if (to == address(0)) revert MatchingPool_ZeroAddress();
        Book storage round = _round(roundId);
        cities.requireRole(round.cityId, msg.sender, CityRoles.TREASURER);
        uint96 amount = round.rest;
        if (amount == 0) revert MatchingPool_Nothing(roundId);

        // Effect: all of it is drawn.
        round.rest = 0;
        emit RestReclaimed(roundId, msg.sender, to, amount);

        // Interaction.
        IERC20(round.token).safeTransfer(to, amount);
    }

    function _isFunded(address campaign) private view returns (bool) {
        ICampaign.Phase phase = ICampaign(campaign).phase();
        return phase == ICampaign.Phase.Funded || phase == ICampaign.Phase.Completed;
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IMatchingPool
    function tallyOf(uint32 roundId, address campaign) external view returns (Tally memory) {
        Entry storage entry = _entry(roundId, campaign);
        (uint256 sums, Standing standing) = (entry.sums, entry.standing);
        bool weighs = standing == Standing.Failed ? !_rounds[roundId].redistribute : standing != Standing.Counting;
        return Tally({
            roots: uint128(sums >> 128),
            sum: uint128(sums),
            people: entry.people,
            weight: weighs ? _weightOf(sums) : 0,
            assigned: entry.assigned,
            paid: standing == Standing.Paid
        });
    }
}
