// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMeritLedger} from "./IMeritLedger.sol";

/// @title IRewardMarket
/// @notice Offers of city businesses priced in merits, and the vouchers that citizens get for them.
/// @dev A voucher is kept as one slot, the hash of its content (`Voucher`), which stands in the events: whoever fulfils or
/// refunds it gives the content and the contract checks it. The citizen seals a voucher with the hash of a code that only
/// they know and that they show when they are served: `seal = keccak256(abi.encode(code))`.
/// Typed signatures (EIP-712) have the domain `RewardMarket`, version `1`.
interface IRewardMarket {
    // ---------------------------------------------------------------- types

    /// @notice What a business gives to publish an offer.
    /// @param cityId Its city, whose merits it accepts; others by `accepts`.
    /// @param price Merits for one voucher; not zero.
    /// @param stock How many vouchers.
    /// @param limit How many per citizen; zero: no limit.
    /// @param opens First second of redemption.
    /// @param closes First second after it.
    /// @param term Seconds a voucher waits for its fulfilment.
    /// @param terms Hash of title, description and terms.
    /// @param token Token of the sponsor's pool; zero: none.
    /// @param perVoucher Paid from the pool to the business for a fulfilled voucher, base units of `token`.
    /// @param accepts Other cities whose merits it accepts too.
    struct Terms {
        uint32 cityId;
        uint32 price;
        uint32 stock;
        uint16 limit;
        uint40 opens;
        uint40 closes;
        uint32 term;
        bytes32 terms;
        address token;
        uint128 perVoucher;
        uint32[] accepts;
    }

    /// @notice An offer as it stands.
    /// @param partner The business.
    /// @param stock Vouchers left.
    /// @param serial Vouchers ever opened.
    /// @param closes First second after redemption; brought forward when the business closes the offer.
    /// @param settled Vouchers ever fulfilled or refunded.
    struct Offer {
        address partner;
        uint32 cityId;
        uint32 price;
        uint32 stock;
        uint24 serial;
        uint24 settled;
        uint16 limit;
        uint40 opens;
        uint40 closes;
        uint32 term;
    }

    /// @notice The sponsor's pool of an offer.
    /// @param balance Base units of `token`, not yet earned by the business.
    struct Pool {
        address token;
        address sponsor;
        uint128 perVoucher;
        uint128 balance;
    }

    /// @notice The content of a voucher.
    /// @param voucherId `offerId << 24 | serial`; an offer's first voucher has serial 1.
    /// @param citizen The wallet that redeemed.
    /// @param cityId Whose merits were taken.
    /// @param fromPrevious Taken from those earned in the period before `period`.
    /// @param fromCurrent Taken from those earned in `period`.
    /// @param period The period of the redemption.
    /// @param expires First second at which it can no longer be fulfilled but refunded.
    /// @param seal Hash of the code.
    struct Voucher {
        uint56 voucherId;
        address citizen;
        uint32 cityId;
        uint32 fromPrevious;
        uint32 fromCurrent;
        uint16 period;
        uint40 expires;
        bytes32 seal;
    }

    /// @notice What became of a voucher.
    enum Status {
        None,
        Open,
        Fulfilled,
        Refunded
    }

    // --------------------------------------------------------------- events

    /// @notice An offer was published; a `CityAccepted` for each further city follows.
    event OfferPublished(
        uint32 indexed offerId,
        address indexed partner,
        uint32 indexed cityId,
        uint32 price,
        uint32 stock,
        uint16 limit,
        uint40 opens,
        uint40 closes,
        uint32 term,
        bytes32 terms,
        address token,
        uint128 perVoucher
    );

    /// @notice The offer accepts the merits of a further city.
    event CityAccepted(uint32 indexed offerId, uint32 indexed cityId);

    /// @notice The business closed its offer.
    event OfferClosed(uint32 indexed offerId);

    /// @notice A sponsor paid into the offer's pool, base units of its token.
    event PoolFunded(uint32 indexed offerId, address indexed sponsor, uint128 amount);

