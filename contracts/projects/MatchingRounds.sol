// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {CityRoles} from "../cities/CityRoles.sol";
import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {ICampaignFactory} from "./ICampaignFactory.sol";
import {IMatchingPool} from "./IMatchingPool.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";

/// @title MatchingRounds
/// @notice Rounds: opened and funded by cities, entered by campaigns.
abstract contract MatchingRounds is IMatchingPool, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @dev A round as kept. All that a pledge needs lies in the first slot.
    struct Book {
        uint32 cityId;
        uint96 personLimit;
        uint40 minMerits;
        uint40 closes;
        uint32 campaigns;
        Step step;
        bool redistribute;
        address token;
        uint96 budget;
        uint96 assigned;
        uint96 rest;
        uint32 next;
        uint256 weight;
    }

    /// @dev Where a campaign stands: before it is weighed, weighed as one that failed or was funded, paid.
    enum Standing {
        Counting,
        Failed,
        Funded,
        Paid
    }

    /// @dev A campaign as kept. Its weight follows from its sums, which nothing changes once the round closed.
    /// @param sums Sum of the roots in the upper half, of what counts in the lower, so that they are written once.
    struct Entry {
        uint32 roundId;
        uint32 people;
        uint96 assigned;
        Standing standing;
        uint256 sums;
    }

    /// @notice Who is a treasurer, and who is behind a wallet.
    ICityRegistry public immutable cities;

    /// @notice Which cities take part in a project.
    IProjectRegistry public immutable projects;

    /// @notice Who lets campaigns in, and knows the tokens.
    ICampaignFactory public immutable factory;

    /// @inheritdoc IMatchingPool
    uint32 public roundCount;

    /// @inheritdoc IMatchingPool
    mapping(uint32 roundId => mapping(uint32 index => address)) public campaignAt;

    mapping(uint32 roundId => Book) internal _rounds;
    mapping(address campaign => Entry) internal _entries;

    constructor(ICityRegistry cities_, IProjectRegistry projects_, ICampaignFactory factory_) {
        if (
            address(cities_) == address(0) || address(projects_) == address(0) || address(factory_) == address(0)
        ) revert MatchingPool_ZeroAddress();
        (cities, projects, factory) = (cities_, projects_, factory_);
    }

    // ----------------------------------------------------------------- city

    /// @inheritdoc IMatchingPool
    function openRound(RoundTerms calldata terms, uint96 amount) external nonReentrant returns (uint32 roundId) {
        // Check: a treasurer, and terms that make sense.
        cities.requireRole(terms.cityId, msg.sender, CityRoles.TREASURER);
        if (factory.perRoubleOf(terms.token) == 0) revert MatchingPool_BadTerms("token");
        if (terms.personLimit == 0) revert MatchingPool_BadTerms("personLimit");
        if (terms.closes <= block.timestamp) revert MatchingPool_BadTerms("closes");

        // Effect: the next round.
        roundId = ++roundCount;
        Book storage round = _rounds[roundId];
        (round.cityId, round.personLimit, round.minMerits) = (terms.cityId, terms.personLimit, terms.minMerits);
        (round.closes, round.redistribute, round.token) = (terms.closes, terms.redistribute, terms.token);
        emit RoundOpened(
            roundId,
            terms.cityId,
            msg.sender,
            terms.token,
            terms.minMerits,
            terms.personLimit,
            terms.closes,
            terms.redistribute,
            terms.content
        );

        // Effect and interaction.
        _fund(roundId, round, amount);
    }

    /// @inheritdoc IMatchingPool
    function fundRound(uint32 roundId, uint96 amount) external nonReentrant {
        // Check: a round that is not over.
        Book storage round = _round(roundId);
        _requireOpen(roundId, round.closes);

        // Effect and interaction.
        _fund(roundId, round, amount);
    }

    function _fund(uint32 roundId, Book storage round, uint96 amount) private {
        // Check.
        if (amount == 0) revert MatchingPool_BadTerms("amount");

        // Effect: more to give.
        round.budget += amount;
        emit RoundFunded(roundId, msg.sender, amount);

        // Interaction: all of it arrives, or nothing happened.
        address token = round.token;
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount);
        uint256 received = IERC20(token).balanceOf(address(this)) - before;
        if (received < amount) revert MatchingPool_ShortTransfer(token, amount, received);
    }

    // ------------------------------------------------------------ campaigns

    /// @inheritdoc IMatchingPool
    function enter(uint32 roundId, address campaign, uint32 projectId, address token, uint40 ends) external {
        // Check: the factory, and a campaign that fits the round.
        if (msg.sender != address(factory)) revert MatchingPool_NotFactory(msg.sender);
        requireFits(roundId, ends);
        Book storage round = _rounds[roundId];
        if (token != round.token) revert MatchingPool_WrongToken(roundId, token);
        if (!projects.takesPart(projectId, round.cityId)) revert MatchingPool_WrongCity(roundId, projectId);

        // Effect: the last of the round.
        campaignAt[roundId][round.campaigns++] = campaign;
        _entries[campaign].roundId = roundId;
        emit CampaignEntered(roundId, campaign);
    }

    /// @inheritdoc IMatchingPool
    function requireFits(uint32 roundId, uint40 ends) public view {
        uint40 closes = _round(roundId).closes;
        _requireOpen(roundId, closes);
        if (ends > closes) revert MatchingPool_EndsTooLate(roundId, ends, closes);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IMatchingPool
    function roundOf(uint32 roundId) external view returns (Round memory) {
        Book storage round = _rounds[roundId];
        return Round({
            cityId: round.cityId,
            token: round.token,
            minMerits: round.minMerits,
            personLimit: round.personLimit,
            closes: round.closes,
            redistribute: round.redistribute,
            step: round.step,
            budget: round.budget,
            campaigns: round.campaigns,
            next: round.next,
            weight: round.weight,
            assigned: round.assigned,
            rest: round.rest
        });
    }

    /// @inheritdoc IMatchingPool
    function roundOfCampaign(address campaign) external view returns (uint32) {
        return _entries[campaign].roundId;
    }

    // ------------------------------------------------------------- internal

    function _round(uint32 roundId) internal view returns (Book storage round) {
        round = _rounds[roundId];
        if (round.closes == 0) revert MatchingPool_UnknownRound(roundId);
    }

    /// @dev A campaign of this round; strangers have the round zero, which is none.
    function _entry(uint32 roundId, address campaign) internal view returns (Entry storage entry) {
        entry = _entries[campaign];
        if (roundId == 0 || entry.roundId != roundId) revert MatchingPool_NotItsCampaign(roundId, campaign);
    }

    function _requireOpen(uint32 roundId, uint40 closes) private view {
        if (block.timestamp >= closes) revert MatchingPool_Closed(roundId, closes, block.timestamp);
    }
}
