// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {Campaign} from "./Campaign.sol";
import {ICampaign} from "./ICampaign.sol";
import {ICampaignFactory} from "./ICampaignFactory.sol";
import {IMatchingPool} from "./IMatchingPool.sol";
import {InvestmentCampaign} from "./InvestmentCampaign.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";

/// @title LoanCampaign
/// @notice Money that is repaid with interest, in instalments.
/// @dev The principal is what was released and not repaid; each tranche bears interest from its release on.
contract LoanCampaign is InvestmentCampaign {
    uint256 private constant YEAR = 365 days;

    /// @dev The terms as kept, with the first release, from which instalments count, beside them.
    struct Schedule {
        uint16 rate;
        uint16 instalments;
        uint32 interval;
        uint32 grace;
        uint32 defaultAfter;
        uint40 firstRelease;
    }

    Schedule private _schedule;

    uint96 private _repaid;
    /// @dev Interest due at `_since` and not paid.
    uint96 private _interest;
    uint40 private _since;
    bool private _defaulted;

    constructor(ICampaignFactory factory_, IProjectRegistry projects_, ICityRegistry cities_, IMatchingPool pool_)
        Campaign(factory_, projects_, cities_, pool_)
    {}

    function form() public pure override returns (Form) {
        return Form.Loan;
    }

    function _keepForm(Terms calldata terms_, uint16 edition) internal override {
        super._keepForm(terms_, edition);
        LoanTerms calldata loan = terms_.loan;
        if (loan.instalments == 0) revert Campaign_BadTerms("instalments");
        if (loan.interval == 0) revert Campaign_BadTerms("interval");
        _schedule = Schedule(loan.rate, loan.instalments, loan.interval, loan.grace, loan.defaultAfter, 0);
        emit LoanTermsSet(edition, loan.rate, loan.instalments, loan.interval, loan.grace, loan.defaultAfter);
    }

    function _showForm(Terms memory shown) internal view override {
        Schedule memory kept = _schedule;
        shown.loan = LoanTerms(kept.rate, kept.instalments, kept.interval, kept.grace, kept.defaultAfter);
    }

    // ------------------------------------------------------------ repayment

    function _onRelease(uint96 amount) internal override {
        if (_schedule.firstRelease == 0) _schedule.firstRelease = uint40(block.timestamp);
        (_interest, _since) = (_interestOn(_released - amount - _repaid), uint40(block.timestamp));
    }

    /// @inheritdoc ICampaign
    function repay(uint96 amount) external override nonReentrant {
        // Check: something, and no more than is owed.
        if (amount == 0) revert Campaign_BadAmount(amount);
        uint96 repaid = _repaid;
        uint96 principal = _released - repaid;
        uint96 interest = _interestOn(principal);
        uint96 owed = principal + interest;
        if (amount > owed) revert Campaign_OverOwed(owed, amount);

        // Effect: interest first.
        uint96 ofInterest = uint96(Math.min(amount, interest));
        _repaid = repaid + amount - ofInterest;
        (_interest, _since) = (interest - ofInterest, uint40(block.timestamp));
        emit LoanRepaid(msg.sender, amount, ofInterest);

        // Effect and interaction.
        _payIn(amount);
    }

    /// @inheritdoc ICampaign
    function declareDefault() external override {
        // Check: late for long enough, and not declared before.
        uint256 late = _lateSince();
        if (late == 0 || block.timestamp < late + _schedule.defaultAfter || _defaulted) {
            revert Campaign_NotInDefault(late, block.timestamp);
        }

        // Effect.
        _defaulted = true;
        uint96 principal = _released - _repaid;
        emit LoanDefaulted(msg.sender, principal + _interestOn(principal));
    }

    /// @dev Interest due now on the principal since the last change of it, and before; rounded up, and never so much that it
    /// could not be counted together with the principal.
    function _interestOn(uint96 principal) private view returns (uint96) {
        uint256 running = uint256(principal) * _schedule.rate * (block.timestamp - _since);
        return uint96(Math.min(_interest + Math.ceilDiv(running, WHOLE * YEAR), type(uint96).max - principal));
    }

    /// @dev Instalment `i` is paid where `repaid ≥ released × i ÷ n`; so the first that is not is the one after
    /// `floor(repaid × n ÷ released)`.
    function _lateSince() private view returns (uint256) {
        (uint256 released, uint256 repaid) = (_released, _repaid);
        if (repaid == released) return 0;
        Schedule memory schedule = _schedule;
        uint256 unpaid = repaid * schedule.instalments / released + 1;
        uint256 late = schedule.firstRelease + unpaid * schedule.interval + schedule.grace;
        return block.timestamp < late ? 0 : late;
    }

    /// @inheritdoc ICampaign
    function loanOf()
        external
        view
        override
        returns (uint96 principal, uint96 interest, uint256 lateSince, bool defaulted)
    {
        principal = _released - _repaid;
        return (principal, _interestOn(principal), _lateSince(), _defaulted);
    }
}