    /// @notice The sponsor took back what was left, base units of the pool's token.
    event PoolReclaimed(uint32 indexed offerId, address indexed sponsor, uint128 amount);

    /// @notice Merits were taken and a voucher opened. With `period` as the ledger's at this block's time, this is its content.
    event Redeemed(
        uint32 indexed offerId,
        address indexed citizen,
        uint32 indexed cityId,
        uint56 voucherId,
        uint32 fromPrevious,
        uint32 fromCurrent,
        uint16 period,
        uint40 expires,
        bytes32 seal
    );

    /// @notice The business fulfilled a voucher and earned `reimbursed` base units of the pool's token: all of `perVoucher`,
    /// or nothing where the pool has less.
    event VoucherFulfilled(uint32 indexed offerId, uint56 indexed voucherId, uint128 reimbursed);

    /// @notice An unfulfilled voucher gave its merits back.
    /// @param citizen The citizen's wallet of today, which got them.
    /// @param period The period of the refund; `toPrevious` count as earned in the one before.
    event VoucherRefunded(
        uint32 indexed offerId,
        uint56 indexed voucherId,
        address indexed citizen,
        uint32 cityId,
        uint32 toPrevious,
        uint32 toCurrent,
        uint16 period
    );

    /// @notice A business drew what it had earned, base units of `token`.
    event Withdrawn(address indexed partner, address indexed token, address to, uint256 amount);

    // --------------------------------------------------------------- errors

    /// @notice Terms make no sense; `field` names the first that does not, as an ASCII string: `price`, `stock` (zero, or more
    /// than 2^24 - 1), `closes` (not after opening, or past), `term`, `token` or `perVoucher` (one without the other),
    /// `accepts` (no such city, named twice, or the offer's own), `amount` (a sponsor pays for less than one voucher).
    error RewardMarket_BadTerms(bytes32 field);
    /// @notice There is no such offer.
    error RewardMarket_UnknownOffer(uint32 offerId);
    /// @notice Only the business that published the offer may.
    error RewardMarket_NotPartner(uint32 offerId, address caller);
    /// @notice The offer is not open at this time.
    error RewardMarket_NotOpen(uint32 offerId, uint40 opens, uint40 closes, uint256 time);
    /// @notice All vouchers are gone.
    error RewardMarket_SoldOut(uint32 offerId);
    /// @notice The citizen has had as many as the offer allows.
    error RewardMarket_LimitReached(uint32 offerId, address citizen, uint16 limit);
    /// @notice The offer does not accept merits of this city.
    error RewardMarket_CityNotAccepted(uint32 offerId, uint32 cityId);
    /// @notice The seal is zero.
    error RewardMarket_NoSeal();
    /// @notice The voucher is not open, or its content is not what was given.
    error RewardMarket_NotThisVoucher(uint56 voucherId, Status status);
    /// @notice The code is not the one that seals the voucher.
    error RewardMarket_WrongCode(uint56 voucherId);
    /// @notice The voucher's term is over.
    error RewardMarket_VoucherExpired(uint56 voucherId, uint40 expires, uint256 time);
    /// @notice The voucher's term still runs.
    error RewardMarket_VoucherRunning(uint56 voucherId, uint40 expires, uint256 time);
    /// @notice The offer has no pool, or it is another sponsor's.
    error RewardMarket_NoPool(uint32 offerId, address sponsor);
    /// @notice The pool can be taken back when the offer is closed and every voucher settled.
    error RewardMarket_PoolInUse(uint32 offerId, uint256 open);
    /// @notice There is nothing to draw, or nothing left in the pool.
    error RewardMarket_NothingToWithdraw(address partner, address token);
    /// @notice The token took a fee or gave less than it said.
    error RewardMarket_ShortTransfer(address token, uint256 expected, uint256 received);
    /// @notice An address that must not be zero is zero.
    error RewardMarket_ZeroAddress();
    /// @notice The signature is past its deadline (seconds since 1970).
    error RewardMarket_SignatureExpired(uint256 deadline, uint256 time);
    /// @notice The signature is not that of `signer` over this action with their present nonce.
    error RewardMarket_BadSignature(address signer);

