// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IMeritLedger
/// @notice Merits per citizen and city: awarded for published act kinds, spent at the reward market, expiring.
/// @dev Merits are whole numbers, never bought, never transferred. Time is cut into *periods* of equal length, the same for
/// the whole network: period 0 begins at `ORIGIN`. Merits earned in one period can be spent until the end of the next, oldest
/// first. *Days* are UTC days since 1970. All that the ledger keeps of a citizen in a city is one storage slot (`Account`).
///
/// Spending has no event here: the market's `Redeemed` and `VoucherRefunded` carry what was taken from which period, so that
/// one redemption writes one log.
interface IMeritLedger {
    // ---------------------------------------------------------------- types

    /// @notice A citizen's merits in a city, in one slot, as last written (see `balanceOf` for what holds now).
    /// @param current Merits earned in `period` and still held.
    /// @param previous Merits earned in the period before and still held.
    /// @param lifetime All merits ever earned less those reversed: the citizen's standing.
    /// @param period The period in which the slot was last written.
    /// @param day The day of the last direct award.
    /// @param today Merits from direct awards on that day.
    /// @param claimed Bit `n` is set: the award of this period's epoch `n` is claimed or reversed.
    /// @param claimedBefore The same for the period before.
    struct Account {
        uint32 current;
        uint32 previous;
        uint40 lifetime;
        uint16 period;
        uint16 day;
        uint24 today;
        uint48 claimed;
        uint48 claimedBefore;
    }

    /// @notice A city's rules, in one slot.
    /// @param dailyCap The most that direct awards give a citizen in a day; an epoch gives at most this times its days.
    /// @param pauses Bit 0: paused by the city; bit 1: paused by the operator.
    /// @param epochPeriod The period of the city's last epoch.
    /// @param epochs Epochs opened in that period, at most `EPOCHS_PER_PERIOD`.
    struct City {
        uint24 dailyCap;
        uint8 pauses;
        uint16 epochPeriod;
        uint8 epochs;
    }

    /// @notice An act kind of a city.
    /// @param points Merits for one act; zero: not awarded (any more).
    /// @param epochsUntil The first day that no epoch of this kind covers yet.
    struct Kind {
        uint24 points;
        uint16 epochsUntil;
    }

    /// @notice What a verifier may award in a city.
    /// @param perPeriod Merits per period.
    /// @param used Merits awarded in `period`.
    /// @param period The period that `used` counts.
    /// @param serial Batches awarded so far, in all periods; the first batch is number 1.
    struct Budget {
        uint40 perPeriod;
        uint40 used;
        uint16 period;
        uint48 serial;
    }

    /// @notice An epoch: one Merkle root that awards any number of citizens for acts of one kind.
    /// @dev Leaf: `keccak256(bytes.concat(keccak256(abi.encode(citizen, times, evidence))))`, pairs sorted (OpenZeppelin's
    /// standard tree). At most one leaf per citizen can be claimed.
    /// @param acts Acts that may still be claimed.
    /// @param points Merits for one act, as published when the epoch was opened.
    /// @param most The most merits one leaf may give: the city's daily cap times the days covered.
    /// @param kindId The act kind.
    /// @param cancelled A moderator stopped the epoch; what is unclaimed stays so.
    struct Epoch {
        bytes32 root;
        uint40 acts;
        uint24 points;
        uint40 most;
        uint32 kindId;
        bool cancelled;
    }

    /// @notice What identifies a batch of direct awards: the caller gives it whole to reverse one of them.
    /// @dev `batchId = keccak256(abi.encode(batch))`, the single slot that a batch leaves behind.
    struct Batch {
        uint32 cityId;
        address verifier;
        uint48 serial;
        uint32 kindId;
        uint24 points;
        uint16 period;
        bytes32 evidence;
        address[] citizens;
    }

    /// @notice A citizen's leaf in an epoch, with its proof.
    /// @param cityId The city of the epoch.
    /// @param epochId Its number in the city: `period << 8 | index`.
    /// @param times How many acts.
    /// @param evidence Hash of the evidence of these acts.
    struct Claim {
        uint32 cityId;
        uint32 epochId;
        uint16 times;
        bytes32 evidence;
        bytes32[] proof;
    }

