// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ICampaign
/// @notice A campaign: one project's money in one form, in a contract of its own that holds nobody else's.
/// @dev Made by `CampaignFactory` as an immutable clone (EIP-1167) of `DonationCampaign`, `RewardCampaign`, `LoanCampaign` or `ShareCampaign`.
/// Amounts are base units of the campaign's token, shares basis points (10,000 is the whole), times seconds since 1970. Typed
/// signatures (EIP-712) have the domain `Campaign`, version `1`, each clone at its own address.
///
/// Its life is a sequence of phases, of which time and what was done name exactly one:
///
///     Upcoming ─▶ Open ─▶ Cooling ─▶ Funded ─▶ Completed
///                    │        └─────▶ Failed      │
///                    └──────── Stopped ◀──────────┘ (not from Failed or Completed)
///
/// `Upcoming` until `opens`; `Open` until `closes`: pledges, and withdrawals of what is in its cooling-off time; `Cooling` for `coolingOff`
/// more: withdrawals alone; then `Funded` where at least the goal stands: releases, or `Failed`: refunds. `Stopped` by the author, a
/// moderator of the project's city, or anybody where a milestone is overdue: refunds. `Completed` when all milestones are released.
/// So at no second two of pledge, refund and release are open.
///
/// Entitlements are shares of the whole: of a sum `s` for the backers a backer gets `floor(s × amount ÷ raised)`, less what they drew
/// before. What the rounding leaves, less than one base unit a backer, stays in the contract and is nobody's.
interface ICampaign {
    // ---------------------------------------------------------------- types

    /// @notice The four forms of money.
    enum Form {
        Donation,
        Reward,
        Loan,
        Share
    }

    /// @notice See above.
    enum Phase {
        Upcoming,
        Open,
        Cooling,
        Funded,
        Failed,
        Stopped,
        Completed
    }

    /// @notice Where a pledge comes from. `State` and `NationalProgramme` only from a treasurer of a city that takes part, `Fund` only from a
    /// qualified investor.
    enum Source {
        Crowd,
        Private,
        Fund,
        State,
        NationalProgramme
    }

    /// @notice A tier of a reward campaign.
    /// @param price Least sum that a backer has in the campaign to hold it.
    /// @param stock How many.
    /// @param content Hash of its description.
    struct Tier {
        uint96 price;
        uint32 stock;
        bytes32 content;
    }

    /// @notice The terms of a loan. Interest is simple, on the principal outstanding (released and not repaid), 365 days a year.
    /// @param rate Basis points a year.
    /// @param instalments In how many equal parts the principal is repaid.
    /// @param interval Seconds from the first release to the first instalment, and between instalments.
    /// @param grace Seconds after an instalment's day for which it is not late.
    /// @param defaultAfter Seconds of lateness after which anybody may declare the default.
    struct LoanTerms {
        uint16 rate;
        uint16 instalments;
        uint32 interval;
        uint32 grace;
        uint32 defaultAfter;
    }

    /// @notice The terms of a campaign. They can be set anew until the first pledge, then never.
    /// @param payee Who is paid the milestones.
    /// @param opens First second of pledges.
    /// @param closes First second after them.
    /// @param coolingOff Seconds for which a pledge can be withdrawn.
    /// @param goal Least sum for success.
    /// @param cap Most that is taken.
    /// @param vetoShare Backers with more than this share of what was raised void a report.
    /// @param vetoWindow Seconds for which a report can be objected to; a day at least.
    /// @param milestoneTerm Seconds from one release to the next report (from the end of cooling-off to the first release counts none),
    /// after which anybody may stop the campaign.
    /// @param milestones Share of each milestone, 1 to 10 of them, 10,000 together.
    /// @param content Hash of the terms in words.
    /// @param tiers Reward: 1 to 16; other forms: none.
    /// @param loan Loan; other forms: all zero.
    /// @param unitPrice Share: price of a unit, pledges are multiples of it; other forms: zero.
    struct Terms {
        address payee;
        uint40 opens;
        uint40 closes;
        uint32 coolingOff;
        uint96 goal;
        uint96 cap;
        uint16 vetoShare;
        uint32 vetoWindow;
        uint32 milestoneTerm;
        uint16[] milestones;
        bytes32 content;
        Tier[] tiers;
        LoanTerms loan;
        uint96 unitPrice;
    }

    /// @notice A pledge as a backer makes it.
    /// @param cityId The city as whose citizen the backer pledges, so that it counts for matching there and follows a recovery;
    /// zero: as nobody's. Of `State` and `NationalProgramme` the city whose treasurer the backer is, zero the home city's; such a pledge is nobody's.
    /// @param tier Number of the tier, from 1 on; zero: none. A backer holds one at most.
    /// @param edition The edition of the terms that the backer read.
    struct Pledge {
        uint96 amount;
        uint32 cityId;
        uint8 tier;
        Source source;
        uint16 edition;
    }

