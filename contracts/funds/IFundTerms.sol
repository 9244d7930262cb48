// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IFundTerms
/// @notice What a fund says and refuses, and what stands of it from its launch on; see `IFundAvatar`.
interface IFundTerms {
    // ---------------------------------------------------------------- types

    /// @notice See above.
    enum Phase {
        Forming,
        Investing,
        Harvesting,
        Winding,
        Ended,
        Lapsed
    }

    /// @notice The rules of a mandate, in the order in which they are checked.
    enum Rule {
        Kind,
        City,
        Form,
        Share,
        Funds
    }

    /// @notice What partners can decide by motion.
    enum Matter {
        ReplaceManager,
        ReplaceAppraiser,
        ExtendLife,
        WindUp
    }

    /// @notice What the fund may invest in.
    /// @param kinds Bit `k` for `IProjectRegistry.Kind(k)`.
    /// @param forms Bit `f` for `ICampaign.Form(f)`.
    /// @param largestShare Most that is put in one project, or committed to one fund, of what is committed to this one.
    /// @param mayCommit Whether it may commit to other funds, that may not themselves.
    /// @param cities Home cities of its projects, ascending, at most 256; empty: any.
    struct Mandate {
        uint16 kinds;
        uint8 forms;
        uint16 largestShare;
        bool mayCommit;
        uint32[] cities;
    }

    /// @notice The terms, frozen at launch.
    /// @param minimum Least sum committed for the first closing, above zero.
    /// @param cap Most that is committed.
    /// @param finalClosing First second at which nobody commits any more.
    /// @param investmentPeriod Seconds from the first closing.
    /// @param life Seconds from the first closing, not less than the investment period.
    /// @param extension Seconds that one extension adds.
    /// @param extensions How often partners may extend it.
    /// @param managementFee A year, of what is committed during the investment period, then of the cost of holdings, until the end of life. At most a tenth.
    /// @param hurdle A year, compounding.
    /// @param catchUp The organisation's share in the catch-up; zero: there is none; else above `carry`.
    /// @param carry The organisation's share of profit, at most half.
    /// @param escrow Share of the carry that is kept until the fund ends.
    /// @param equalisation Premium a year on what a later partner pays for earlier calls.
    /// @param callNotice Seconds that partners have at least to pay a call; a day at least.
    /// @param grace Seconds after the due date before a default can be declared.
    /// @param lateFee Share of what is paid after the due date that is paid on top.
    /// @param forfeit Share of their units that a defaulting partner loses.
    /// @param markTerm Seconds after which a mark is called stale.
    struct Terms {
        uint96 minimum;
        uint96 cap;
        uint40 finalClosing;
        uint32 investmentPeriod;
        uint32 life;
        uint32 extension;
        uint8 extensions;
        uint16 managementFee;
        uint16 hurdle;
        uint16 catchUp;
        uint16 carry;
        uint16 escrow;
        uint16 equalisation;
        uint32 callNotice;
        uint32 grace;
        uint16 lateFee;
        uint16 forfeit;
        uint32 markTerm;
    }

    /// @notice A partner.
    /// @param commitment Committed; after a default nothing.
    /// @param paid Paid on it so far.
    /// @param units Held now.
    /// @param admitted Whether they may commit and receive units.
    /// @param defaulted Whether a default was declared: no vote, no commitment, no more.
    /// @param lockedUntil First second at which units can leave, after consent to a motion.
    struct Partner {
        uint96 commitment;
        uint96 paid;
        uint96 units;
        bool admitted;
        bool defaulted;
        uint40 lockedUntil;
    }

    /// @notice What the fund holds of a campaign or another fund.
    /// @param isFund Whether it is another fund.
    /// @param projectId The campaign's project; of a fund zero.
    /// @param principal Put in and neither withdrawn nor refunded.
    /// @param commitment Committed to it, where it is a fund.
    /// @param cost Principal less what came back.
    /// @param value The mark, plus what was put in and less what came back since; cost where it was never marked.
    /// @param drawn Of a campaign: of its proceeds, what is in the books.
    /// @param markedAsOf The day of the last mark; zero: never marked.
    struct Holding {
        bool isFund;
        uint32 projectId;
        uint96 principal;
        uint96 commitment;
        uint96 cost;
        uint96 value;
        uint96 drawn;
        uint40 markedAsOf;
    }

