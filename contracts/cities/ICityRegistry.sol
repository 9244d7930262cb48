// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title ICityRegistry
/// @notice Cities, the roles that each city grants, and its citizens.
/// @dev A role belongs to one city and opens nothing in another. No personal data is ever written: a person is known by
/// a nullifier, a keyed hash of their document that the city makes off chain. Typed signatures (EIP-712) have the domain
/// `CityRegistry`, version `1`.
interface ICityRegistry {
    // ---------------------------------------------------------------- types

    /// @notice What the operator gives to open a city.
    /// @param code Short ASCII name in an outside directory, left aligned (`geonames:551487`); unique in the network.
    /// @param steward The wallet that runs the city.
    /// @param content Hash of the city's description (names in Russian and English, coordinates, population).
    struct Opening {
        bytes32 code;
        address steward;
        bytes32 content;
    }

    /// @notice A citizen as a verifier registers them.
    /// @param wallet The citizen's wallet.
    /// @param nullifier Keyed hash of the person's document, made by the city; not zero.
    struct Registration {
        address wallet;
        bytes32 nullifier;
    }

    /// @notice A recovery under way; all zero where there is none.
    /// @param newWallet The wallet that is to take over.
    /// @param executableAt The first second at which it can be carried out.
    struct Recovery {
        address newWallet;
        uint40 executableAt;
    }

    // --------------------------------------------------------------- events

    /// @notice The registry was created.
    /// @param recoveryDelay Seconds between a recovery's proposal and its execution.
    event RegistryOpened(uint32 recoveryDelay);

    /// @notice A city was opened.
    event CityOpened(uint32 indexed cityId, bytes32 indexed code, address indexed steward, bytes32 content);

    /// @notice The city's description changed.
    event CityDescribed(uint32 indexed cityId, bytes32 content);

    /// @notice The operator gave the city another steward.
    event StewardSet(uint32 indexed cityId, address indexed steward);

    /// @notice The roles of an account in a city are now `roles` (a bit mask, see `CityRoles`); zero takes all away.
    event RolesSet(uint32 indexed cityId, address indexed account, uint8 roles);

    /// @notice A citizen's wallet was registered.
    event CitizenRegistered(uint32 indexed cityId, address indexed wallet, bytes32 nullifier, address indexed verifier);

    /// @notice A verifier proposed that `newWallet` takes over from `oldWallet`.
    /// @param executableAt The first second at which it can be carried out.
    /// @param evidence Hash of what the verifier saw.
    event RecoveryProposed(
        uint32 indexed cityId,
        address indexed oldWallet,
        address indexed newWallet,
        address verifier,
        uint40 executableAt,
        bytes32 evidence
    );

    /// @notice The recovery ended without effect: vetoed by the old wallet, or withdrawn by a verifier.
    /// @param by The old wallet or the verifier.
    event RecoveryCancelled(uint32 indexed cityId, address indexed oldWallet, address indexed by);

    /// @notice `newWallet` is from now on the wallet of the citizen who had `oldWallet`.
    event Recovered(uint32 indexed cityId, address indexed oldWallet, address indexed newWallet, bytes32 nullifier);

    /// @notice The contracts that follow every recovery in the same transaction.
    event FollowersSet(address[] followers);

    // --------------------------------------------------------------- errors

    /// @notice There is no city with this number.
    error CityRegistry_UnknownCity(uint32 cityId);
    /// @notice The code is zero.
    error CityRegistry_NoCode();
    /// @notice The code already names a city.
    error CityRegistry_CodeTaken(bytes32 code, uint32 cityId);
    /// @notice An address that must not be zero is zero.
    error CityRegistry_ZeroAddress();
    /// @notice The caller is not the city's steward.
    error CityRegistry_NotSteward(uint32 cityId, address caller);
    /// @notice The account lacks a role in this city.
    error CityRegistry_MissingRole(uint32 cityId, address account, uint8 role);
    /// @notice The bit mask has bits that are no role.
    error CityRegistry_UnknownRoles(uint8 roles);
    /// @notice The wallet is not a citizen of this city.
    error CityRegistry_NotCitizen(uint32 cityId, address wallet);
    /// @notice The nullifier is zero.
    error CityRegistry_NoNullifier(address wallet);
    /// @notice The person already has a wallet in this city.
    error CityRegistry_NullifierTaken(uint32 cityId, bytes32 nullifier, address wallet);
    /// @notice The wallet already belongs to a person in this city, or did before it was recovered.
    error CityRegistry_WalletTaken(uint32 cityId, address wallet);
    /// @notice A recovery of this wallet is already under way.
    error CityRegistry_RecoveryPending(uint32 cityId, address oldWallet, address newWallet);
    /// @notice No recovery of this wallet is under way.
    error CityRegistry_NoRecovery(uint32 cityId, address oldWallet);
    /// @notice The delay still runs.
    error CityRegistry_RecoveryTooEarly(uint40 executableAt, uint256 time);
    /// @notice Only the old wallet may veto, and only a verifier of the city may withdraw.
    error CityRegistry_MayNotCancel(uint32 cityId, address caller);
    /// @notice More followers than the registry calls.
    error CityRegistry_TooManyFollowers(uint256 most, uint256 given);
    /// @notice The signature is past its deadline (seconds since 1970).
    error CityRegistry_SignatureExpired(uint256 deadline, uint256 time);
    /// @notice The signature is not that of `signer` over this action.
    error CityRegistry_BadSignature(address signer);