    /// @notice An ERC-2612 permit for the campaign to take `value`; all zero: none, an allowance is there.
    struct Permit {
        uint256 value;
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice What a backer has in the campaign.
    /// @param amount Pledged and not withdrawn or refunded.
    /// @param cooling The part of it that can be withdrawn until `coolingUntil`.
    /// @param cityId The city of which the backer is a citizen here; zero: none.
    /// @param tier The tier held; zero: none.
    /// @param drawn Loan and share: drawn so far.
    struct Position {
        uint96 amount;
        uint96 cooling;
        uint40 coolingUntil;
        uint32 cityId;
        uint8 tier;
        uint96 drawn;
    }

    /// @notice Where the campaign stands.
    /// @param edition Edition of the terms, from 1 on.
    /// @param frozen Whether a pledge was ever made.
    /// @param raised Pledged and not withdrawn. A refund does not change it.
    /// @param matched Got from the matching pool, less what went back.
    /// @param released Released so far, fees included.
    /// @param milestone Milestones released.
    /// @param uncollected Released and not collected by the payee.
    /// @param fees Fees not collected by the network.
    /// @param proceeds Loan and share: paid in for the backers, and what a stop left for them after a release.
    /// @param toBackers What a stop left for the backers; refunds do not change it.
    struct State {
        Phase phase;
        uint16 edition;
        bool frozen;
        uint96 raised;
        uint96 matched;
        uint96 released;
        uint8 milestone;
        uint96 uncollected;
        uint96 fees;
        uint128 proceeds;
        uint96 toBackers;
    }

    /// @notice The report under way; all zero where there is none.
    /// @param attempt Reports on this milestone so far, this one included.
    /// @param vetoUntil First second at which the milestone can be released.
    /// @param objections Amounts of those who object.
    struct Report {
        uint8 milestone;
        uint16 attempt;
        uint40 vetoUntil;
        uint96 objections;
    }

    // --------------------------------------------------------------- events

    /// @notice The terms are now these. For a reward a `TierSet` for each tier follows, for a loan `LoanTermsSet`, for a share `UnitPriceSet`.
    event TermsSet(
        uint16 edition,
        address indexed payee,
        uint40 opens,
        uint40 closes,
        uint32 coolingOff,
        uint96 goal,
        uint96 cap,
        uint16 vetoShare,
        uint32 vetoWindow,
        uint32 milestoneTerm,
        uint16[] milestones,
        bytes32 content
    );
    /// @notice A tier of this edition; `tier` counts from 1.
    event TierSet(uint16 edition, uint8 tier, uint96 price, uint32 stock, bytes32 content);
    event LoanTermsSet(
        uint16 edition, uint16 rate, uint16 instalments, uint32 interval, uint32 grace, uint32 defaultAfter
    );
    event UnitPriceSet(uint16 edition, uint96 unitPrice);

    /// @notice A pledge arrived. `tier` is the one that the backer took with it; zero: none. `coolingUntil` is until when all that the backer has in cooling-off can be withdrawn; what was in
    /// it and had run out by now is so for good.
    event Pledged(
        address indexed backer,
        uint96 amount,
        uint32 indexed cityId,
        uint8 tier,
        Source source,
        uint40 coolingUntil
    );
    /// @notice A backer withdrew all that was in its cooling-off time. `tier` is the one given back to the stock; zero: none.
    event PledgeWithdrawn(address indexed backer, address to, uint96 amount, uint8 tier);
    /// @notice A backer's refund: `principal` of theirs is settled for `amount`, the same where nothing was released.
    event PledgeRefunded(address indexed backer, address to, uint96 principal, uint96 amount);
    /// @notice What a backer had is another wallet's, after a recovery.
    event PledgeMoved(
        address indexed oldWallet,
        address indexed newWallet,
        uint96 amount,
        uint96 cooling,
        uint40 coolingUntil,
        uint8 tier,
        uint96 drawn
    );

    /// @notice A milestone (from 1 on) was reported; it can be objected to until `vetoUntil`.
    event MilestoneReported(uint8 indexed milestone, uint16 attempt, address by, uint40 vetoUntil, bytes32 evidence);
    /// @notice A backer objects with `weight`, their amount; `objections` is the sum so far.
    event Objected(address indexed backer, uint8 indexed milestone, uint16 attempt, uint96 weight, uint96 objections);
    /// @notice The objections voided the report; another can be made.
    event ReportVoided(uint8 indexed milestone, uint16 attempt);
    /// @notice `amount` was released, of which `fee` is the network's; `milestone` is how many are released. Again for the last of them where
    /// matched money came later.
    event TrancheReleased(uint8 indexed milestone, uint96 amount, uint96 fee);
    /// @notice The payee collected.
    event TrancheCollected(address indexed payee, address to, uint96 amount);
    event FeeCollected(address indexed treasury, uint96 amount);
    /// @notice Stopped: of what was not released, `toBackers` is the backers' and `toPool` the matching pool's.
    event CampaignStopped(address indexed by, uint96 toBackers, uint96 toPool, bytes32 reason);