    // ------------------------------------------------------------- business

    /// @notice Publishes an offer. Only a partner of the city.
    /// @return offerId Its number, from 1 on.
    function publish(Terms calldata terms) external returns (uint32 offerId);

    /// @notice Ends the redemption of an offer that is not over yet; open vouchers keep their term. Only its business.
    function close(uint32 offerId) external;

    /// @notice Fulfils a voucher with the code that the citizen showed. Only the offer's business.
    function fulfil(Voucher calldata voucher, bytes32 code) external;

    /// @notice Draws all that the caller earned in a token.
    function withdraw(address token, address to) external;

    // -------------------------------------------------------------- sponsor

    /// @notice Pays into an offer's pool by allowance. The first to do so is its sponsor; nobody else may add.
    /// @param amount Base units of the pool's token, enough for one voucher at least: a sponsor's place costs something.
    function fund(uint32 offerId, uint128 amount) external;

    /// @notice The sponsor takes back what is left, when the offer is closed and every voucher settled.
    function reclaim(uint32 offerId, address to) external;

    // -------------------------------------------------------------- citizen

    /// @notice Takes the offer's price in merits of `cityId` and opens a voucher.
    /// @param seal Hash of the code, see above; a code of its own for every voucher, since the business learns it.
    function redeem(uint32 offerId, uint32 cityId, bytes32 seal) external returns (uint56 voucherId);

    /// @notice `redeem` by the citizen's signature.
    /// @dev Signed: `Redeem(address citizen,uint32 offerId,uint32 cityId,uint32 price,bytes32 seal,uint256 nonce,uint256 deadline)`
    /// where `price` is the offer's and `nonce` is `redemptionsOf(offerId, citizen)`.
    function redeemBySig(
        address citizen,
        uint32 offerId,
        uint32 cityId,
        bytes32 seal,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint56 voucherId);

    /// @notice Claims the caller's awards of epochs and redeems in one transaction. A leaf that somebody else has claimed
    /// meanwhile is passed over.
    function claimAndRedeem(IMeritLedger.Claim[] calldata leaves, uint32 offerId, uint32 cityId, bytes32 seal)
        external
        returns (uint56 voucherId);

    /// @notice `claimAndRedeem` by the citizen's signature. What is signed is the redemption, as for `redeemBySig`: a claim
    /// needs nobody's consent.
    function claimAndRedeemBySig(
        IMeritLedger.Claim[] calldata leaves,
        address citizen,
        uint32 offerId,
        uint32 cityId,
        bytes32 seal,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint56 voucherId);

    /// @notice Gives the merits of a voucher back whose term is over; anybody may. Never paused. The stock grows by one.
    function refund(Voucher calldata voucher) external;

    // ---------------------------------------------------------------- views

    /// @notice How many offers there are; they are numbered from 1 to this.
    function offerCount() external view returns (uint32);

    /// @notice An offer.
    function offerOf(uint32 offerId) external view returns (Offer memory);

    /// @notice Whether the offer accepts merits of this city.
    function accepts(uint32 offerId, uint32 cityId) external view returns (bool);

    /// @notice The pool of an offer.
    function poolOf(uint32 offerId) external view returns (Pool memory);

    /// @notice What became of a voucher, and the hash of its content while it is open.
    function voucherOf(uint56 voucherId) external view returns (Status status, bytes32 contentHash);

    /// @notice Redemptions of an offer by a wallet: counted against its limit, and the nonce of the next signature. Those that
    /// were refunded count too.
    function redemptionsOf(uint32 offerId, address citizen) external view returns (uint256);

    /// @notice What a business can draw, base units of `token`.
    function earnedOf(address partner, address token) external view returns (uint256);
}