    /// @notice The fund's books.
    /// @param closedAt Second of the first closing; zero: not yet.
    /// @param finallyClosed Whether nobody can commit any more.
    /// @param endsAt End of life, extensions included; zero before the first closing.
    /// @param committed Of partners who are not in default.
    /// @param called Share of commitments called, in 10^18ths.
    /// @param dueAt Due date of the last call.
    /// @param cash Not invested, not credited to anybody.
    /// @param cost Of all holdings.
    /// @param value Of all holdings.
    /// @param contributed Capital paid in.
    /// @param gains Late fees, and what came back above cost.
    /// @param losses Cost that will not come back.
    /// @param fees Management fees taken.
    /// @param feeDue Management fee accrued and not taken, at the time of the block.
    /// @param toPartners Distributed to partners.
    /// @param toOrganisation Carry, escrow included, less what was returned.
    /// @param escrow Carry that is kept.
    /// @param clawback Carry to be returned, found at the end.
    /// @param unreturned Contributed capital not returned.
    /// @param preferred Hurdle of past years not paid, at the time of the block.
    /// @param accruing Hurdle of this year not paid, at the time of the block.
    struct Books {
        uint40 closedAt;
        bool finallyClosed;
        uint40 endsAt;
        uint96 committed;
        uint64 called;
        uint40 dueAt;
        uint96 cash;
        uint96 cost;
        uint96 value;
        uint96 contributed;
        uint96 gains;
        uint96 losses;
        uint96 fees;
        uint96 feeDue;
        uint96 toPartners;
        uint96 toOrganisation;
        uint96 escrow;
        uint96 clawback;
        uint96 unreturned;
        uint96 preferred;
        uint96 accruing;
    }

    /// @notice A sum, split by the waterfall.
    /// @param capital Contributed capital returned.
    /// @param hurdle Hurdle paid.
    /// @param catchUp Money of the catch-up, both sides'.
    /// @param rest What was split by `carry`.
    /// @param carry Of catch-up and rest, the organisation's; all else is the partners'.
    struct Split {
        uint96 capital;
        uint96 hurdle;
        uint96 catchUp;
        uint96 rest;
        uint96 carry;
    }

    /// @notice A motion of partners.
    /// @param subject New manager or appraiser; else zero.
    /// @param until First second at which nobody can consent any more.
    /// @param consents Units that consent.
    struct Motion {
        Matter matter;
        address subject;
        uint40 until;
        bool carried;
        uint96 consents;
    }

    // --------------------------------------------------------------- events

    /// @notice At launch.
    event MandateSet(uint16 kinds, uint8 forms, uint16 largestShare, bool mayCommit, uint32[] cities);
    event FundTermsSet(
        uint96 minimum,
        uint96 cap,
        uint40 finalClosing,
        uint32 investmentPeriod,
        uint32 life,
        uint32 extension,
        uint8 extensions,
        uint16 managementFee,
        uint16 hurdle,
        uint16 catchUp,
        uint16 carry,
        uint16 escrow
    );
    event PartnerTermsSet(
        uint16 equalisation, uint32 callNotice, uint32 grace, uint16 lateFee, uint16 forfeit, uint32 markTerm
    );
    event ManagerReplaced(address indexed manager);
    event AppraiserReplaced(address indexed appraiser);