    /// @notice The matching pool paid its match.
    event MatchReceived(uint96 amount);
    /// @notice What was the pool's of a stopped campaign went back to it.
    event MatchReturned(uint96 amount);

    /// @notice A repayment of `amount`: `interest` first, the rest principal.
    event LoanRepaid(address indexed payer, uint96 amount, uint96 interest);
    /// @notice The borrower is in default with `owed`.
    event LoanDefaulted(address indexed by, uint96 owed);
    /// @notice Income was distributed to the holders of units.
    event IncomeDistributed(address indexed payer, uint96 amount);
    /// @notice A backer drew from repayments or distributions, or from what a stop left.
    event ProceedsClaimed(address indexed backer, address to, uint96 amount);

    // --------------------------------------------------------------- errors

    /// @notice Only the factory, the pool, the project's author or the payee may.
    error Campaign_NotFactory(address caller);
    error Campaign_NotPool(address caller);
    error Campaign_NotAuthor(address caller);
    error Campaign_NotPayee(address caller);
    /// @notice Terms make no sense; `field` names the first that does not, as an ASCII string.
    error Campaign_BadTerms(bytes32 field);
    /// @notice Pledged already: the terms stand for good.
    error Campaign_Frozen();
    /// @notice This cannot be done in the phase of now.
    error Campaign_WrongPhase(Phase phase);
    /// @notice The backer read another edition of the terms.
    error Campaign_OtherEdition(uint16 edition, uint16 given);
    /// @notice The amount is zero, or not a multiple of the unit's price.
    error Campaign_BadAmount(uint96 amount);
    /// @notice More than the cap leaves room for.
    error Campaign_OverCap(uint96 left, uint96 given);
    /// @notice There is no such tier, none left of it, the backer holds another, or has less in the campaign than its price.
    error Campaign_UnknownTier(uint8 tier);
    error Campaign_TierSoldOut(uint8 tier);
    error Campaign_TierHeld(address backer, uint8 tier);
    error Campaign_BelowTier(uint8 tier, uint96 price, uint96 given);
    /// @notice The source is not the backer's to name.
    error Campaign_NotTheSource(address backer, Source source);
    /// @notice The wallet is no citizen of this city, or has pledged as a citizen of another.
    error Campaign_NotCitizen(uint32 cityId, address backer);
    error Campaign_OtherCity(uint32 cityId, uint32 given);
    /// @notice The token gave or took something else than it was told.
    error Campaign_ShortTransfer(address token, uint256 expected, uint256 received);
    /// @notice There is nothing to withdraw, refund, claim, collect or return.
    error Campaign_Nothing(address account);
    /// @notice All milestones are released, or a report is under way, or the next one's term is over.
    error Campaign_NoMilestone();
    error Campaign_ReportPending(uint8 milestone, uint40 vetoUntil);
    error Campaign_Overdue(uint8 milestone, uint256 due);
    /// @notice There is no report, or its window is over, or still runs.
    error Campaign_NoReport();
    error Campaign_WindowOver(uint40 vetoUntil);
    error Campaign_WindowRunning(uint40 vetoUntil);
    /// @notice The backer objects already.
    error Campaign_ObjectedAlready(address backer);
    /// @notice Neither author nor moderator, and nothing is overdue.
    error Campaign_MayNotStop(address caller);
    /// @notice Another form's action.
    error Campaign_WrongForm(Form form);
    /// @notice More than is owed, or nothing is.
    error Campaign_OverOwed(uint96 owed, uint96 given);
    /// @notice No default to declare: not late for long enough, or declared already.
    error Campaign_NotInDefault(uint256 lateSince, uint256 time);
    /// @notice The wallet was not followed by another.
    error Campaign_NotRecovered(uint32 cityId, address wallet);
    error Campaign_ZeroAddress();
    error Campaign_SignatureExpired(uint256 deadline, uint256 time);
    error Campaign_BadSignature(address signer);

    // --------------------------------------------------------------- author

    /// @notice Sets all up, once. Only the factory.
    function initialize(
        uint32 projectId,
        uint32 cityId,
        uint32 roundId,
        address token,
        uint16 feeShare,
        Terms calldata terms
    ) external;

