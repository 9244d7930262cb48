// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMeritLedger} from "./IMeritLedger.sol";

/// @title AccountWord
/// @notice A citizen's account as the one word that is stored, so that it is read once and written once.
/// @dev Fields lie as Solidity would pack `Account`, lowest bits first:
///
///     current 32 | previous 32 | lifetime 40 | period 16 | day 16 | today 24 | claimed 48 | claimedBefore 48
///
/// What belongs to a period is found by its *age*: 0 this period, 1 the one before; `current` and `previous` are then
/// neighbours of equal width, and so are `claimed` and `claimedBefore`. No function checks that a result fits its field:
/// the callers do, who know the city and the citizen that an error has to name.
library AccountWord {
    uint256 private constant LIFETIME = 64;
    uint256 private constant PERIOD = 104;
    uint256 private constant DAY = 120;
    uint256 private constant TODAY = 136;
    uint256 private constant CLAIMED = 160;
    uint256 private constant CLAIMED_BEFORE = 208;

    /// @dev Lifetime, day and today: what no new period changes.
    uint256 private constant LASTING =
        (uint256(type(uint40).max) << LIFETIME) | (uint256(type(uint40).max) << DAY);
    uint256 private constant DAY_AND_TODAY = uint256(type(uint40).max) << DAY;

    /// @notice The account as it stands in this period: what was earned in the one before moves there, older merits end.
    function roll(uint256 word, uint256 period) internal pure returns (uint256 rolled) {
        uint256 written = uint16(word >> PERIOD);
        if (written == period) return word;
        rolled = (word & LASTING) | (period << PERIOD);
        unchecked {
            // `written` is 16 bits wide.
            if (written + 1 == period) {
                rolled |= (uint256(uint32(word)) << 32) | (word >> CLAIMED << CLAIMED_BEFORE);
            }
        }
    }

    /// @notice Merits held that were earned `age` periods ago.
    function held(uint256 word, uint256 age) internal pure returns (uint256) {
        return age > 1 ? 0 : uint32(word >> (age << 5));
    }

    /// @notice All merits ever earned less those reversed.
    function lifetime(uint256 word) internal pure returns (uint256) {
        return uint40(word >> LIFETIME);
    }

    /// @notice Merits from direct awards on this day.
    function earnedOn(uint256 word, uint256 day) internal pure returns (uint256) {
        return uint16(word >> DAY) == day ? uint24(word >> TODAY) : 0;
    }

    /// @notice Whether epoch `index` of `period` is known as claimed or reversed, by an account not rolled since.
    function isClaimed(uint256 word, uint256 period, uint256 index) internal pure returns (bool) {
        unchecked {
            // A period later than the one written gives an immense age.
            uint256 age = uint16(word >> PERIOD) - period;
            return age < 2 && index < 48 && word & claimBit(age, index) != 0;
        }
    }

    /// @notice The bit of an epoch of the period of this age (0 or 1).
    function claimBit(uint256 age, uint256 index) internal pure returns (uint256) {
        unchecked {
            return 1 << (CLAIMED + age * 48 + index); // index < 48
        }
    }

    /// @notice With `amount` more held of those earned `age` (0 or 1) periods ago.
    function give(uint256 word, uint256 age, uint256 amount) internal pure returns (uint256) {
        unchecked {
            return word + (amount << (age << 5));
        }
    }

    /// @notice With `amount` less held of those earned `age` (0 or 1) periods ago.
    function take(uint256 word, uint256 age, uint256 amount) internal pure returns (uint256) {
        unchecked {
            return word - (amount << (age << 5));
        }
    }

    /// @notice With `points` more standing.
    function raise(uint256 word, uint256 points) internal pure returns (uint256) {
        unchecked {
            return word + (points << LIFETIME);
        }
    }

    /// @notice With `points` less standing.
    function lower(uint256 word, uint256 points) internal pure returns (uint256) {
        unchecked {
            return word - (points << LIFETIME);
        }
    }

    /// @notice With `earned` merits from direct awards on this day.
    function withDay(uint256 word, uint256 day, uint256 earned) internal pure returns (uint256) {
        return (word & ~DAY_AND_TODAY) | (day << DAY) | (earned << TODAY);
    }

    /// @notice The fields by name.
    function unpack(uint256 word) internal pure returns (IMeritLedger.Account memory account) {
        account.current = uint32(word);
        account.previous = uint32(word >> 32);
        account.lifetime = uint40(word >> LIFETIME);
        account.period = uint16(word >> PERIOD);
        account.day = uint16(word >> DAY);
        account.today = uint24(word >> TODAY);
        account.claimed = uint48(word >> CLAIMED);
        account.claimedBefore = uint48(word >> CLAIMED_BEFORE);
    }
}