    // --------------------------------------------------------------- events

    /// @notice The ledger was created.
    /// @param origin The second at which period 0 begins.
    /// @param periodLength Seconds in a period.
    event LedgerOpened(uint40 origin, uint32 periodLength);

    /// @notice The city's daily cap is now `dailyCap` merits per citizen.
    event CapSet(uint32 indexed cityId, uint24 dailyCap);

    /// @notice An act kind was published or changed; zero points withdraw it.
    /// @param content Hash of its description.
    event KindPublished(uint32 indexed cityId, uint32 indexed kindId, uint24 points, bytes32 content);

    /// @notice What the verifier may award per period.
    event BudgetSet(uint32 indexed cityId, address indexed verifier, uint40 perPeriod);

    /// @notice The city is paused (`pauses` not zero, see `City`) or goes on. City 0 stands for all cities.
    event PauseSet(uint32 indexed cityId, uint8 pauses);

    /// @notice A verifier awarded the same act to `count` citizens; one `Awarded` for each follows in the order given.
    event BatchAwarded(
        bytes32 indexed batchId,
        uint32 indexed cityId,
        address indexed verifier,
        uint48 serial,
        uint32 kindId,
        uint24 points,
        uint16 period,
        bytes32 evidence,
        uint32 count
    );

    /// @notice A citizen earned `points` by a batch; act kind and evidence stand in its `BatchAwarded`.
    event Awarded(uint32 indexed cityId, address indexed citizen, bytes32 batchId, uint24 points);

    /// @notice An epoch was opened.
    /// @param acts All acts in its leaves together.
    /// @param points Merits for one act.
    /// @param firstDay First day covered.
    /// @param lastDay Last day covered.
    /// @param content Hash of the list of its leaves.
    event EpochOpened(
        uint32 indexed cityId,
        uint32 indexed epochId,
        address indexed verifier,
        uint32 kindId,
        uint40 acts,
        uint24 points,
        uint16 firstDay,
        uint16 lastDay,
        uint16 period,
        bytes32 root,
        bytes32 content
    );

    /// @notice A citizen's award of an epoch was claimed. The merits count as earned in `period`, that of the epoch.
    /// @param citizen The citizen's wallet of today, which got them; the leaf may name an earlier one.
    event EpochClaimed(
        uint32 indexed cityId,
        address indexed citizen,
        uint32 indexed epochId,
        uint32 points,
        uint16 period,
        bytes32 evidence
    );

    /// @notice A moderator stopped an epoch.
    /// @param reason Hash of the reason.
    event EpochCancelled(uint32 indexed cityId, uint32 indexed epochId, address indexed moderator, bytes32 reason);

    /// @notice An award was reversed: `points` from the standing, `taken` from the merits held. What lacks was spent or had
    /// expired: the shortfall, `points - taken`.
    /// @param citizen The citizen's wallet of today.
    /// @param source The batch's id, or the epoch's number.
    /// @param period The period in which the merits were earned.
    /// @param unclaimed The award was an epoch's that nobody had claimed: it never will be, and neither the standing nor
    /// the merits held change. `points` says what it would have given.
    event AwardReversed(
        uint32 indexed cityId,
        address indexed citizen,
        address indexed moderator,
        bytes32 source,
        uint32 points,
        uint32 taken,
        uint16 period,
        bool unclaimed,
        bytes32 reason
    );

    /// @notice A recovered citizen's account moved to the new wallet.
    /// @param period The period in which it moved; `previous` was earned in the one before.
    event AccountMoved(
        uint32 indexed cityId,
        address indexed oldWallet,
        address indexed newWallet,
        uint32 current,
        uint32 previous,
        uint40 lifetime,
        uint16 period
    );

    // --------------------------------------------------------------- errors

