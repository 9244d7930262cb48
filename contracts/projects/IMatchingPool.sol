// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IMatchingPool
/// @notice Rounds in which a city's budget matches what its citizens pledge: the more people, the more match.
/// @dev The rule is quadratic funding (Buterin, Hitzig, Weyl, 2019): a campaign's weight is `(Σ √c)² − Σ c` over the citizens who count, `c`
/// being what one pledged to it, at most the personal limit. Where the weights of all exceed the budget, each gets its share. Roots are kept as
/// `floor(√(c × 2^64))`, so a weight is `(Σ roots)² ÷ 2^64 − Σ c`, rounded down, zero at least.
interface IMatchingPool {
    enum Step {
        Running,
        Weighing,
        Assigning,
        Settled
    }

    /// @notice What a city gives to open a round.
    /// @param token Money of the round and of its campaigns.
    /// @param minMerits Lifetime merits in the city from which a citizen counts.
    /// @param personLimit The most that counts of a person for a campaign, base units; not zero.
    /// @param closes Its campaigns end, cooling-off included, at this second or before; from then on it is settled.
    /// @param redistribute Whether the part of campaigns that failed goes to the others; else back to the city.
    struct RoundTerms {
        uint32 cityId;
        address token;
        uint40 minMerits;
        uint96 personLimit;
        uint40 closes;
        bool redistribute;
        bytes32 content;
    }

    /// @notice A round as it stands.
    /// @param budget All that was paid in.
    /// @param campaigns How many entered.
    /// @param next The campaign that the present step comes to next.
    /// @param weight Sum of the weights weighed so far.
    /// @param assigned Sum of the matches assigned so far.
    /// @param rest What the city can reclaim now.
    struct Round {
        uint32 cityId;
        address token;
        uint40 minMerits;
        uint96 personLimit;
        uint40 closes;
        bool redistribute;
        Step step;
        uint96 budget;
        uint32 campaigns;
        uint32 next;
        uint256 weight;
        uint96 assigned;
        uint96 rest;
    }

    /// @notice What was counted for a campaign.
    /// @param roots Sum of the roots.
    /// @param sum Sum of what counts.
    /// @param people How many count.
    /// @param weight Once weighed.
    /// @param assigned Once assigned.
    /// @param paid Whether it was paid, or went to the rest because the campaign was stopped.
    struct Tally {
        uint128 roots;
        uint128 sum;
        uint32 people;
        uint256 weight;
        uint96 assigned;
        bool paid;
    }

    event RoundOpened(
        uint32 indexed roundId,
        uint32 indexed cityId,
        address indexed by,
        address token,
        uint40 minMerits,
        uint96 personLimit,
        uint40 closes,
        bool redistribute,
        bytes32 content
    );
    event RoundFunded(uint32 indexed roundId, address indexed from, uint96 amount);
    event CampaignEntered(uint32 indexed roundId, address indexed campaign);
    /// @notice What a person's pledges to a campaign count is now `counted` (before the personal limit), and the campaign's sums these.
    event PledgeCounted(
        uint32 indexed roundId,
        address indexed campaign,
        bytes32 indexed person,
        uint96 counted,
        uint128 roots,
        uint128 sum
    );
    /// @notice A campaign's weight; zero where it failed and its part goes to the others.
    event CampaignWeighed(uint32 indexed roundId, address indexed campaign, bool funded, uint256 weight);
    event MatchAssigned(uint32 indexed roundId, address indexed campaign, uint96 amount);
    /// @notice All is assigned; `rest` is the city's.
    event RoundSettled(uint32 indexed roundId, uint256 weight, uint96 assigned, uint96 rest);
    event MatchPaid(uint32 indexed roundId, address indexed campaign, uint96 amount);
    /// @notice A match that a stopped campaign did not get, or gave back, is the city's again.
    event MatchForfeited(uint32 indexed roundId, address indexed campaign, uint96 amount);
    event RestReclaimed(uint32 indexed roundId, address indexed by, address to, uint96 amount);

    /// @notice Terms make no sense: `token` (not on the operator's list), `personLimit`, `closes`, `amount`; or `steps` (zero).
    error MatchingPool_BadTerms(bytes32 field);
    error MatchingPool_UnknownRound(uint32 roundId);
    error MatchingPool_NotFactory(address caller);
    /// @notice Only a campaign of the round may.
    error MatchingPool_NotItsCampaign(uint32 roundId, address campaign);
    /// @notice The campaign's city does not take part, its token is another, or it ends after the round.
    error MatchingPool_WrongCity(uint32 roundId, uint32 projectId);
    error MatchingPool_WrongToken(uint32 roundId, address token);
    error MatchingPool_EndsTooLate(uint32 roundId, uint256 ends, uint40 closes);
    /// @notice The round is at another step.
    error MatchingPool_WrongStep(uint32 roundId, Step step);
    error MatchingPool_StillRunning(uint32 roundId, uint40 closes, uint256 time);
    error MatchingPool_Closed(uint32 roundId, uint40 closes, uint256 time);
    /// @notice There is nothing to pay or reclaim.
    error MatchingPool_Nothing(uint32 roundId);
    error MatchingPool_ShortTransfer(address token, uint256 expected, uint256 received);
    error MatchingPool_ZeroAddress();

    // ----------------------------------------------------------------- city

    /// @notice Opens a round with its first money, by allowance. Only a treasurer of the city.
    function openRound(RoundTerms calldata terms, uint96 amount) external returns (uint32 roundId);
    /// @notice Adds money by allowance, until the round closes; anybody may, it becomes the city's.
    function fundRound(uint32 roundId, uint96 amount) external;
    /// @notice Draws what the settlement left, and what came back since. Only a treasurer of the city.
    function reclaimRest(uint32 roundId, address to) external;

    // ------------------------------------------------------------ campaigns

    /// @notice Lets a campaign in. Only the factory.
    function enter(uint32 roundId, address campaign, uint32 projectId, address token, uint40 ends) external;
    /// @notice Reverts unless a campaign that ends then fits the round.
    function requireFits(uint32 roundId, uint40 ends) external view;
    /// @notice Counts a pledge or its withdrawal, where the backer pledged as a citizen of the round's city. Only a campaign of the round.
    /// `person` is the backer's nullifier there, which the campaign has asked for. A pledge counts from the merits on that the citizen has then; a withdrawal takes from what was counted, as far as it goes.
    function countPledge(uint32 roundId, address backer, bytes32 person, uint32 cityId, uint96 amount) external;
    function countWithdrawal(uint32 roundId, address backer, uint32 cityId, uint96 amount) external;
    /// @notice A stopped campaign gave back `amount`, transferred just before. Only a campaign of the round.
    function receiveReturn(uint32 roundId, uint96 amount) external;

    // ----------------------------------------------------------------- all

    /// @notice Pushes the settlement on by at most so many campaigns; anybody may: first all are weighed, then all assigned.
    function settle(uint32 roundId, uint256 steps) external;
    /// @notice Pays a campaign its match; anybody may. Where the campaign was stopped meanwhile, the match goes to the rest.
    function payMatch(uint32 roundId, address campaign) external;

    // ---------------------------------------------------------------- views

    function roundCount() external view returns (uint32);
    function roundOf(uint32 roundId) external view returns (Round memory);
    function campaignAt(uint32 roundId, uint32 index) external view returns (address);
    function tallyOf(uint32 roundId, address campaign) external view returns (Tally memory);
    /// @notice What counts of a person for a campaign, before the personal limit.
    function countedOf(address campaign, bytes32 person) external view returns (uint96);
    function roundOfCampaign(address campaign) external view returns (uint32);
}
