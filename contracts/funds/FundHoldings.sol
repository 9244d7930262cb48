// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {ICampaign} from "../projects/ICampaign.sol";
import {ICampaignFactory} from "../projects/ICampaignFactory.sol";
import {IProjectRegistry} from "../projects/IProjectRegistry.sol";
import {FundLaunch} from "./FundLaunch.sol";
import {FundPortfolio} from "./FundPortfolio.sol";
import {FundTerms} from "./FundTerms.sol";
import {IFundAvatar} from "./IFundAvatar.sol";
import {IFundFactory} from "./IFundFactory.sol";
import {IFundHoldings} from "./IFundHoldings.sol";

/// @title FundHoldings
/// @notice How a fund's money goes into campaigns and other funds, within its mandate, and comes back; and how a fund is launched.
/// @dev The part of `FundAvatar` that does not fit beside the rest. Avatars delegate to it: this contract itself is no fund, and keeps nothing.
contract FundHoldings is FundLaunch, FundPortfolio {
    using SafeERC20 for IERC20;

    constructor(IFundFactory factory_, ICampaignFactory campaigns_, IProjectRegistry projects_)
        FundTerms(factory_, campaigns_, projects_)
    {}

    // ------------------------------------------------------------ campaigns

    /// @inheritdoc IFundHoldings
    function invest(address campaign, uint96 amount, uint8 tier, uint16 edition) external onlyManager nonReentrant {
        // Check: the investment period, a campaign in this fund's money, within the mandate.
        _requirePhase(Phase.Investing);
        if (amount == 0) revert FundAvatar_BadAmount();
        uint32 projectId = campaigns.projectOf(campaign);
        if (projectId == 0) revert FundAvatar_UnknownTarget(campaign);
        address money = _requireMoney(campaign);
        uint96 exposure = exposureTo[projectId] + amount;
        _requireMandate(ICampaign(campaign), projectId, exposure);

        // Effect: a holding.
        exposureTo[projectId] = exposure;
        Held storage held = _held[campaign];
        held.projectId = projectId;
        _put(held, amount, 0);
        emit Invested(campaign, projectId, amount);

        // Interaction: the campaign takes just that.
        IERC20(money).forceApprove(campaign, amount);
        ICampaign(campaign).pledge(
            ICampaign.Pledge({amount: amount, cityId: 0, tier: tier, source: ICampaign.Source.Fund, edition: edition})
        );
    }

    /// @inheritdoc IFundHoldings
    function withdrawInvestment(address campaign) external onlyManager nonReentrant {
        // Check: a campaign that the fund is in; the campaign knows what can be withdrawn.
        Held storage held = _heldOf(campaign);
        uint32 projectId = held.projectId;
        if (projectId == 0) revert FundAvatar_UnknownTarget(campaign);
        uint96 amount = ICampaign(campaign).positionOf(address(this)).cooling;

        // Effect: as if it had never been invested.
        _accrueOnCost();
        exposureTo[projectId] -= amount;
        held.principal -= amount;
        emit InvestmentWithdrawn(campaign, projectId, amount, _back(held, amount));

        // Interaction.
        ICampaign(campaign).withdraw(address(this));
    }

    // ---------------------------------------------------------------- funds

    /// @inheritdoc IFundHoldings
    function commitTo(address fund, uint96 amount, uint96 most) external onlyManager nonReentrant {
        // Check: the investment period, a fund in this one's money, within the mandate, at a price that is accepted.
        _requirePhase(Phase.Investing);
        if (amount == 0) revert FundAvatar_BadAmount();
        if (!factory.isFund(fund)) revert FundAvatar_UnknownTarget(fund);
        address money = _requireMoney(fund);
        Held storage held = _held[fund];
        uint96 commitment = held.aside + amount;
        _requireShare(commitment, _mandate.largestShare);
        if (!_mandate.mayCommit || IFundAvatar(fund).mandate().mayCommit) {
            revert FundAvatar_OutsideMandate(Rule.Funds, uint160(fund), 0);
        }
        (uint96 capital, uint96 premium) = IFundAvatar(fund).costOfEntry(amount);
        uint256 asked = uint256(capital) + premium;
        if (asked > most) revert FundAvatar_OverMost(most, asked);

        // Effect: committed, and what was called of the others paid.
        held.aside = commitment;
        emit FundCommitted(fund, amount);
        if (asked != 0) {
            _put(held, capital, premium);
            emit FundPaid(fund, capital, premium);
        }

        // Interaction: the fund takes just that.
        if (asked != 0) IERC20(money).forceApprove(fund, asked);
        IFundAvatar(fund).commit(amount, most);
    }

    /// @inheritdoc IFundHoldings
    function payTo(address fund, uint96 amount) external onlyManager nonReentrant {
        // Check: a fund that this one committed to.
        if (phase() == Phase.Ended) revert FundAvatar_WrongPhase(Phase.Ended);
        if (amount == 0) revert FundAvatar_BadAmount();
        Held storage held = _heldOf(fund);
        if (held.projectId != 0) revert FundAvatar_UnknownTarget(fund);

        // Effect: more of it is paid, what is late with the fee on top.
        (, uint96 late) = IFundAvatar(fund).dueOf(address(this));
        uint256 lateFee;
        if (late != 0) {
            lateFee = Math.ceilDiv(Math.min(amount, late) * IFundAvatar(fund).terms().lateFee, WHOLE);
        }
        _accrueOnCost();
        _put(held, amount, uint96(lateFee));
        emit FundPaid(fund, amount, uint96(lateFee));

        // Interaction: the fund takes just that.
        IERC20(token).forceApprove(fund, amount + lateFee);
        IFundAvatar(fund).pay(address(this), amount);
    }

    // -------------------------------------------------------------- collect

    /// @inheritdoc IFundHoldings
    function collect(address holding) external nonReentrant {
        // Interaction: first, for the holding's own books then say what came, whoever had it paid.
        Held storage held = _heldOf(holding);
        uint32 projectId = held.projectId;
        (uint96 amount, bool settled) = projectId == 0 ? _claimFrom(holding) : _drawFrom(ICampaign(holding), held);
        if (amount == 0 && !settled) revert FundAvatar_Nothing(holding);

        // Effect: of cost, above it a gain; where a refund settled the principal, the rest of the cost is lost.
        _accrueOnCost();
        uint96 cost = _back(held, amount);
        (uint96 loss, uint96 principal) = (0, 0);
        if (settled) {
            principal = held.principal;
            exposureTo[projectId] -= principal;
            held.principal = 0;
            loss = _drop(held);
        }
        emit ProceedsCollected(holding, amount, cost, loss, principal);
    }

    /// @dev A fund pays this one by this call alone, so that what it says before is what came.
    function _claimFrom(address fund) private returns (uint96 amount, bool) {
        amount = IFundAvatar(fund).claimableOf(address(this));
        if (amount != 0) IFundAvatar(fund).claim(address(this));
        return (amount, false);
    }

    /// @dev A campaign pays by anybody's call. What came since is told by the position: what more was drawn of proceeds, and the
    /// refund where it is gone.
    function _drawFrom(ICampaign campaign, Held storage held) private returns (uint96 amount, bool settled) {
        ICampaign.Position memory position = campaign.positionOf(address(this));
        uint256 refund;
        if (position.amount != 0) {
            refund = campaign.refundableOf(address(this));
            if (refund != 0) campaign.refund(address(this));
            else if (campaign.claimableOf(address(this)) != 0) campaign.claim(address(this));
            position = campaign.positionOf(address(this));
        } else {
            ICampaign.State memory state = campaign.stateOf();
            refund = held.principal;
            if (state.phase == ICampaign.Phase.Stopped) refund = refund * state.toBackers / state.raised;
        }
        amount = position.drawn - held.aside;
        if (amount != 0) held.aside = position.drawn;
        settled = position.amount == 0;
        if (settled) amount += uint96(refund);
    }

    // ---------------------------------------------------------------- value

    /// @inheritdoc IFundHoldings
    function mark(address holding, uint96 value, uint128 company, uint40 asOf, bytes32 evidence) external {
        // Check: the appraiser, something held, a company where there is one, a later day than the last.
        if (msg.sender != appraiser) revert FundAvatar_NotAppraiser(msg.sender);
        Held storage held = _heldOf(holding);
        if (company != 0 && held.projectId == 0) revert FundAvatar_NoCompany(holding);
        uint40 last = held.markedAsOf;
        if (asOf <= last || asOf > block.timestamp) revert FundAvatar_BadDay(last, asOf);

        // Effect: the value of it, and of all.
        _value = _value - _valueOf(held) + value;
        held.marked = true;
        (held.value, held.markedAsOf) = (value, asOf);
        emit HoldingMarked(holding, value, company, asOf, evidence);
    }

    /// @inheritdoc IFundHoldings
    function writeOff(address holding, bytes32 reason) external onlyManager {
        // Check: something to give up.
        Held storage held = _heldOf(holding);
        if (held.cost == 0 && _valueOf(held) == 0) revert FundAvatar_Nothing(holding);

        // Effect: a loss.
        _accrueOnCost();
        emit HoldingWrittenOff(holding, _drop(held), reason);
    }

    // -------------------------------------------------------------- mandate

    /// @dev The target's money is this fund's.
    function _requireMoney(address target) private view returns (address money) {
        money = token;
        address other = ICampaign(target).token();
        if (other != money) revert FundAvatar_OtherToken(other);
    }

    function _requireMandate(ICampaign campaign, uint32 projectId, uint256 exposure) private view {
        (uint256 kinds, uint256 forms, uint256 largest) = (_mandate.kinds, _mandate.forms, _mandate.largestShare);
        uint256 kind = uint256(projects.projectOf(projectId).kind);
        if (kinds >> kind & 1 == 0) revert FundAvatar_OutsideMandate(Rule.Kind, kind, kinds);
        uint32 city = campaign.cityId();
        if (!_admits(city)) revert FundAvatar_OutsideMandate(Rule.City, city, 0);
        uint256 form = uint256(campaign.form());
        if (forms >> form & 1 == 0) revert FundAvatar_OutsideMandate(Rule.Form, form, forms);
        _requireShare(exposure, largest);
    }

    function _requireShare(uint256 exposure, uint256 largest) private view {
        uint256 committed = _committed;
        if (exposure * WHOLE > largest * committed) {
            uint256 share = committed == 0 ? type(uint256).max : Math.ceilDiv(exposure * WHOLE, committed);
            revert FundAvatar_OutsideMandate(Rule.Share, share, largest);
        }
    }

    /// @dev Whether the city is among those of the mandate, which are in order; where there are none, any is.
    function _admits(uint32 city) private view returns (bool) {
        uint32[] storage cities = _mandate.cities;
        uint256 high = cities.length;
        if (high == 0) return true;
        uint256 low;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (cities[middle] < city) low = middle + 1;
            else high = middle;
        }
        return low < cities.length && cities[low] == city;
    }
}