    /// @notice Awards and redemptions of the city, or of all, are paused.
    error MeritLedger_Paused(uint32 cityId);
    /// @notice The network's periods have not begun.
    error MeritLedger_NotBegun(uint256 origin, uint256 time);
    /// @notice The city has not published this act kind, or withdrew it.
    error MeritLedger_UnknownKind(uint32 cityId, uint32 kindId);
    /// @notice The verifier's budget of this period does not suffice.
    error MeritLedger_BudgetExceeded(uint32 cityId, address verifier, uint256 left, uint256 asked);
    /// @notice The citizen would earn more than the cap.
    error MeritLedger_CapExceeded(uint32 cityId, address citizen, uint256 left, uint256 asked);
    /// @notice The list of citizens is empty.
    error MeritLedger_EmptyBatch();
    /// @notice The epoch has no acts or no root.
    error MeritLedger_EmptyEpoch();
    /// @notice The epoch's days are in the wrong order, not over yet, or already covered by an epoch of this kind.
    error MeritLedger_BadDays(uint16 firstDay, uint16 lastDay, uint16 from, uint16 today);
    /// @notice The city has opened all the epochs that a period has room for.
    error MeritLedger_TooManyEpochs(uint32 cityId, uint16 period);
    /// @notice There is no such epoch.
    error MeritLedger_UnknownEpoch(uint32 cityId, uint32 epochId);
    /// @notice A moderator cancelled the epoch.
    error MeritLedger_EpochCancelled(uint32 cityId, uint32 epochId);
    /// @notice The epoch's awards can no longer be claimed or reversed: the period after its own, `period`, is over.
    error MeritLedger_EpochOver(uint32 cityId, uint32 epochId, uint16 period);
    /// @notice The citizen's award of this epoch is already claimed or reversed.
    error MeritLedger_AlreadyClaimed(uint32 cityId, uint32 epochId, address citizen);
    /// @notice The leaves claimed are more acts than the epoch was opened with.
    error MeritLedger_EpochExhausted(uint32 cityId, uint32 epochId, uint256 left, uint256 asked);
    /// @notice The leaf is not in the epoch's tree.
    error MeritLedger_BadProof(uint32 cityId, uint32 epochId, address citizen);
    /// @notice No such batch was awarded.
    error MeritLedger_UnknownBatch(bytes32 batchId);
    /// @notice The batch has no citizen at this index.
    error MeritLedger_BadIndex(bytes32 batchId, uint256 index, uint256 count);
    /// @notice The award is already reversed.
    error MeritLedger_AlreadyReversed(bytes32 source, address citizen);
    /// @notice The citizen holds too few merits of this city.
    error MeritLedger_TooFewMerits(uint32 cityId, address citizen, uint256 held, uint256 asked);
    /// @notice A balance would no longer fit its field.
    error MeritLedger_Overflow(uint32 cityId, address citizen);
    /// @notice Only the reward market may call.
    error MeritLedger_OnlyMarket(address caller);
    /// @notice Only the city registry may call.
    error MeritLedger_OnlyRegistry(address caller);
    /// @notice A number given to the constructor makes no sense.
    error MeritLedger_BadTerms();

    // ----------------------------------------------------------------- city

    /// @notice Publishes, changes or (with zero points) withdraws an act kind. Only the city's steward.
    function publishKind(uint32 cityId, uint32 kindId, uint24 points, bytes32 content) external;

    /// @notice Sets the daily cap. Only the city's steward.
    function setCap(uint32 cityId, uint24 dailyCap) external;

    /// @notice Sets what a verifier may award per period. Only the city's steward. What is used in this period stays used.
    function setBudget(uint32 cityId, address verifier, uint40 perPeriod) external;

    /// @notice The city's steward pauses awards and redemptions of the city, or ends their own pause.
    function setPaused(uint32 cityId, bool paused) external;

    /// @notice The operator pauses a city, or all of them (city 0), or ends their own pause. Only the operator.
    function setPausedByOperator(uint32 cityId, bool paused) external;

    // --------------------------------------------------------------- awards

    /// @notice Awards one citizen for one act. Only a verifier of the city.
    /// @param evidence Hash of the evidence.
    function award(uint32 cityId, uint32 kindId, address citizen, bytes32 evidence) external;

    /// @notice Awards citizens for the same act, on one evidence (a list of who took part). Only a verifier of the city.
    /// @dev All or none. A citizen named twice earns twice, within the cap.
    function awardBatch(uint32 cityId, uint32 kindId, bytes32 evidence, address[] calldata citizens) external;