    event PartnerAdmitted(address indexed partner, bool admitted);
    /// @notice A partner committed `amount` more, and paid `capital` for earlier calls (as many units) and `premium` to the units that were
    /// there. `perUnit` is what is credited per unit by now, in 2^96ths.
    event CapitalCommitted(
        address indexed partner, uint96 amount, uint96 capital, uint96 premium, uint160 perUnit
    );
    event CommitmentWithdrawn(address indexed partner, uint96 amount);
    /// @notice The first closing, or the final one before its day.
    event FundClosed(bool finally_, uint96 committed);
    /// @notice Of every commitment `called` (in 10^18ths) is called by now, to be paid until `dueAt`; `amount` is what the call asks of all.
    event CapitalCalled(uint16 indexed number, uint96 amount, uint64 called, uint40 dueAt, bytes32 purpose);
    /// @notice `amount` was paid on a partner's calls (as many units), and `lateFee` on top.
    event CallPaid(address indexed partner, address payer, uint96 amount, uint96 lateFee);
    /// @notice A partner is in default: `commitment` counts no more, `units` are burned.
    event PartnerDefaulted(address indexed partner, uint96 commitment, uint96 units);

    /// @notice `amount` went into a campaign.
    event Invested(address indexed campaign, uint32 indexed projectId, uint96 amount);
    /// @notice `amount` came back from a campaign in its cooling-off time: `cost` of it reduces the holding's cost, the rest, where that was
    /// written off before, is gain.
    event InvestmentWithdrawn(address indexed campaign, uint32 indexed projectId, uint96 amount, uint96 cost);
    /// @notice `amount` was committed to another fund.
    event FundCommitted(address indexed fund, uint96 amount);
    /// @notice `amount` was paid to another fund: capital (units), and `expense` for premiums and late fees, which is a loss.
    event FundPaid(address indexed fund, uint96 amount, uint96 expense);
    /// @notice `amount` came from a holding: `cost` of it reduces its cost, the rest is gain. `loss` is cost that will not come back, where the
    /// position ended with it. `principal` of it is settled by a refund.
    event ProceedsCollected(address indexed holding, uint96 amount, uint96 cost, uint96 loss, uint96 principal);
    /// @notice The manager gave up the rest of a holding's cost; `value` is zero from now on.
    event HoldingWrittenOff(address indexed holding, uint96 cost, bytes32 reason);
    /// @notice A holding was worth `value` on the day `asOf`. `company` is what the whole company, or the intellectual property, was worth;
    /// zero: not said.
    event HoldingMarked(address indexed holding, uint96 value, uint128 company, uint40 asOf, bytes32 evidence);

    event FeeTaken(address indexed manager, uint96 amount);
    /// @notice Distributed as split (`Split`). `escrowed` of the carry is kept. `perUnit` is what is credited per unit by now, in 2^96ths.
    event ProceedsDistributed(
        uint96 amount,
        uint96 capital,
        uint96 hurdle,
        uint96 catchUp,
        uint96 rest,
        uint96 carry,
        uint96 escrowed,
        uint160 perUnit
    );
    /// @notice A holder of units took what was credited to them.
    event DistributionClaimed(address indexed partner, address to, uint96 amount);
    /// @notice The manager took fees, or the organisation carry.
    event CreditTaken(address indexed account, address to, uint96 amount);

    event MotionProposed(
        uint32 indexed number, Matter matter, address subject, address by, uint40 until, bytes32 reason
    );
    event MotionSupported(uint32 indexed number, address indexed partner, uint96 units, uint96 consents);
    event MotionCarried(uint32 indexed number);
    /// @notice Life ends later, by motion, or now.
    event LifeSet(uint40 endsAt);

    /// @notice The fund ended. `clawback` of the carry was too much; `fromEscrow` of it went to the partners at once, the rest of the escrow
    /// to the organisation.
    event FundConcluded(uint96 clawback, uint96 fromEscrow, uint160 perUnit);
    /// @notice Carry was returned and credited to the units.
    event CarryReturned(address indexed payer, uint96 amount, uint160 perUnit);

    // --------------------------------------------------------------- errors

