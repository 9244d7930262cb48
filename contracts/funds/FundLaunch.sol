// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICampaign} from "../projects/ICampaign.sol";
import {IProjectRegistry} from "../projects/IProjectRegistry.sol";
import {FundTerms} from "./FundTerms.sol";
import {IFundTerms} from "./IFundTerms.sol";

/// @title FundLaunch
/// @notice How a fund gets its mandate and its terms, and which make sense.
abstract contract FundLaunch is FundTerms {
    uint256 private constant HIGHEST_FEE = 1_000;
    uint256 private constant HIGHEST_CARRY = 5_000;
    uint256 private constant MOST_CITIES = 256;

    /// @inheritdoc IFundTerms
    function initialize(
        address organisation_,
        string calldata name_,
        string calldata symbol_,
        address token_,
        address manager_,
        address appraiser_,
        Mandate calldata mandate_,
        Terms calldata terms_
    ) external {
        // Check: the factory, which does this once in a fund's life; a mandate and terms that make sense.
        if (msg.sender != address(factory)) revert FundAvatar_NotFactory(msg.sender);
        if (manager_ == address(0) || appraiser_ == address(0)) revert FundAvatar_ZeroAddress();
        _require(appraiser_ != manager_, "appraiser");
        _requireMandate(mandate_);
        _requireTerms(terms_);

        // Effect: what never changes, and who runs it.
        (organisation, _name, _symbol, token) = (organisation_, name_, symbol_, token_);
        (manager, appraiser) = (manager_, appraiser_);
        (_mandate, _terms) = (mandate_, terms_);
        emit MandateSet(
            mandate_.kinds, mandate_.forms, mandate_.largestShare, mandate_.mayCommit, mandate_.cities
        );
        emit FundTermsSet(
            terms_.minimum,
            terms_.cap,
            terms_.finalClosing,
            terms_.investmentPeriod,
            terms_.life,
            terms_.extension,
            terms_.extensions,
            terms_.managementFee,
            terms_.hurdle,
            terms_.catchUp,
            terms_.carry,
            terms_.escrow
        );
        emit PartnerTermsSet(
            terms_.equalisation,
            terms_.callNotice,
            terms_.grace,
            terms_.lateFee,
            terms_.forfeit,
            terms_.markTerm
        );
        emit ManagerReplaced(manager_);
        emit AppraiserReplaced(appraiser_);
    }

    function _requireMandate(Mandate calldata given) private pure {
        bool funds = given.mayCommit;
        _require(given.kinds >> (uint256(type(IProjectRegistry.Kind).max) + 1) == 0, "kinds");
        _require(given.kinds != 0 || funds, "kinds");
        _require(given.forms >> (uint256(type(ICampaign.Form).max) + 1) == 0, "forms");
        _require(given.forms != 0 || funds, "forms");
        _require(given.largestShare != 0 && given.largestShare <= WHOLE, "largestShare");
        _require(given.cities.length <= MOST_CITIES, "cities");
        uint32 last;
        for (uint256 i; i < given.cities.length; ++i) {
            _require(given.cities[i] > last, "cities");
            last = given.cities[i];
        }
    }

    function _requireTerms(Terms calldata given) private view {
        _require(given.minimum != 0, "minimum");
        _require(given.cap >= given.minimum, "cap");
        _require(given.finalClosing > block.timestamp, "finalClosing");
        _require(given.investmentPeriod != 0, "investmentPeriod");
        _require(given.life >= given.investmentPeriod, "life");
        _require((given.extension == 0) == (given.extensions == 0), "extension");
        _require(given.managementFee <= HIGHEST_FEE, "managementFee");
        _require(given.hurdle <= WHOLE, "hurdle");
        _require(given.catchUp == 0 || (given.catchUp > given.carry && given.catchUp <= WHOLE), "catchUp");
        _require(given.carry <= HIGHEST_CARRY, "carry");
        _require(given.escrow <= WHOLE, "escrow");
        _require(given.equalisation <= WHOLE, "equalisation");
        _require(given.callNotice >= 1 days, "callNotice");
        _require(given.lateFee <= WHOLE, "lateFee");
        _require(given.forfeit <= WHOLE, "forfeit");
        _require(given.markTerm != 0, "markTerm");
    }

    function _require(bool sense, bytes32 field) private pure {
        if (!sense) revert FundAvatar_BadTerms(field);
    }
}
