// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";
import {ProjectRules} from "./ProjectRules.sol";

/// @title Requests
/// @notice What cities, businesses and citizens ask for.
abstract contract Requests is ProjectRules {
    mapping(uint32 requestId => Request) private _requests;

    /// @inheritdoc IProjectRegistry
    function publishRequest(
        uint32 cityId,
        Kind kind,
        address token,
        uint96 budget,
        uint40 closes,
        bytes32 content
    ) external returns (uint32 requestId) {
        // Check: somebody of the city, and a request that can be answered.
        _requireOfCity(cityId, msg.sender);
        if (token == address(0) && budget != 0) revert ProjectRegistry_BadField("token");
        if (token != address(0) && budget == 0) revert ProjectRegistry_BadField("budget");
        if (closes <= block.timestamp) revert ProjectRegistry_BadField("closes");
        _requireGiven(content, "content");

        // Effect: the request has a number and stands.
        requestId = ++requestCount;
        Request storage request = _requests[requestId];
        (request.author, request.cityId, request.closes) = (msg.sender, cityId, closes);
        if (budget != 0) (request.token, request.budget) = (token, budget);
        emit RequestPublished(requestId, cityId, msg.sender, kind, token, budget, closes, content);
    }

    /// @inheritdoc IProjectRegistry
    function closeRequest(uint32 requestId) external {
        // Check: its own author, before it closes by itself.
        Request storage request = _request(requestId);
        if (msg.sender != request.author) revert ProjectRegistry_NotRequester(requestId, msg.sender);
        _requireOpen(requestId, request);

        // Effect: no idea answers it from this second on.
        request.closes = uint40(block.timestamp);
        emit RequestClosed(requestId);
    }

    function _requireOfCity(uint32 cityId, address account) private view {
        address steward = cities.stewardOf(cityId);
        if (steward == address(0)) revert ProjectRegistry_UnknownCity(cityId);
        if (steward == account || cities.nullifierOf(cityId, account) != 0) return;
        if (cities.rolesOf(cityId, account) == 0) revert ProjectRegistry_NotCitizen(cityId, account);
    }

    /// @dev Reverts unless ideas of this city can answer the request now.
    function _requireAnswerable(uint32 requestId, uint32 cityId) internal view {
        Request storage request = _request(requestId);
        if (request.cityId != cityId) revert ProjectRegistry_RequestElsewhere(requestId, request.cityId);
        _requireOpen(requestId, request);
    }

    function _requireOpen(uint32 requestId, Request storage request) private view {
        uint40 closes = request.closes;
        if (block.timestamp >= closes) revert ProjectRegistry_RequestClosed(requestId, closes, block.timestamp);
    }

    /// @dev The request, which there must be.
    function _request(uint32 requestId) private view returns (Request storage request) {
        request = _requests[requestId];
        if (request.author == address(0)) revert ProjectRegistry_UnknownRequest(requestId);
    }

    /// @inheritdoc IProjectRegistry
    function requestOf(uint32 requestId) external view returns (Request memory) {
        return _requests[requestId];
    }
}