    /// @notice Sets the terms anew, before the first pledge. Only the project's author. A campaign in a round ends by the round's end.
    function setTerms(Terms calldata terms) external;

    /// @notice Reports the next milestone: from the second on, none is released without. Only the project's author or the payee.
    /// @param evidence Hash of the report.
    function report(bytes32 evidence) external;

    /// @notice Stops the campaign: all that is not released goes back. The project's author or a moderator of its home city, before
    /// or after funding; anybody where the next milestone's term is over without a report under way.
    function stop(bytes32 reason) external;

    // --------------------------------------------------------------- backer

    /// @notice Pledges by allowance.
    function pledge(Pledge calldata given) external;

    /// @notice Pledges by permit. A permit that somebody else has spent is passed over: the allowance is what counts.
    function pledgeWithPermit(Pledge calldata given, Permit calldata permit) external;

    /// @notice Pledges by the backer's signature, and their permit where given; anybody may send it.
    /// @dev Signed: `Pledge(address backer,uint96 amount,uint32 cityId,uint8 tier,uint8 source,uint16 edition,uint256 nonce,uint256 deadline)`,
    /// `nonce` by `nonces(backer)`.
    function pledgeBySig(
        address backer,
        Pledge calldata given,
        uint256 deadline,
        bytes calldata signature,
        Permit calldata permit
    ) external;

    /// @notice Withdraws all that is in its cooling-off time. A tier whose price is no longer covered goes back to the stock.
    function withdraw(address to) external;

    /// @notice `withdraw` to the backer by their signature.
    /// @dev Signed: `Withdraw(address backer,uint96 amount,uint256 nonce,uint256 deadline)`, `amount` what is in its cooling-off time.
    function withdrawBySig(address backer, uint256 deadline, bytes calldata signature) external;

    /// @notice Pays a backer's refund to them; anybody may. Of a loan or share stopped after a release it is what `claim` pays.
    function refund(address backer) external;

    /// @notice Pays the caller's refund to another address.
    function refundTo(address to) external;

    /// @notice Objects to the report under way with all that the caller has pledged.
    function object() external;

    /// @notice `object` by signature.
    /// @dev Signed: `Object(address backer,uint8 milestone,uint16 attempt,uint256 deadline)`; it counts once, so no nonce is needed.
    function objectBySig(address backer, uint256 deadline, bytes calldata signature) external;

    /// @notice Moves what a wallet has here to the wallet that today stands for its citizen; anybody may.
    function followRecovery(address oldWallet) external;

    // ----------------------------------------------------------------- all

    /// @notice Releases the next milestone: the first once funded, later ones when the window of their report is over. After the last, what was
    /// matched since. Anybody may; it is then the payee's to collect.
    function release() external;

    /// @notice The payee collects what was released.
    function collect(address to) external;

    /// @notice Pays the network's fees to its treasury; anybody may.
    function collectFees() external;

    /// @notice Takes the match, which the pool has transferred just before. Only the pool, while funded or completed.
    function receiveMatch(uint96 amount) external;

    /// @notice Sends the pool's part of a stopped campaign back to it; anybody may.
    function returnMatch() external;

    // ---------------------------------------------------- loans and shares

    /// @notice Repays a loan by allowance, interest first; anybody may, at most what is owed.
    function repay(uint96 amount) external;

    /// @notice Declares the default of a loan that is late for longer than its terms allow; anybody may.
    function declareDefault() external;

    /// @notice Distributes income of a share campaign by allowance; anybody may.
    function distribute(uint96 amount) external;

    /// @notice Pays a backer their part of what came in, to them; anybody may.
    function claim(address backer) external;

    /// @notice Pays the caller's part to another address.
    function claimTo(address to) external;

    // ---------------------------------------------------------------- views

    function form() external view returns (Form);
    function projectId() external view returns (uint32);
    function cityId() external view returns (uint32);
    function roundId() external view returns (uint32);
    function token() external view returns (address);
    function feeShare() external view returns (uint16);
    function phase() external view returns (Phase);
    function terms() external view returns (Terms memory);
    function stateOf() external view returns (State memory);
    function reportOf() external view returns (Report memory);
    function positionOf(address backer) external view returns (Position memory);
    /// @notice What `refund` would pay a backer now.
    function refundableOf(address backer) external view returns (uint256);
    /// @notice What `claim` would pay a backer now.
    function claimableOf(address backer) external view returns (uint256);
    /// @notice Tiers left.
    function stockOf(uint8 tier) external view returns (uint32);
    /// @notice Loan: principal released and not repaid, interest due on it now, and the second since which an instalment is late (grace
    /// included); zero: none is.
    function loanOf() external view returns (uint96 principal, uint96 interest, uint256 lateSince, bool defaulted);
    function nonces(address backer) external view returns (uint256);
}
