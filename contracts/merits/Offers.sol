// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CityRoles} from "../cities/CityRoles.sol";
import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {IRewardMarket} from "./IRewardMarket.sol";

/// @title Offers
/// @notice What businesses publish and close.
abstract contract Offers is IRewardMarket {
    /// @dev An offer as kept: the first slot never changes, the second with every voucher.
    struct Listing {
        address partner;
        uint32 cityId;
        uint32 price;
        uint32 term;
        uint32 stock;
        uint24 serial;
        uint24 settled;
        uint16 limit;
        uint40 opens;
        uint40 closes;
        bool pooled;
    }

    /// @notice Who is a partner of which city.
    ICityRegistry public immutable registry;

    /// @inheritdoc IRewardMarket
    uint32 public offerCount;

    mapping(uint32 offerId => Listing) internal _listings;
    mapping(uint32 offerId => Pool) internal _pools;
    mapping(uint32 offerId => mapping(uint32 cityId => bool)) internal _further;

    constructor(ICityRegistry registry_) {
        if (address(registry_) == address(0)) revert RewardMarket_ZeroAddress();
        registry = registry_;
    }

    /// @inheritdoc IRewardMarket
    function publish(Terms calldata terms) external returns (uint32 offerId) {
        // Check: a partner of the city, and terms that can be kept.
        registry.requireRole(terms.cityId, msg.sender, CityRoles.PARTNER);
        _requireSense(terms);

        // Effect: the offer has a number and stands.
        offerId = ++offerCount;
        bool pooled = terms.token != address(0);
        _listings[offerId] = Listing({
            partner: msg.sender,
            cityId: terms.cityId,
            price: terms.price,
            term: terms.term,
            stock: terms.stock,
            serial: 0,
            settled: 0,
            limit: terms.limit,
            opens: terms.opens,
            closes: terms.closes,
            pooled: pooled
        });
        if (pooled) {
            _pools[offerId].token = terms.token;
            _pools[offerId].perVoucher = terms.perVoucher;
        }
        _emitPublished(offerId, terms);
        for (uint256 i; i < terms.accepts.length; ++i) {
            _accept(offerId, terms.cityId, terms.accepts[i]);
        }
    }

    /// @inheritdoc IRewardMarket
    function close(uint32 offerId) external {
        // Check: its own business, before it closes by itself.
        Listing storage listing = _listing(offerId);
        if (msg.sender != listing.partner) revert RewardMarket_NotPartner(offerId, msg.sender);
        if (block.timestamp >= listing.closes) {
            revert RewardMarket_NotOpen(offerId, listing.opens, listing.closes, block.timestamp);
        }

        // Effect: no redemption from this second on.
        listing.closes = uint40(block.timestamp);
        emit OfferClosed(offerId);
    }

    /// @dev Stock and serial both count vouchers, and a voucher's number has 24 bits for the serial.
    function _requireSense(Terms calldata terms) private view {
        if (terms.price == 0) revert RewardMarket_BadTerms("price");
        if (terms.stock == 0 || terms.stock > type(uint24).max) revert RewardMarket_BadTerms("stock");
        if (terms.closes <= terms.opens || terms.closes <= block.timestamp) revert RewardMarket_BadTerms("closes");
        if (terms.term == 0) revert RewardMarket_BadTerms("term");
        if ((terms.token == address(0)) != (terms.perVoucher == 0)) {
            revert RewardMarket_BadTerms(terms.token == address(0) ? bytes32("token") : bytes32("perVoucher"));
        }
    }

    function _accept(uint32 offerId, uint32 homeId, uint32 cityId) private {
        if (cityId == homeId || _further[offerId][cityId] || registry.stewardOf(cityId) == address(0)) {
            revert RewardMarket_BadTerms("accepts");
        }
        _further[offerId][cityId] = true;
        emit CityAccepted(offerId, cityId);
    }

    function _emitPublished(uint32 offerId, Terms calldata terms) private {
        emit OfferPublished(
            offerId,
            msg.sender,
            terms.cityId,
            terms.price,
            terms.stock,
            terms.limit,
            terms.opens,
            terms.closes,
            terms.term,
            terms.terms,
            terms.token,
            terms.perVoucher
        );
    }

    /// @dev The offer, which there must be.
    function _listing(uint32 offerId) internal view returns (Listing storage listing) {
        listing = _listings[offerId];
        if (listing.partner == address(0)) revert RewardMarket_UnknownOffer(offerId);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IRewardMarket
    function offerOf(uint32 offerId) external view returns (Offer memory) {
        Listing storage listing = _listings[offerId];
        return Offer({
            partner: listing.partner,
            cityId: listing.cityId,
            price: listing.price,
            stock: listing.stock,
            serial: listing.serial,
            settled: listing.settled,
            limit: listing.limit,
            opens: listing.opens,
            closes: listing.closes,
            term: listing.term
        });
    }

    /// @inheritdoc IRewardMarket
    function accepts(uint32 offerId, uint32 cityId) external view returns (bool) {
        return cityId != 0 && (_listings[offerId].cityId == cityId || _further[offerId][cityId]);
    }

    /// @inheritdoc IRewardMarket
    function poolOf(uint32 offerId) external view returns (Pool memory) {
        return _pools[offerId];
    }
}
