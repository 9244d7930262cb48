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
        (uint32 projectId, uint32 cityId, ICampaign.Form form, address money) = campaigns.campaignOf(campaign);
        if (projectId == 0) revert FundAvatar_UnknownTarget(campaign);
        if (money != token) revert FundAvatar_OtherToken(money);
        uint96 exposure = exposureTo[projectId] + amount;
        _requireMandate(projectId, cityId, uint8(form), exposure);

        // Effect: a holding.
        exposureTo[projectId] = exposure;
        Held storage held = _held[campaign];
        Stake memory stake = _stakeOf(held);
        stake.projectId = projectId;
        _put(held, stake, amount, 0);
        _keep(held, stake);
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
        (Held storage held, Stake memory stake) = _heldOf(campaign);
        if (stake.projectId == 0) revert FundAvatar_UnknownTarget(campaign);
        uint96 amount = ICampaign(campaign).positionOf(address(this)).cooling;

        // Effect: as if it had never been invested.
        _accrueOnCost();
        uint96 own = amount < stake.principal ? amount : stake.principal;
        unchecked {
            exposureTo[stake.projectId] -= own;
            stake.principal -= own;
        }
        (uint96 cost,) = _back(held, stake, amount, false);
        _keep(held, stake);
        emit InvestmentWithdrawn(campaign, stake.projectId, amount, cost);

        // Interaction.
        ICampaign(campaign).withdraw(address(this));
    }

    // ---------------------------------------------------------------- funds

    /// @inheritdoc IFundHoldings
    function commitTo(address fund, uint96 amount, uint96 most) external onlyManager nonReentrant {
        // Check: the investment period, a fund in this one's money, within the mandate, at a price that is accepted.
        _requirePhase(Phase.Investing);
        if (amount == 0) revert FundAvatar_BadAmount();
        (address money, bool mayCommit) = factory.fundOf(fund);
        if (money == address(0)) revert FundAvatar_UnknownTarget(fund);
        if (money != token) revert FundAvatar_OtherToken(money);
        Held storage held = _held[fund];
        uint96 commitment = held.aside + amount;
        (uint256 largest, bool allowed) = (_mandate.largestShare, _mandate.mayCommit);
        _requireShare(commitment, largest);
        if (!allowed || mayCommit) {
            revert FundAvatar_OutsideMandate(Rule.Funds, uint160(fund), 0);
        }
        (uint96 capital, uint96 premium) = IFundAvatar(fund).costOfEntry(amount);
        uint256 asked = uint256(capital) + premium;
        if (asked > most) revert FundAvatar_OverMost(most, asked);

        // Effect: committed, and what was called of the others paid.
        held.aside = commitment;
        emit FundCommitted(fund, amount);
        if (asked != 0) _payIn(fund, held, _stakeOf(held), capital, premium);

        // Interaction.
        IFundAvatar(fund).commit(amount, most);
    }

    /// @inheritdoc IFundHoldings
    function payTo(address fund, uint96 amount) external onlyManager nonReentrant {
        // Check: a fund that this one committed to.
        if (phase() == Phase.Ended) revert FundAvatar_WrongPhase(Phase.Ended);
        if (amount == 0) revert FundAvatar_BadAmount();
        (Held storage held, Stake memory stake) = _heldOf(fund);
        if (stake.projectId != 0) revert FundAvatar_UnknownTarget(fund);

        // Effect: more of it is paid, what is late with the fee on top.
        (, uint96 late) = IFundAvatar(fund).dueOf(address(this));
        uint256 lateFee;
        if (late != 0) {
            lateFee = Math.ceilDiv(Math.min(amount, late) * IFundAvatar(fund).terms().lateFee, WHOLE);
        }
        _accrueOnCost();
        _payIn(fund, held, stake, amount, uint96(lateFee));

        // Interaction.
        IFundAvatar(fund).pay(address(this), amount);
    }

    /// @dev Capital and what is paid beside it, which the fund may take, just that.
    function _payIn(address fund, Held storage held, Stake memory stake, uint96 capital, uint96 expense) private {
        _put(held, stake, capital, expense);
        _keep(held, stake);
        emit FundPaid(fund, capital, expense);
        IERC20(token).forceApprove(fund, uint256(capital) + expense);
    }

    // -------------------------------------------------------------- collect

    /// @inheritdoc IFundHoldings
    function collect(address holding) external nonReentrant {
        // Interaction: first, for it says what came; nothing else of the holdings can change meanwhile.
        (Held storage held, Stake memory stake) = _heldOf(holding);
        (uint96 amount, bool settled) = stake.projectId == 0
            ? (_claimFrom(IFundAvatar(holding)), false)
            : _drawFrom(ICampaign(holding), held, stake.principal);
        if (amount == 0 && !settled) revert FundAvatar_Nothing(holding);

        // Effect: of cost, above it a gain; where a refund settled the principal, the rest of the cost is lost.
        _accrueOnCost();
        (uint96 cost, uint96 loss) = _back(held, stake, amount, settled);
        uint96 principal;
        if (settled) {
            principal = stake.principal;
            unchecked {
                exposureTo[stake.projectId] -= principal;
            }
            stake.principal = 0;
        }
        _keep(held, stake);
        emit ProceedsCollected(holding, amount, cost, loss, principal);
    }

    /// @dev A fund pays this one by this call alone, so that what it says before is what comes.
    function _claimFrom(IFundAvatar fund) private returns (uint96 amount) {
        amount = fund.claimableOf(address(this));
        if (amount != 0) fund.claim(address(this));
    }

    /// @dev A campaign pays by anybody's call. What came so is told by the position: what more was drawn of proceeds, or the refund where
    /// it is gone. What is still there is drawn now. Of what has proceeds `claim` pays all, and else there is a refund or nothing.
    /// @return amount What came.
    /// @return settled Whether it was a refund.
    function _drawFrom(ICampaign campaign, Held storage held, uint96 principal)
        private
        returns (uint96 amount, bool settled)
    {
        ICampaign.Position memory position = campaign.positionOf(address(this));
        if (position.amount == 0) return (_refundFrom(campaign, principal), true);
        // Where a recovery in some city has added a citizen's position, what was drawn is not all this fund's: only what comes now is known.
        uint96 drawn = position.drawn;
        uint96 before = position.amount == principal ? held.aside : drawn;
        uint256 more = campaign.claimableOf(address(this));
        if (more != 0) {
            campaign.claim(address(this));
        } else if (drawn == 0) {
            more = campaign.refundableOf(address(this));
            if (more != 0) campaign.refund(address(this));
            return (uint96(more), more != 0);
        }
        unchecked {
            drawn += uint96(more);
            amount = drawn - before;
        }
        if (amount != 0) held.aside = drawn;
    }

    /// @dev What a campaign has refunded by somebody else's call.
    function _refundFrom(ICampaign campaign, uint96 principal) private view returns (uint96) {
        ICampaign.State memory state = campaign.stateOf();
        if (state.phase != ICampaign.Phase.Stopped) return principal;
        return uint96(uint256(principal) * state.toBackers / state.raised);
    }

    // ---------------------------------------------------------------- value

    /// @inheritdoc IFundHoldings
    function mark(address holding, uint96 value, uint128 company, uint40 asOf, bytes32 evidence) external nonReentrant {
        // Check: the appraiser, something held, a company where there is one, a later day than the last.
        if (msg.sender != appraiser) revert FundAvatar_NotAppraiser(msg.sender);
        (Held storage held, Stake memory stake) = _heldOf(holding);
        if (company != 0 && stake.projectId == 0) revert FundAvatar_NoCompany(holding);
        uint40 last = held.markedAsOf;
        if (asOf <= last || asOf > block.timestamp) revert FundAvatar_BadDay(last, asOf);

        // Effect: the value of it, and of all.
        _value = _value - _valueOf(held, stake) + value;
        stake.marked = true;
        _keep(held, stake);
        (held.value, held.markedAsOf) = (value, asOf);
        emit HoldingMarked(holding, value, company, asOf, evidence);
    }

    /// @inheritdoc IFundHoldings
    function writeOff(address holding, bytes32 reason) external onlyManager nonReentrant {
        // Check: something to give up.
        (Held storage held, Stake memory stake) = _heldOf(holding);
        if (stake.cost == 0 && _valueOf(held, stake) == 0) revert FundAvatar_Nothing(holding);

        // Effect: a loss.
        _accrueOnCost();
        (, uint96 cost) = _back(held, stake, 0, true);
        _keep(held, stake);
        emit HoldingWrittenOff(holding, cost, reason);
    }

    // -------------------------------------------------------------- mandate

    function _requireMandate(uint32 projectId, uint32 city, uint256 form, uint256 exposure) private view {
        (uint256 kinds, uint256 forms, uint256 largest) = (_mandate.kinds, _mandate.forms, _mandate.largestShare);
        uint256 kind = uint256(projects.kindOf(projectId));
        if (kinds >> kind & 1 == 0) revert FundAvatar_OutsideMandate(Rule.Kind, kind, kinds);
        if (!_admits(city)) revert FundAvatar_OutsideMandate(Rule.City, city, 0);
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
        unchecked {
            while (low < high) {
                uint256 middle = (low + high) >> 1;
                uint256 other = cities[middle];
                if (other == city) return true;
                if (other < city) low = middle + 1;
                else high = middle;
            }
        }
        return false;
    }
}
