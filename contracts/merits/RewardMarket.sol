// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {Signatures} from "../kit/Signatures.sol";
import {IMeritLedger} from "./IMeritLedger.sol";
import {IRewardMarket} from "./IRewardMarket.sol";
import {Offers} from "./Offers.sol";
import {SponsorPools} from "./SponsorPools.sol";

/// @title RewardMarket
/// @notice Vouchers: opened for merits, fulfilled by code, refunded after their term. Offers and pools come from its parents.
contract RewardMarket is SponsorPools, EIP712 {
    bytes32 private constant REDEEM_TYPEHASH = keccak256(
        "Redeem(address citizen,uint32 offerId,uint32 cityId,uint32 price,bytes32 seal,uint256 nonce,uint256 deadline)"
    );

    /// @dev What stands in a voucher's slot when it is settled; the hash of its content while it is open.
    bytes32 private constant FULFILLED = bytes32(uint256(1));
    bytes32 private constant REFUNDED = bytes32(uint256(2));

    /// @notice Where the merits are.
    IMeritLedger public immutable ledger;

    /// @inheritdoc IRewardMarket
    mapping(uint32 offerId => mapping(address citizen => uint256)) public redemptionsOf;

    mapping(uint56 voucherId => bytes32) private _vouchers;

    /// @param registry_ The city registry.
    /// @param ledger_ The merit ledger, whose market this contract is.
    constructor(ICityRegistry registry_, IMeritLedger ledger_) Offers(registry_) EIP712("RewardMarket", "1") {
        if (address(ledger_) == address(0)) revert RewardMarket_ZeroAddress();
        ledger = ledger_;
    }

    // -------------------------------------------------------------- citizen

    /// @inheritdoc IRewardMarket
    function redeem(uint32 offerId, uint32 cityId, bytes32 seal) external returns (uint56 voucherId) {
        return _redeem(msg.sender, offerId, cityId, seal);
    }

    /// @inheritdoc IRewardMarket
    function redeemBySig(
        address citizen,
        uint32 offerId,
        uint32 cityId,
        bytes32 seal,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint56 voucherId) {
        _requireSigned(citizen, offerId, cityId, seal, deadline, signature);
        return _redeem(citizen, offerId, cityId, seal);
    }

    /// @inheritdoc IRewardMarket
    function claimAndRedeem(IMeritLedger.Claim[] calldata leaves, uint32 offerId, uint32 cityId, bytes32 seal)
        external
        returns (uint56 voucherId)
    {
        _claim(msg.sender, leaves);
        return _redeem(msg.sender, offerId, cityId, seal);
    }

    /// @inheritdoc IRewardMarket
    function claimAndRedeemBySig(
        IMeritLedger.Claim[] calldata leaves,
        address citizen,
        uint32 offerId,
        uint32 cityId,
        bytes32 seal,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint56 voucherId) {
        _requireSigned(citizen, offerId, cityId, seal, deadline, signature);
        _claim(citizen, leaves);
        return _redeem(citizen, offerId, cityId, seal);
    }

    function _requireSigned(
        address citizen,
        uint32 offerId,
        uint32 cityId,
        bytes32 seal,
        uint256 deadline,
        bytes calldata signature
    ) private view {
        if (block.timestamp > deadline) revert RewardMarket_SignatureExpired(deadline, block.timestamp);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    REDEEM_TYPEHASH,
                    citizen,
                    offerId,
                    cityId,
                    _listing(offerId).price,
                    seal,
                    redemptionsOf[offerId][citizen],
                    deadline
                )
            )
        );
        if (!Signatures.isSignedBy(digest, citizen, signature)) revert RewardMarket_BadSignature(citizen);
    }

    /// @dev Claims what is not claimed yet: others may claim for a citizen, and must not be able to stop them by it.
    function _claim(address citizen, IMeritLedger.Claim[] calldata leaves) private {
        for (uint256 i; i < leaves.length; ++i) {
            try ledger.claim(citizen, leaves[i]) {}
            catch (bytes memory reason) {
                if (bytes4(reason) != IMeritLedger.MeritLedger_AlreadyClaimed.selector) {
                    LowLevelCall.bubbleRevert(reason);
                }
            }
        }
    }

    function _redeem(address citizen, uint32 offerId, uint32 cityId, bytes32 seal)
        private
        returns (uint56 voucherId)
    {
        // Check: open, in stock, for merits of this city, sealed, within the citizen's limit.
        Listing storage listing = _listing(offerId);
        (uint32 homeId, uint32 price, uint32 term) = (listing.cityId, listing.price, listing.term);
        (uint32 stock, uint24 serial, uint16 limit) = (listing.stock, listing.serial, listing.limit);
        if (block.timestamp < listing.opens || block.timestamp >= listing.closes) {
            revert RewardMarket_NotOpen(offerId, listing.opens, listing.closes, block.timestamp);
        }
        if (stock == 0 || serial == type(uint24).max) revert RewardMarket_SoldOut(offerId);
        if (cityId != homeId && !_further[offerId][cityId]) revert RewardMarket_CityNotAccepted(offerId, cityId);
        if (seal == 0) revert RewardMarket_NoSeal();
        uint256 count = redemptionsOf[offerId][citizen];
        if (limit != 0 && count >= limit) revert RewardMarket_LimitReached(offerId, citizen, limit);

        // Effect: one less in stock, one more for the citizen. The stock is not 0, the serial not the last.
        unchecked {
            ++serial;
            (listing.stock, listing.serial) = (stock - 1, serial);
            redemptionsOf[offerId][citizen] = count + 1;
        }

        // Interaction: the ledger takes the price. It calls nobody, so the voucher can wait for its answer.
        (uint32 fromPrevious, uint32 fromCurrent, uint16 period) = ledger.spend(cityId, citizen, price);

        // Effect: the voucher is open.
        voucherId = (uint56(offerId) << 24) | serial;
        uint40 expires = uint40(block.timestamp + term);
        _vouchers[voucherId] =
            keccak256(abi.encode(voucherId, citizen, cityId, fromPrevious, fromCurrent, period, expires, seal));
        emit Redeemed(offerId, citizen, cityId, voucherId, fromPrevious, fromCurrent, period, expires, seal);
    }

    /// @inheritdoc IRewardMarket
    function refund(Voucher calldata voucher) external {
        // Check: an open voucher whose term is over.
        _requireOpen(voucher);
        if (block.timestamp < voucher.expires) {
            revert RewardMarket_VoucherRunning(voucher.voucherId, voucher.expires, block.timestamp);
        }

        // Effect: settled, and back in stock.
        uint32 offerId = uint32(voucher.voucherId >> 24);
        _vouchers[voucher.voucherId] = REFUNDED;
        _settle(_listings[offerId], 1);

        // Interaction: the ledger, which says what became of the merits.
        (address wallet, uint32 toPrevious, uint32 toCurrent, uint16 period) = ledger.giveBack(
            voucher.cityId, voucher.citizen, voucher.fromPrevious, voucher.fromCurrent, voucher.period
        );
        emit VoucherRefunded(offerId, voucher.voucherId, wallet, voucher.cityId, toPrevious, toCurrent, period);
    }

    // ------------------------------------------------------------- business

    /// @inheritdoc IRewardMarket
    function fulfil(Voucher calldata voucher, bytes32 code) external {
        // Check: the offer's own business, an open voucher in its term, and the code behind its seal.
        uint32 offerId = uint32(voucher.voucherId >> 24);
        Listing storage listing = _listing(offerId);
        address partner = listing.partner;
        if (msg.sender != partner) revert RewardMarket_NotPartner(offerId, msg.sender);
        _requireOpen(voucher);
        if (block.timestamp >= voucher.expires) {
            revert RewardMarket_VoucherExpired(voucher.voucherId, voucher.expires, block.timestamp);
        }
        if (keccak256(abi.encode(code)) != voucher.seal) revert RewardMarket_WrongCode(voucher.voucherId);

        // Effect: settled, and earned as far as the pool reaches.
        _vouchers[voucher.voucherId] = FULFILLED;
        _settle(listing, 0);
        uint128 reimbursed = listing.pooled ? _reimburse(offerId, partner) : 0;
        emit VoucherFulfilled(offerId, voucher.voucherId, reimbursed);
    }

    /// @dev One voucher less is open, and so many more can be: neither count outgrows that of vouchers opened.
    function _settle(Listing storage listing, uint32 returned) private {
        unchecked {
            (listing.settled, listing.stock) = (listing.settled + 1, listing.stock + returned);
        }
    }

    /// @dev Reverts unless the voucher is open and this is its content.
    function _requireOpen(Voucher calldata voucher) private view {
        if (_vouchers[voucher.voucherId] != keccak256(abi.encode(voucher))) {
            (Status status,) = voucherOf(voucher.voucherId);
            revert RewardMarket_NotThisVoucher(voucher.voucherId, status);
        }
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IRewardMarket
    function voucherOf(uint56 voucherId) public view returns (Status status, bytes32 contentHash) {
        bytes32 slot = _vouchers[voucherId];
        if (slot == 0) return (Status.None, 0);
        if (slot == FULFILLED) return (Status.Fulfilled, 0);
        if (slot == REFUNDED) return (Status.Refunded, 0);
        return (Status.Open, slot);
    }
}
