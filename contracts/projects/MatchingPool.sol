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
        // Check: a round that is over and not settled.
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
        for (left = steps; left != 0 && next != end; --left) {
            address campaign = campaignAt[roundId][next++];
            Entry storage entry = _entries[campaign];
            bool funded = _isFunded(campaign);
            (entry.weighed, entry.funded) = (true, funded);
            uint256 weight = _weightOf(entry, redistribute);
            total += weight;
            emit CampaignWeighed(roundId, campaign, funded, weight);
        }
        (round.next, round.weight) = (next, total);
    }

    function _assign(uint32 roundId, Book storage round, uint256 steps) private {
        (uint32 next, uint32 end, uint256 total) = (round.next, round.campaigns, round.weight);
        (uint96 budget, uint96 assigned, bool redistribute) = (round.budget, round.assigned, round.redistribute);
        for (; steps != 0 && next != end; --steps) {
            address campaign = campaignAt[roundId][next++];
            Entry storage entry = _entries[campaign];
            uint256 weight = entry.funded ? _weightOf(entry, redistribute) : 0;
            // The cast is safe: a share of the budget, or a weight that is no more than it.
            uint96 amount = uint96(total > budget ? Math.mulDiv(weight, budget, total) : weight);
            entry.assigned = amount;
            assigned += amount;
            emit MatchAssigned(roundId, campaign, amount);
        }
        (round.next, round.assigned) = (next, assigned);
    }

    /// @dev Roots are of amounts times 2^64, so their square is too. What they were rounded down by may exceed the weight.
    function _weightOf(Entry storage entry, bool redistribute) private view returns (uint256) {
        if (redistribute && !entry.funded) return 0;
        uint256 roots = entry.roots;
        return Math.saturatingSub((roots * roots) >> 64, entry.sum);
    }

    // -------------------------------------------------------------- payment

    /// @inheritdoc IMatchingPool
    function payMatch(uint32 roundId, address campaign) external nonReentrant {
        // Check: a match assigned and not paid.
        Entry storage entry = _entry(roundId, campaign);
        Book storage round = _rounds[roundId];
        if (round.step != Step.Settled) revert MatchingPool_WrongStep(roundId, round.step);
        uint96 amount = entry.assigned;
        if (amount == 0 || entry.paid) revert MatchingPool_Nothing(roundId);

        // Effect: paid, or the city's where the campaign was stopped meanwhile.
        entry.paid = true;
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
        return Tally({
            roots: entry.roots,
            sum: entry.sum,
            people: entry.people,
            weight: entry.weighed ? _weightOf(entry, _rounds[roundId].redistribute) : 0,
            assigned: entry.assigned,
            paid: entry.paid
        });
    }
}