    // -------------------------------------------------------------- network

    /// @notice Opens cities; each gets the next number, from 1 on.
    /// @dev Only the operator, with the delay that the access manager sets.
    /// @return firstId Number of the first city; the others follow.
    function openCities(Opening[] calldata openings) external returns (uint32 firstId);

    /// @notice Gives a city another steward. Only the operator.
    function setSteward(uint32 cityId, address steward) external;

    /// @notice Names the contracts that follow a recovery (at most `MAX_FOLLOWERS`). Only the operator.
    function setFollowers(address[] calldata followers) external;

    // ----------------------------------------------------------------- city

    /// @notice Changes the hash of the city's description. Only its steward.
    function describe(uint32 cityId, bytes32 content) external;

    /// @notice Sets all roles of an account in a city. Only its steward.
    /// @param roles Bit mask, see `CityRoles`.
    function setRoles(uint32 cityId, address account, uint8 roles) external;

    /// @notice Registers a citizen. Only a verifier of the city.
    function registerCitizen(uint32 cityId, address wallet, bytes32 nullifier) external;

    /// @notice Registers many citizens; all or none. Only a verifier of the city.
    function registerCitizens(uint32 cityId, Registration[] calldata citizens) external;

    // ------------------------------------------------------------- recovery

    /// @notice Proposes that `newWallet` takes over from `oldWallet`. Only a verifier of the city.
    /// @param evidence Hash of what the verifier saw.
    function proposeRecovery(uint32 cityId, address oldWallet, address newWallet, bytes32 evidence) external;

    /// @notice Ends a proposed recovery: the old wallet vetoes it, or a verifier of the city withdraws it.
    function cancelRecovery(uint32 cityId, address oldWallet) external;

    /// @notice The old wallet's veto by signature, so that it needs no gas.
    /// @dev Signed: `VetoRecovery(uint32 cityId,address oldWallet,address newWallet,uint40 executableAt,uint256 deadline)`.
    /// A proposal is ended once, and the signature names it by `newWallet` and `executableAt`, so no nonce is needed.
    function vetoRecoveryBySig(uint32 cityId, address oldWallet, uint256 deadline, bytes calldata signature) external;

    /// @notice Carries out a recovery whose delay has run; anybody may. All followers move what they hold in the same call.
    function executeRecovery(uint32 cityId, address oldWallet) external;

    // ---------------------------------------------------------------- views

    /// @notice How many cities there are; they are numbered from 1 to this.
    function cityCount() external view returns (uint32);

    /// @notice Number of the city with this code, zero where there is none.
    function cityOf(bytes32 code) external view returns (uint32);

    /// @notice The city's steward, zero where there is no such city.
    function stewardOf(uint32 cityId) external view returns (address);

    /// @notice Bit mask of the account's roles in the city.
    function rolesOf(uint32 cityId, address account) external view returns (uint8);

    /// @notice Nullifier behind a citizen's wallet, zero where the wallet is no citizen (any more).
    function nullifierOf(uint32 cityId, address wallet) external view returns (bytes32);

    /// @notice The wallet of the person with this nullifier, zero where there is none.
    function walletOf(uint32 cityId, bytes32 nullifier) external view returns (address);

    /// @notice The wallet that today stands for the citizen who once had `wallet`: itself, or its last successor.
    /// @dev Reverts with `CityRegistry_NotCitizen` where the wallet never was a citizen's.
    function currentWallet(uint32 cityId, address wallet) external view returns (address);

    /// @notice The recovery under way for a wallet, all zero where there is none.
    function recoveryOf(uint32 cityId, address oldWallet) external view returns (Recovery memory);

    /// @notice The contracts that follow a recovery.
    function followers() external view returns (address[] memory);

    /// @notice Reverts unless the account is the city's steward.
    function requireSteward(uint32 cityId, address account) external view;

    /// @notice Reverts unless the account has at least one of the roles of the mask in this city.
    function requireRole(uint32 cityId, address account, uint8 role) external view;

    /// @notice Reverts unless every wallet is a citizen of the city, naming the first that is not.
    function requireCitizens(uint32 cityId, address[] calldata wallets) external view;
}

/// @title IRecoveryFollower
/// @notice A contract that keeps something by citizen and moves it when a citizen's wallet is recovered.
interface IRecoveryFollower {
    /// @notice Moves all that `oldWallet` holds in the city to `newWallet`. Only the registry.
    function followRecovery(uint32 cityId, address oldWallet, address newWallet) external;
}
