// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {IMeritLedger} from "./IMeritLedger.sol";

/// @title MeritRules
/// @notice The clock of the network and the rules of each city: act kinds, daily cap, verifiers' budgets, pauses.
abstract contract MeritRules is IMeritLedger, AccessManaged {
    uint8 private constant PAUSED_BY_CITY = 1;
    uint8 private constant PAUSED_BY_OPERATOR = 2;

    /// @notice Who is a citizen, a verifier, a moderator, a steward.
    ICityRegistry public immutable registry;

    /// @notice The second at which period 0 begins.
    uint40 public immutable ORIGIN;

    /// @notice Seconds in a period.
    uint32 public immutable PERIOD_LENGTH;

    mapping(uint32 cityId => City) internal _cities;
    mapping(uint32 cityId => mapping(uint32 kindId => Kind)) internal _kinds;
    mapping(uint32 cityId => mapping(address verifier => Budget)) private _budgets;

    /// @dev A period is a day at least: then neither periods nor days outgrow their 16 bits before the year 2149.
    constructor(ICityRegistry registry_, uint40 origin, uint32 periodLength) {
        if (address(registry_) == address(0) || periodLength < 1 days) revert MeritLedger_BadTerms();
        registry = registry_;
        ORIGIN = origin;
        PERIOD_LENGTH = periodLength;
        emit LedgerOpened(origin, periodLength);
    }

    modifier onlySteward(uint32 cityId) {
        registry.requireSteward(cityId, msg.sender);
        _;
    }

    modifier onlyRole(uint32 cityId, uint8 role) {
        registry.requireRole(cityId, msg.sender, role);
        _;
    }

    // ----------------------------------------------------------------- city

    /// @inheritdoc IMeritLedger
    function publishKind(uint32 cityId, uint32 kindId, uint24 points, bytes32 content) external onlySteward(cityId) {
        _kinds[cityId][kindId].points = points;
        emit KindPublished(cityId, kindId, points, content);
    }

    /// @inheritdoc IMeritLedger
    function setCap(uint32 cityId, uint24 dailyCap) external onlySteward(cityId) {
        _cities[cityId].dailyCap = dailyCap;
        emit CapSet(cityId, dailyCap);
    }

    /// @inheritdoc IMeritLedger
    function setBudget(uint32 cityId, address verifier, uint40 perPeriod) external onlySteward(cityId) {
        _budgets[cityId][verifier].perPeriod = perPeriod;
        emit BudgetSet(cityId, verifier, perPeriod);
    }

    /// @inheritdoc IMeritLedger
    function setPaused(uint32 cityId, bool paused) external onlySteward(cityId) {
        _setPause(cityId, PAUSED_BY_CITY, paused);
    }

    /// @inheritdoc IMeritLedger
    function setPausedByOperator(uint32 cityId, bool paused) external restricted {
        if (cityId != 0 && registry.stewardOf(cityId) == address(0)) {
            revert ICityRegistry.CityRegistry_UnknownCity(cityId);
        }
        _setPause(cityId, PAUSED_BY_OPERATOR, paused);
    }

    function _setPause(uint32 cityId, uint8 bit, bool paused) private {
        uint8 pauses = _cities[cityId].pauses;
        pauses = paused ? pauses | bit : pauses & ~bit;
        _cities[cityId].pauses = pauses;
        emit PauseSet(cityId, pauses);
    }

    // ---------------------------------------------------------------- rules

    /// @dev Reverts where the city is paused, or all are.
    function _requireRunning(uint32 cityId) internal view {
        if (_cities[cityId].pauses | _cities[0].pauses != 0) revert MeritLedger_Paused(cityId);
    }

    /// @dev Points of the act kind, which must be published.
    function _published(uint32 cityId, uint32 kindId) internal view returns (uint24 points) {
        points = _kinds[cityId][kindId].points;
        if (points == 0) revert MeritLedger_UnknownKind(cityId, kindId);
    }

    /// @dev Takes merits from the caller's budget of this period, for so many batches.
    /// @return serial The batches that the caller has awarded in this city, these included.
    function _charge(uint32 cityId, uint256 asked, uint16 period_, uint48 batches) internal returns (uint48 serial) {
        Budget storage budget = _budgets[cityId][msg.sender];
        uint256 perPeriod = budget.perPeriod;
        uint256 used = budget.period == period_ ? budget.used : 0;
        if (used + asked > perPeriod) {
            revert MeritLedger_BudgetExceeded(cityId, msg.sender, used < perPeriod ? perPeriod - used : 0, asked);
        }
        serial = budget.serial + batches;
        // The cast is safe: the sum is within `perPeriod`.
        (budget.used, budget.period, budget.serial) = (uint40(used + asked), period_, serial);
    }

    // ---------------------------------------------------------------- clock

    /// @inheritdoc IMeritLedger
    function period() public view returns (uint16) {
        if (block.timestamp < ORIGIN) revert MeritLedger_NotBegun(ORIGIN, block.timestamp);
        unchecked {
            return SafeCast.toUint16((block.timestamp - ORIGIN) / PERIOD_LENGTH);
        }
    }

    /// @dev Today as a UTC day since 1970.
    function _today() internal view returns (uint16) {
        return SafeCast.toUint16(block.timestamp / 1 days);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IMeritLedger
    function cityOf(uint32 cityId) external view returns (City memory) {
        return _cities[cityId];
    }

    /// @inheritdoc IMeritLedger
    function kindOf(uint32 cityId, uint32 kindId) external view returns (Kind memory) {
        return _kinds[cityId][kindId];
    }

    /// @inheritdoc IMeritLedger
    function budgetOf(uint32 cityId, address verifier) external view returns (Budget memory) {
        return _budgets[cityId][verifier];
    }
}
