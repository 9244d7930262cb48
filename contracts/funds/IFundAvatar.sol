// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {ICampaign} from "../projects/ICampaign.sol";
import {IFundHoldings} from "./IFundHoldings.sol";

/// @title IFundAvatar
/// @notice A closed-end venture fund: its mandate, its partners' commitments, its calls of capital, its holdings and its distributions.
/// @dev Amounts are base units of the fund's token, shares basis points (10,000 is the whole), times seconds since 1970, a year 365 days.
/// Nothing here loops over partners or holdings: what is said to all of them is kept per unit.
///
///     Forming ─▶ Investing ─▶ Harvesting ─▶ Winding ─▶ Ended
///        └─▶ Lapsed
///
/// `Forming`: partners commit, and may take it back. The manager's first `close` begins `Investing`, in which the fund calls capital and
/// invests; it lasts `investmentPeriod`. `Harvesting`: no new investments; capital is called for fees and for what was committed to other
/// funds. `Winding` after the end of life, or by motion: no calls any more. `Ended` by `conclude`; what comes later is still distributed.
/// `Lapsed` where the fund was not closed by `finalClosing`; nothing was ever paid.
///
/// **Calls are a share of the commitment.** `called` is the share of every commitment that was called so far, in 10^18ths; a partner has to
/// have paid `floor(commitment × called ÷ 10^18)`. So calls are pro rata, and a partner who commits later pays at once what the others
/// were called before (equalisation), and on it a premium of `equalisation` a year from each of those calls, which goes to the units
/// that are there.
///
/// **Units are paid-up capital**: one for each base unit paid. They carry the right to distributions; the commitment stays its maker's
/// debt when units are transferred. A distribution is credited per unit, so what was credited before a transfer stays with the seller and
/// what comes after is the buyer's.
///
/// **Books**: cash + cost of holdings + fees + distributed (to partners and organisation, less carry returned) = contributed + gains − losses.
/// What comes back from a holding first reduces its cost, what is above it is gain. Premiums pass through and are in neither side.
///
/// **Waterfall**, of the whole fund (European): first the contributed capital that was not returned, then the hurdle on it, then the
/// catch-up, in which `catchUp` of the money is the organisation's until it has `carry` of all profit, then `carry` of the rest. The hurdle is
/// interest on the capital not returned and on the hurdle of past years not paid: simple within a year, added each 365 days from the
/// first closing. Rounded up where it accrues, the organisation's part down. Of each carry `escrow` stays here until the fund ends. Carry that is returned
/// pays the partners what capital and hurdle they had not got, in this order, before it is profit of theirs.
///
/// **Marks** say what a holding is worth. They move no money: no price, fee or split reads them.
interface IFundAvatar is IFundHoldings, IERC20Metadata {
    // ------------------------------------------------------------- partners

    /// @notice Says who may commit and receive units. Only the manager. Who holds units keeps them.
    function admit(address[] calldata partners, bool admitted) external;

    /// @notice Commits, or commits more. After the first closing what was called of the others before is paid at once, with the premium, by allowance.
    /// @param most Most that the caller accepts to pay now.
    function commit(uint96 amount, uint96 most) external;

    /// @notice `commit` with a permit (ERC-2612) for the fund; one that somebody else has spent is passed over.
    function commitWithPermit(uint96 amount, uint96 most, ICampaign.Permit calldata permit) external;

    /// @notice Takes the commitment back, while the fund is forming or lapsed.
    function withdrawCommitment() external;

    /// @notice The first closing: commitments bind from now on; the second time, the final closing. Only the manager.
    function close() external;

    /// @notice Calls capital of all commitments, pro rata. Only the manager; one call runs at a time.
    /// @param amount Of all together; each partner is asked for their share, rounded down.
    /// @param dueAt Not before `callNotice` from now, and at most 90 days later than that: while a call runs nothing is distributed.
    /// @param purpose Hash of the notice.
    function callCapital(uint96 amount, uint40 dueAt, bytes32 purpose) external;

    /// @notice Pays on a partner's calls by allowance; anybody may pay.
    function pay(address partner, uint96 amount) external;

    /// @notice Pays the caller's calls by permit.
    function payWithPermit(uint96 amount, ICampaign.Permit calldata permit) external;

    /// @notice Declares the default of a partner who is late for longer than grace. Only the manager.
    function declareDefault(address partner) external;

    /// @notice Pays a holder of units what was credited to them; anybody may, but to a fund only that fund itself: what it is paid has to
    /// come into its books.
    function claim(address partner) external;

    /// @notice Pays the caller's to another address.
    function claimTo(address to) external;

    // ---------------------------------------------------------------- money

    /// @notice Takes the accrued management fee, as far as cash goes; anybody may. It is then the manager's to take. Rounded down over the whole
    /// life of the fund, however often it is taken.
    function takeFee() external;

    /// @notice Distributes cash by the waterfall. The manager; once winding, anybody, who leaves the fee that is due. Not while a call runs, nor
    /// in the second of a commitment. Nobody commits any more from then on.
    function distribute(uint96 amount) external;

    /// @notice The manager takes their fees, the organisation its carry.
    function takeCredit(address to) external;

    /// @notice Ends a fund that is winding, when its holdings have no cost and all cash was distributed, unless there are no units; anybody may. A
    /// fee for which there was no cash does not hinder it.
    function conclude() external;

    /// @notice Returns carry that was too much, by allowance; anybody may.
    function returnCarry(uint96 amount) external;

    // -------------------------------------------------------------- motions

    /// @notice Puts a motion, and consents to it. Only a holder of units who is not in default. It runs for thirty days. `subject` is neither
    /// manager nor appraiser; where nobody is to be named, zero.
    function propose(Matter matter, address subject, bytes32 reason) external returns (uint32 number);

    /// @notice Consents with all units held, which stay until the thirty days are over. Consents of more than half of all units carry it at
    /// once; units that defaults burned since it was put count among all.
    function consent(uint32 number) external;

    // ---------------------------------------------------------------- views

    function booksOf() external view returns (Books memory);
    function partnerOf(address partner) external view returns (Partner memory);
    function motionOf(uint32 number) external view returns (Motion memory);
    /// @notice What a partner has to pay, and the part of it that is past its due date.
    function dueOf(address partner) external view returns (uint96 due, uint96 late);
    /// @notice What it would cost the caller to commit `amount` now.
    function costOfEntry(uint96 amount) external view returns (uint96 capital, uint96 premium);
    function claimableOf(address partner) external view returns (uint96);
    /// @notice Fees or carry that an account can take.
    function creditOf(address account) external view returns (uint96);
    /// @notice How a sum would be split now.
    function splitOf(uint96 amount) external view returns (Split memory);
    /// @notice What the fund is worth at its marks.
    /// @return nav Cash and holdings less the fee due, zero at least.
    /// @return partners What partners would get of it.
    /// @return perUnit Of a unit, in 10^18ths, rounded down; zero where there are none.
    function navOf() external view returns (uint256 nav, uint256 partners, uint256 perUnit);
}