    /// @notice Opens an epoch. Only a verifier of the city; the whole of it is taken from their budget.
    /// @param acts All acts in its leaves together.
    /// @param firstDay First day covered, not before the end of this kind's last epoch.
    /// @param lastDay Last day covered, before today.
    /// @param root Root of the tree.
    /// @param content Hash of the list of its leaves.
    /// @return epochId Its number in the city.
    function openEpoch(
        uint32 cityId,
        uint32 kindId,
        uint40 acts,
        uint16 firstDay,
        uint16 lastDay,
        bytes32 root,
        bytes32 content
    ) external returns (uint32 epochId);

    /// @notice Claims a citizen's award of an epoch; anybody may, for anybody.
    function claim(address citizen, Claim calldata leaf) external;

    /// @notice Stops an epoch. Only a moderator of the city.
    /// @param reason Hash of the reason.
    function cancelEpoch(uint32 cityId, uint32 epochId, bytes32 reason) external;

    /// @notice Reverses one award of a batch. Only a moderator of the city.
    /// @param reason Hash of the reason.
    function reverseAward(Batch calldata batch, uint256 index, bytes32 reason) external;

    /// @notice Reverses a citizen's award of an epoch, claimed or not, until the end of the period after the epoch's, also
    /// when the epoch is cancelled. Only a moderator of the city.
    /// @param citizen The wallet in the leaf.
    /// @param reason Hash of the reason.
    function reverseEpochAward(address citizen, Claim calldata leaf, bytes32 reason) external;

    // --------------------------------------------------------------- market

    /// @notice Takes merits, oldest first. Only the reward market.
    /// @return fromPrevious Taken from those earned in the period before.
    /// @return fromCurrent Taken from those earned in this period.
    /// @return period This period.
    function spend(uint32 cityId, address citizen, uint32 amount)
        external
        returns (uint32 fromPrevious, uint32 fromCurrent, uint16 period);

    /// @notice Gives merits back. Those whose time ran out meanwhile can be spent until the end of this period.
    /// Only the reward market; never paused.
    /// @param citizen The wallet that spent them.
    /// @param fromPrevious As `spend` answered.
    /// @param fromCurrent As `spend` answered.
    /// @param period As `spend` answered.
    /// @return wallet The citizen's wallet of today, which got them.
    /// @return toPrevious Given as earned in the period before this one.
    /// @return toCurrent Given as earned in this period.
    /// @return now_ This period.
    function giveBack(uint32 cityId, address citizen, uint32 fromPrevious, uint32 fromCurrent, uint16 period)
        external
        returns (address wallet, uint32 toPrevious, uint32 toCurrent, uint16 now_);

    // ---------------------------------------------------------------- views

    /// @notice What a citizen has now: `expiring` at the end of this period, `fresh` at the end of the next.
    function balanceOf(uint32 cityId, address citizen)
        external
        view
        returns (uint32 expiring, uint32 fresh, uint40 lifetime);

    /// @notice A citizen's standing: all merits ever earned less those reversed.
    function standingOf(uint32 cityId, address citizen) external view returns (uint256 lifetime);

    /// @notice The account as last written.
    function accountOf(uint32 cityId, address citizen) external view returns (Account memory);

    /// @notice The city's rules. City 0: only `pauses`, of all cities.
    function cityOf(uint32 cityId) external view returns (City memory);

    /// @notice An act kind.
    function kindOf(uint32 cityId, uint32 kindId) external view returns (Kind memory);

    /// @notice A verifier's budget as last written.
    function budgetOf(uint32 cityId, address verifier) external view returns (Budget memory);

    /// @notice An epoch.
    function epochOf(uint32 cityId, uint32 epochId) external view returns (Epoch memory);

    /// @notice Whether the citizen's award of the epoch is claimed or reversed, as far as the account still knows: no longer
    /// once it was written after the period that follows the epoch's.
    /// @param citizen Any wallet of the citizen, of today or earlier.
    function isClaimed(uint32 cityId, uint32 epochId, address citizen) external view returns (bool);

    /// @notice Whether this batch was awarded.
    function isBatch(bytes32 batchId) external view returns (bool);

    /// @notice The period of now.
    function period() external view returns (uint16);
}