    error FundAvatar_NotFactory(address caller);
    error FundAvatar_NotManager(address caller);
    error FundAvatar_NotAppraiser(address caller);
    /// @notice Mandate, terms, a motion or a call's due date make no sense; `field` names the first that does not, as an ASCII string.
    error FundAvatar_BadTerms(bytes32 field);
    error FundAvatar_WrongPhase(Phase phase);
    error FundAvatar_ZeroAddress();
    /// @notice The amount is zero.
    error FundAvatar_BadAmount();
    /// @notice The token gave or took something else than it was told.
    error FundAvatar_ShortTransfer(address token, uint256 expected, uint256 received);
    /// @notice There is nothing to withdraw, collect, claim or take.
    error FundAvatar_Nothing(address account);

    error FundAvatar_NotAdmitted(address account);
    error FundAvatar_InDefault(address partner);
    /// @notice More than the cap leaves room for.
    error FundAvatar_OverCap(uint96 left, uint96 given);
    /// @notice It costs more by now than the partner accepts to pay.
    error FundAvatar_OverMost(uint96 most, uint256 asked);
    /// @notice Nobody commits any more: the final closing is over, or there was a distribution, or a gain from a holding. (What only reduces
    /// cost leaves a fund worth what was paid in, and could be sent in by any stranger.)
    error FundAvatar_CommitmentsClosed();
    error FundAvatar_BelowMinimum(uint96 minimum, uint96 committed);
    /// @notice More than is left of commitments.
    error FundAvatar_OverCommitment(uint96 left, uint96 asked);
    /// @notice The due date is earlier than notice allows.
    error FundAvatar_ShortNotice(uint256 earliest, uint40 given);
    /// @notice A call is running.
    error FundAvatar_CallRunning(uint40 dueAt);
    /// @notice More than the partner owes.
    error FundAvatar_OverDue(uint96 due, uint96 given);
    /// @notice The partner is not late, or grace still runs.
    error FundAvatar_NotLate(address partner);
    /// @notice A partner who is late gets nothing, and transfers no units, until they have paid.
    error FundAvatar_Late(address partner, uint96 late);
    /// @notice A fund takes what is credited to it by its own `collect`.
    error FundAvatar_FundCollects(address fund);
    /// @notice Units are locked by a consent.
    error FundAvatar_UnitsLocked(address partner, uint40 until);

    /// @notice The mandate does not allow it. `given` is the kind, city, form, share in basis points, or the fund; `allowed` the kinds, zero, the
    /// forms, the largest share, or zero.
    error FundAvatar_OutsideMandate(Rule rule, uint256 given, uint256 allowed);
    /// @notice No campaign or fund of this network.
    error FundAvatar_UnknownTarget(address target);
    /// @notice Its money is in another token.
    error FundAvatar_OtherToken(address token);
    error FundAvatar_OverCash(uint96 cash, uint96 asked);
    error FundAvatar_NoHolding(address holding);
    /// @notice A mark is of a day after the last one's, and not of the future.
    error FundAvatar_BadDay(uint40 last, uint40 given);
    /// @notice Only campaigns have companies.
    error FundAvatar_NoCompany(address holding);

    /// @notice Somebody committed, or paid what was late, in this second: distribute in a later one.
    error FundAvatar_JustEntered();
    error FundAvatar_UnknownMotion(uint32 number);
    error FundAvatar_MotionOver(uint32 number);
    error FundAvatar_ConsentedAlready(uint32 number, address partner);
    /// @notice No more extensions.
    error FundAvatar_NoExtension(uint8 extensions);
    /// @notice There is still cash, or a cost.
    error FundAvatar_NotEmpty(uint96 cash, uint96 cost);
    /// @notice More than is to be returned.
    error FundAvatar_OverClawback(uint96 clawback, uint96 given);

    /// @notice Sets all up, once. Only the factory.
    function initialize(
        address organisation,
        string calldata name,
        string calldata symbol,
        address token,
        address manager,
        address appraiser,
        Mandate calldata mandate,
        Terms calldata terms
    ) external;

    // ---------------------------------------------------------------- views

    function organisation() external view returns (address);
    function token() external view returns (address);
    function manager() external view returns (address);
    function appraiser() external view returns (address);
    function phase() external view returns (Phase);
    function mandate() external view returns (Mandate memory);
    function terms() external view returns (Terms memory);
}
