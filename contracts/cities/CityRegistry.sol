// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Signatures} from "../kit/Signatures.sol";
import {Citizens} from "./Citizens.sol";
import {CityRoles} from "./CityRoles.sol";
import {ICityRegistry, IRecoveryFollower} from "./ICityRegistry.sol";

/// @title CityRegistry
/// @notice Cities, citizens, and how a lost wallet gives way to a new one: proposed by a verifier, delayed, open to the
/// old wallet's veto.
contract CityRegistry is Citizens, EIP712 {
    bytes32 private constant VETO_TYPEHASH = keccak256(
        "VetoRecovery(uint32 cityId,address oldWallet,address newWallet,uint40 executableAt,uint256 deadline)"
    );

    /// @notice Most contracts that follow a recovery.
    uint256 public constant MAX_FOLLOWERS = 8;

    /// @notice Seconds between a recovery's proposal and its execution.
    uint32 public immutable recoveryDelay;

    mapping(uint32 cityId => mapping(address oldWallet => Recovery)) private _recoveries;
    address[] private _followers;

    /// @param manager The `AccessManager` that says who the operator is.
    /// @param delay Seconds between a recovery's proposal and its execution.
    constructor(address manager, uint32 delay) AccessManaged(manager) EIP712("CityRegistry", "1") {
        recoveryDelay = delay;
        emit RegistryOpened(delay);
    }

    /// @inheritdoc ICityRegistry
    function setFollowers(address[] calldata contracts) external restricted {
        // Check: few enough, none missing.
        if (contracts.length > MAX_FOLLOWERS) {
            revert CityRegistry_TooManyFollowers(MAX_FOLLOWERS, contracts.length);
        }
        for (uint256 i; i < contracts.length; ++i) {
            if (contracts[i] == address(0)) revert CityRegistry_ZeroAddress();
        }

        // Effect: these and no others.
        _followers = contracts;
        emit FollowersSet(contracts);
    }

    /// @inheritdoc ICityRegistry
    function proposeRecovery(uint32 cityId, address oldWallet, address newWallet, bytes32 evidence) external {
        // Check: a citizen's wallet, a free one, and no recovery under way.
        requireRole(cityId, msg.sender, CityRoles.VERIFIER);
        if (nullifierOf[cityId][oldWallet] == 0) revert CityRegistry_NotCitizen(cityId, oldWallet);
        _requireFree(cityId, newWallet);
        Recovery storage recovery = _recoveries[cityId][oldWallet];
        if (recovery.newWallet != address(0)) {
            revert CityRegistry_RecoveryPending(cityId, oldWallet, recovery.newWallet);
        }

        // Effect: the delay begins. 40 bits of seconds last for 34,000 years.
        uint40 executableAt = uint40(block.timestamp + recoveryDelay);
        _recoveries[cityId][oldWallet] = Recovery(newWallet, executableAt);
        emit RecoveryProposed(cityId, oldWallet, newWallet, msg.sender, executableAt, evidence);
    }

    /// @inheritdoc ICityRegistry
    function cancelRecovery(uint32 cityId, address oldWallet) external {
        // Check: one of those who may.
        _pending(cityId, oldWallet);
        if (msg.sender != oldWallet && rolesOf[cityId][msg.sender] & CityRoles.VERIFIER == 0) {
            revert CityRegistry_MayNotCancel(cityId, msg.sender);
        }

        // Effect: as if it had never been proposed.
        _cancel(cityId, oldWallet, msg.sender);
    }

    /// @inheritdoc ICityRegistry
    function vetoRecoveryBySig(uint32 cityId, address oldWallet, uint256 deadline, bytes calldata signature) external {
        // Check: in time, and signed by the old wallet for this very proposal.
        if (block.timestamp > deadline) revert CityRegistry_SignatureExpired(deadline, block.timestamp);
        Recovery memory recovery = _pending(cityId, oldWallet);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(VETO_TYPEHASH, cityId, oldWallet, recovery.newWallet, recovery.executableAt, deadline)
            )
        );
        if (!Signatures.isSignedBy(digest, oldWallet, signature)) revert CityRegistry_BadSignature(oldWallet);

        // Effect: as if it had never been proposed.
        _cancel(cityId, oldWallet, oldWallet);
    }

    /// @inheritdoc ICityRegistry
    function executeRecovery(uint32 cityId, address oldWallet) external {
        // Check: the delay has run, and nobody else got the new wallet meanwhile.
        Recovery memory recovery = _pending(cityId, oldWallet);
        address newWallet = recovery.newWallet;
        if (block.timestamp < recovery.executableAt) {
            revert CityRegistry_RecoveryTooEarly(recovery.executableAt, block.timestamp);
        }
        _requireFree(cityId, newWallet);

        // Effect: the person has the new wallet; the old one stands for whatever wallet the person will have.
        bytes32 nullifier = nullifierOf[cityId][oldWallet];
        delete _recoveries[cityId][oldWallet];
        delete nullifierOf[cityId][oldWallet];
        formerNullifier[cityId][oldWallet] = nullifier;
        nullifierOf[cityId][newWallet] = nullifier;
        walletOf[cityId][nullifier] = newWallet;
        emit Recovered(cityId, oldWallet, newWallet, nullifier);

        // Interaction: the contracts that the operator named; they call no stranger.
        address[] memory contracts = _followers;
        for (uint256 i; i < contracts.length; ++i) {
            IRecoveryFollower(contracts[i]).followRecovery(cityId, oldWallet, newWallet);
        }
    }

    /// @inheritdoc ICityRegistry
    function recoveryOf(uint32 cityId, address oldWallet) external view returns (Recovery memory) {
        return _recoveries[cityId][oldWallet];
    }

    /// @inheritdoc ICityRegistry
    function followers() external view returns (address[] memory) {
        return _followers;
    }

    /// @dev The recovery under way, which there must be.
    function _pending(uint32 cityId, address oldWallet) private view returns (Recovery memory recovery) {
        recovery = _recoveries[cityId][oldWallet];
        if (recovery.newWallet == address(0)) revert CityRegistry_NoRecovery(cityId, oldWallet);
    }

    function _cancel(uint32 cityId, address oldWallet, address by) private {
        delete _recoveries[cityId][oldWallet];
        emit RecoveryCancelled(cityId, oldWallet, by);
    }
}
