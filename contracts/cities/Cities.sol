// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {CityRoles} from "./CityRoles.sol";
import {ICityRegistry} from "./ICityRegistry.sol";

/// @title Cities
/// @notice Cities, their stewards and the roles that these grant.
abstract contract Cities is ICityRegistry, AccessManaged {
    /// @inheritdoc ICityRegistry
    uint32 public cityCount;

    /// @inheritdoc ICityRegistry
    mapping(bytes32 code => uint32 cityId) public cityOf;

    /// @inheritdoc ICityRegistry
    mapping(uint32 cityId => address steward) public stewardOf;

    /// @inheritdoc ICityRegistry
    mapping(uint32 cityId => mapping(address account => uint8 roles)) public rolesOf;

    // -------------------------------------------------------------- network

    /// @inheritdoc ICityRegistry
    function openCities(Opening[] calldata openings) external restricted returns (uint32 firstId) {
        uint32 count = cityCount;
        firstId = count + 1;
        for (uint256 i; i < openings.length; ++i) {
            // Check: a new code, and somebody to run the city.
            Opening calldata opening = openings[i];
            if (opening.code == 0) revert CityRegistry_NoCode();
            if (opening.steward == address(0)) revert CityRegistry_ZeroAddress();
            uint32 taken = cityOf[opening.code];
            if (taken != 0) revert CityRegistry_CodeTaken(opening.code, taken);

            // Effect: the next number is this city's.
            cityOf[opening.code] = ++count;
            stewardOf[count] = opening.steward;
            emit CityOpened(count, opening.code, opening.steward, opening.content);
        }
        cityCount = count;
    }

    /// @inheritdoc ICityRegistry
    function setSteward(uint32 cityId, address steward) external restricted {
        // Check: a city, and somebody to run it.
        if (stewardOf[cityId] == address(0)) revert CityRegistry_UnknownCity(cityId);
        if (steward == address(0)) revert CityRegistry_ZeroAddress();

        // Effect: the city has another steward.
        stewardOf[cityId] = steward;
        emit StewardSet(cityId, steward);
    }

    // ----------------------------------------------------------------- city

    /// @inheritdoc ICityRegistry
    function describe(uint32 cityId, bytes32 content) external {
        // Check: the city's own steward.
        requireSteward(cityId, msg.sender);

        // Effect: the event is all there is.
        emit CityDescribed(cityId, content);
    }

    /// @inheritdoc ICityRegistry
    function setRoles(uint32 cityId, address account, uint8 roles) external {
        // Check: the city's own steward gives roles that there are, to somebody.
        requireSteward(cityId, msg.sender);
        if (account == address(0)) revert CityRegistry_ZeroAddress();
        if (roles & ~CityRoles.ALL != 0) revert CityRegistry_UnknownRoles(roles);

        // Effect: these roles and no others.
        rolesOf[cityId][account] = roles;
        emit RolesSet(cityId, account, roles);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc ICityRegistry
    function requireSteward(uint32 cityId, address account) public view {
        address steward = stewardOf[cityId];
        if (steward == address(0)) revert CityRegistry_UnknownCity(cityId);
        if (steward != account) revert CityRegistry_NotSteward(cityId, account);
    }

    /// @inheritdoc ICityRegistry
    function requireRole(uint32 cityId, address account, uint8 role) public view {
        if (rolesOf[cityId][account] & role != 0) return;
        if (stewardOf[cityId] == address(0)) revert CityRegistry_UnknownCity(cityId);
        revert CityRegistry_MissingRole(cityId, account, role);
    }
}
