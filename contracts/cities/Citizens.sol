// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Cities} from "./Cities.sol";
import {CityRoles} from "./CityRoles.sol";
import {ICityRegistry} from "./ICityRegistry.sol";

/// @title Citizens
/// @notice One person, one wallet per city: registration and what is known of a wallet.
abstract contract Citizens is Cities {
    /// @inheritdoc ICityRegistry
    mapping(uint32 cityId => mapping(address wallet => bytes32 nullifier)) public nullifierOf;

    /// @inheritdoc ICityRegistry
    mapping(uint32 cityId => mapping(bytes32 nullifier => address wallet)) public walletOf;

    /// @dev Nullifier behind a wallet that was a citizen's until its recovery. Never cleared: such a wallet stands for its
    /// successor for ever and is never registered again.
    mapping(uint32 cityId => mapping(address wallet => bytes32 nullifier)) internal formerNullifier;

    /// @inheritdoc ICityRegistry
    function registerCitizen(uint32 cityId, address wallet, bytes32 nullifier) external {
        requireRole(cityId, msg.sender, CityRoles.VERIFIER);
        _register(cityId, wallet, nullifier);
    }

    /// @inheritdoc ICityRegistry
    function registerCitizens(uint32 cityId, Registration[] calldata citizens) external {
        requireRole(cityId, msg.sender, CityRoles.VERIFIER);
        for (uint256 i; i < citizens.length; ++i) {
            _register(cityId, citizens[i].wallet, citizens[i].nullifier);
        }
    }

    function _register(uint32 cityId, address wallet, bytes32 nullifier) private {
        // Check: a real person and a free wallet, neither known before.
        if (nullifier == 0) revert CityRegistry_NoNullifier(wallet);
        _requireFree(cityId, wallet);
        mapping(bytes32 => address) storage wallets = walletOf[cityId];
        if (wallets[nullifier] != address(0)) {
            revert CityRegistry_NullifierTaken(cityId, nullifier, wallets[nullifier]);
        }

        // Effect: each is known by the other.
        wallets[nullifier] = wallet;
        nullifierOf[cityId][wallet] = nullifier;
        emit CitizenRegistered(cityId, wallet, nullifier, msg.sender);
    }

    /// @dev Reverts unless the wallet can become a citizen's.
    function _requireFree(uint32 cityId, address wallet) internal view {
        if (wallet == address(0)) revert CityRegistry_ZeroAddress();
        if (nullifierOf[cityId][wallet] != 0 || formerNullifier[cityId][wallet] != 0) {
            revert CityRegistry_WalletTaken(cityId, wallet);
        }
    }

    /// @inheritdoc ICityRegistry
    function currentWallet(uint32 cityId, address wallet) external view returns (address) {
        if (nullifierOf[cityId][wallet] != 0) return wallet;
        bytes32 nullifier = formerNullifier[cityId][wallet];
        if (nullifier == 0) revert CityRegistry_NotCitizen(cityId, wallet);
        return walletOf[cityId][nullifier];
    }

    /// @inheritdoc ICityRegistry
    function requireCitizens(uint32 cityId, address[] calldata wallets) external view {
        mapping(address => bytes32) storage nullifiers = nullifierOf[cityId];
        for (uint256 i; i < wallets.length; ++i) {
            if (nullifiers[wallets[i]] == 0) revert CityRegistry_NotCitizen(cityId, wallets[i]);
        }
    }
}
