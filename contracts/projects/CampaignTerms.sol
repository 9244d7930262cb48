// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {ICampaign} from "./ICampaign.sol";
import {ICampaignFactory} from "./ICampaignFactory.sol";
import {IMatchingPool} from "./IMatchingPool.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";

/// @title CampaignTerms
/// @notice What a campaign keeps, its terms and the phase that follows from them.
/// @dev Slots are packed by what is needed together: a later pledge reads the first two and changes the third.
abstract contract CampaignTerms is ICampaign {
    /// @dev All shares are of this, basis points.
    uint256 internal constant WHOLE = 10_000;
    uint256 private constant MOST_MILESTONES = 10;

    ICampaignFactory public immutable factory;
    IProjectRegistry public immutable projects;
    ICityRegistry public immutable cities;
    IMatchingPool public immutable pool;

    /// @inheritdoc ICampaign
    address public token;
    uint40 internal _opens;
    /// @dev First second after cooling-off; it closes `_coolingOff` before.
    uint40 internal _ends;
    uint16 internal _edition;

    uint96 private _cap;
    uint96 internal _released;
    uint32 internal _coolingOff;
    /// @inheritdoc ICampaign
    uint32 public roundId;

    uint96 internal _raised;
    uint96 private _goal;
    uint8 internal _milestone;
    bool internal _frozen;
    bool internal _stopped;
    uint40 internal _lastRelease;

    address internal _payee;
    /// @inheritdoc ICampaign
    uint16 public feeShare;
    uint16 internal _vetoShare;
    uint32 internal _vetoWindow;
    uint32 internal _milestoneTerm;

    /// @inheritdoc ICampaign
    uint32 public projectId;
    /// @inheritdoc ICampaign
    uint32 public cityId;
    uint8 internal _milestones;
    /// @dev The milestones' shares, 16 bits each, the first lowest.
    uint160 internal _shares;

    bytes32 private _content;

    constructor(ICampaignFactory factory_, IProjectRegistry projects_, ICityRegistry cities_, IMatchingPool pool_) {
        if (
            address(factory_) == address(0) || address(projects_) == address(0) || address(cities_) == address(0)
                || address(pool_) == address(0)
        ) revert Campaign_ZeroAddress();
        (factory, projects, cities, pool) = (factory_, projects_, cities_, pool_);
    }

    /// @inheritdoc ICampaign
    function initialize(
        uint32 projectId_,
        uint32 cityId_,
        uint32 roundId_,
        address token_,
        uint16 feeShare_,
        Terms calldata terms_
    ) external {
        // Check: the factory, which does this once in a campaign's life.
        if (msg.sender != address(factory)) revert Campaign_NotFactory(msg.sender);

        // Effect: what never changes, and the first edition of the terms.
        (projectId, cityId, roundId, token, feeShare) = (projectId_, cityId_, roundId_, token_, feeShare_);
        _keep(terms_);
    }

    /// @inheritdoc ICampaign
    function setTerms(Terms calldata terms_) external {
        // Check: the author, before the first pledge, while there is still time for one; within the round.
        if (msg.sender != _author()) revert Campaign_NotAuthor(msg.sender);
        if (_frozen) revert Campaign_Frozen();
        Phase current = phase();
        if (current != Phase.Upcoming && current != Phase.Open) _refuse(current);
        if (roundId != 0) pool.requireFits(roundId, terms_.closes + terms_.coolingOff);

        // Effect: one more edition.
        _keep(terms_);
    }

    function _keep(Terms calldata terms_) private {
        _requireSense(terms_);

        uint16 edition = _edition + 1;
        (_edition, _opens, _ends) = (edition, terms_.opens, terms_.closes + terms_.coolingOff);
        _coolingOff = terms_.coolingOff;
        (_goal, _cap, _payee, _content) = (terms_.goal, terms_.cap, terms_.payee, terms_.content);
        (_vetoShare, _vetoWindow, _milestoneTerm) = (terms_.vetoShare, terms_.vetoWindow, terms_.milestoneTerm);
        (_milestones, _shares) = _packed(terms_.milestones);
        emit TermsSet(
            edition,
            terms_.payee,
            terms_.opens,
            terms_.closes,
            terms_.coolingOff,
            terms_.goal,
            terms_.cap,
            terms_.vetoShare,
            terms_.vetoWindow,
            terms_.milestoneTerm,
            terms_.milestones,
            terms_.content
        );
        _keepForm(terms_, edition);
    }

    /// @dev What a position keeps of time is 32 bits of seconds after `opens`.
    function _requireSense(Terms calldata terms_) private view {
        _require(terms_.payee != address(0), "payee");
        _require(
            terms_.closes > terms_.opens && terms_.closes > block.timestamp
                && uint256(terms_.closes) + terms_.coolingOff - terms_.opens <= type(uint32).max,
            "closes"
        );
        _require(terms_.goal != 0, "goal");
        _require(terms_.cap >= terms_.goal, "cap");
        _require(terms_.vetoShare <= WHOLE, "vetoShare");
        _require(terms_.vetoWindow >= 1 days, "vetoWindow");
        _require(terms_.milestoneTerm != 0, "milestoneTerm");
        _require(terms_.content != 0, "content");
        Form own = form();
        LoanTerms calldata loan = terms_.loan;
        _require(own == Form.Reward || terms_.tiers.length == 0, "tiers");
        _require(
            own == Form.Loan
                || uint256(loan.rate) | loan.instalments | loan.interval | loan.grace | loan.defaultAfter == 0,
            "loan"
        );
        _require(own == Form.Share || terms_.unitPrice == 0, "unitPrice");
    }

    function _packed(uint16[] calldata shares) private pure returns (uint8 count, uint160 word) {
        _require(shares.length <= MOST_MILESTONES, "milestones");
        uint256 sum;
        for (uint256 i; i < shares.length; ++i) {
            _require(shares[i] != 0, "milestones");
            sum += shares[i];
            word |= uint160(shares[i]) << uint160(16 * i);
        }
        _require(sum == WHOLE, "milestones");
        return (uint8(shares.length), word);
    }

    // ---------------------------------------------------------- of the form

    /// @inheritdoc ICampaign
    function form() public view virtual returns (Form);

    /// @dev Checks and keeps the terms of the form's own, and writes their events; again with each edition.
    function _keepForm(Terms calldata terms_, uint16 edition) internal virtual {}

    /// @dev Adds them to the terms shown.
    function _showForm(Terms memory shown) internal view virtual {}

    // ---------------------------------------------------------------- views

    /// @inheritdoc ICampaign
    function phase() public view returns (Phase) {
        if (_stopped) return Phase.Stopped;
        if (block.timestamp < _opens) return Phase.Upcoming;
        uint256 ends = _ends;
        if (block.timestamp < ends) return block.timestamp + _coolingOff < ends ? Phase.Open : Phase.Cooling;
        if (_raised < _goal) return Phase.Failed;
        return _milestone < _milestones ? Phase.Funded : Phase.Completed;
    }

    /// @inheritdoc ICampaign
    function terms() external view returns (Terms memory shown) {
        (shown.payee, shown.opens, shown.closes, shown.coolingOff) =
            (_payee, _opens, _ends - _coolingOff, _coolingOff);
        (shown.goal, shown.cap, shown.content) = (_goal, _cap, _content);
        (shown.vetoShare, shown.vetoWindow, shown.milestoneTerm) = (_vetoShare, _vetoWindow, _milestoneTerm);
        shown.milestones = new uint16[](_milestones);
        for (uint256 i; i < shown.milestones.length; ++i) {
            shown.milestones[i] = uint16(_shares >> (16 * i));
        }
        _showForm(shown);
    }

    // -------------------------------------------------------------- helpers

    function _requirePhase(Phase needed) internal view {
        Phase current = phase();
        if (current != needed) _refuse(current);
    }

    function _refuse(Phase current) internal pure {
        revert Campaign_WrongPhase(current);
    }

    /// @dev The terms make sense here, or are refused by the field's name.
    function _require(bool sense, bytes32 field) internal pure {
        if (!sense) revert Campaign_BadTerms(field);
    }

    function _author() internal view returns (address author) {
        (, author,,) = projects.standingOf(projectId);
    }

    /// @dev How much more the cap admits.
    function _room() internal view returns (uint96) {
        return _cap - _raised;
    }
}
