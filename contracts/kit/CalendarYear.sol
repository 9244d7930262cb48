// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title CalendarYear
/// @notice The year of the Gregorian calendar, UTC, that a second since 1970 is in.
/// @dev By Howard Hinnant's `civil_from_days`: years begin in March, so that the leap day is the last of them; eras are of 400 years.
library CalendarYear {
    function at(uint256 time) internal pure returns (uint16 year) {
        unchecked {
            uint256 sinceMarch0 = time / 1 days + 719_468;
            uint256 dayOfEra = sinceMarch0 % 146_097;
            uint256 yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
            uint256 dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
            // January begins 306 days after the first of March.
            uint256 next = dayOfYear < 306 ? 0 : 1;
            year = uint16(sinceMarch0 / 146_097 * 400 + yearOfEra + next);
        }
    }
}
