// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title CityRoles
/// @notice The roles that a city grants, as bits of one mask.
library CityRoles {
    /// @dev Registers citizens and awards merits.
    uint8 internal constant VERIFIER = 1;
    /// @dev Reverses awards, cancels epochs, passes or returns projects.
    uint8 internal constant MODERATOR = 2;
    /// @dev Judges projects.
    uint8 internal constant EXPERT = 4;
    /// @dev A business that publishes offers.
    uint8 internal constant PARTNER = 8;
    /// @dev Spends the city's budget.
    uint8 internal constant TREASURER = 16;
    /// @dev All of them.
    uint8 internal constant ALL = 31;
}
