// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IFundAvatar} from "../../contracts/funds/IFundAvatar.sol";
import {IFundTerms} from "../../contracts/funds/IFundTerms.sol";
import {FundHandler} from "./FundHandler.sol";
import {RogueToken} from "./RogueToken.sol";

/// @title Funds
/// @notice The invariants of funds (docs/invariants.md, F), whatever partners, managers, strangers and a bad token do at random.
contract Funds {
    FundHandler private handler;
    RogueToken private token;
    uint256 private backers;

    function setUp() external {
        handler = new FundHandler();
        token = handler.token();
        backers = handler.backerCount();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev Who may have units or a commitment: the backers, and the second fund.
    function partner(uint256 i) private view returns (address) {
        return i < backers ? handler.backers(i) : address(handler.funds(1));
    }

    function invariant_f1_the_books_balance() external view {
        for (uint256 i = 0; i < 2; ++i) {
            IFundTerms.Books memory books = handler.funds(i).booksOf();
            uint256 spent = uint256(books.cash) + books.cost + books.fees + books.toPartners + books.toOrganisation;
            require(spent + books.losses == uint256(books.contributed) + books.gains, "F1");
        }
    }

    function invariant_f2_a_fund_holds_all_that_can_still_be_taken_out() external view {
        for (uint256 i = 0; i < 2; ++i) {
            IFundAvatar fund = handler.funds(i);
            IFundTerms.Books memory books = fund.booksOf();
            uint256 due = uint256(books.cash) + books.escrow;
            due += uint256(fund.creditOf(handler.manager())) + fund.creditOf(handler.organisation());
            for (uint256 k = 0; k <= backers; ++k) {
                due += fund.claimableOf(partner(k));
            }
            require(token.balanceOf(address(fund)) >= due, "F2");
        }
    }

    /// @dev F3, F4, F8 to F11 and F15 are of single steps: the handler looks at them as it takes them.
    function invariant_f3_no_carry_before_capital_and_hurdle() external view {
        require(bytes(handler.broken()).length == 0, handler.broken());
    }

    function invariant_f4_a_distribution_is_split_to_the_last_unit() external view {
        for (uint256 i = 0; i < 2; ++i) {
            IFundAvatar fund = handler.funds(i);
            IFundTerms.Books memory books = fund.booksOf();
            require(handler.distributed(address(fund)) == uint256(books.toPartners) + books.toOrganisation, "F4");
            IFundTerms.Split memory split = fund.splitOf(10_007);
            require(uint256(split.capital) + split.hurdle + split.catchUp + split.rest == 10_007, "F4: parts");
            require(split.carry <= uint256(split.catchUp) + split.rest, "F4: carry");
        }
    }

    function invariant_f5_units_are_the_capital_paid_in() external view {
        for (uint256 i = 0; i < 2; ++i) {
            IFundAvatar fund = handler.funds(i);
            (uint256 units, uint256 paid) = (0, 0);
            for (uint256 k = 0; k <= backers; ++k) {
                units += fund.balanceOf(partner(k));
                paid += fund.partnerOf(partner(k)).paid;
            }
            uint256 contributed = fund.booksOf().contributed;
            require(paid == contributed && units == fund.totalSupply(), "F5: sums");
            require(units + handler.burned(address(fund)) == contributed, "F5");
        }
    }

    function invariant_f6_nobody_is_called_for_more_than_they_committed() external view {
        for (uint256 i = 0; i < 2; ++i) {
            IFundAvatar fund = handler.funds(i);
            IFundTerms.Books memory books = fund.booksOf();
            require(books.called <= 1e18, "F6: called");
            uint256 committed = 0;
            for (uint256 k = 0; k <= backers; ++k) {
                IFundTerms.Partner memory one = fund.partnerOf(partner(k));
                (uint96 due, uint96 late) = fund.dueOf(partner(k));
                committed += one.commitment;
                require(late <= due, "F6: late");
                if (one.defaulted) continue;
                require(uint256(one.paid) + due == uint256(one.commitment) * books.called / 1e18, "F6: share");
            }
            require(committed == books.committed, "F6: sum");
        }
    }

    function invariant_f7_units_times_their_worth_make_what_partners_would_get() external view {
        for (uint256 i = 0; i < 2; ++i) {
            IFundAvatar fund = handler.funds(i);
            (uint256 nav, uint256 partners, uint256 perUnit) = fund.navOf();
            uint256 units = fund.totalSupply();
            require(partners <= nav, "F7: more than there is");
            if (units == 0) continue;
            require(perUnit * units <= partners * 1e18 && partners * 1e18 < perUnit * units + units, "F7");
        }
    }

    function invariant_f12_holdings_make_cost_and_value() external view {
        for (uint256 i = 0; i < 2; ++i) {
            IFundAvatar fund = handler.funds(i);
            IFundTerms.Holding memory held = fund.holdingOf(address(handler.funds(0)));
            (uint256 cost, uint256 value, uint256 exposure) = (held.cost, held.value, 0);
            for (uint256 k = 0; k < handler.campaignCount(); ++k) {
                held = fund.holdingOf(address(handler.campaigns(k)));
                (cost, value, exposure) = (cost + held.cost, value + held.value, exposure + held.principal);
                require(held.cost <= held.principal, "F12: a holding");
            }
            IFundTerms.Books memory books = fund.booksOf();
            require(cost == books.cost && value == books.value, "F12");
            require(exposure == fund.exposureTo(1), "F12: exposure");
        }
    }

    /// @dev Steps do what they are for, mostly.
    function invariant_f14_funds_agree_with_the_rules() external view {
        for (uint256 i = 0; i < 2; ++i) {
            IFundAvatar fund = handler.funds(i);
            IFundTerms.Books memory books = fund.booksOf();
            bool over = fund.phase() >= IFundTerms.Phase.Winding;
            require(over == (block.timestamp >= books.endsAt || fund.phase() == IFundTerms.Phase.Ended), "F14: phase");
            require(books.unreturned <= books.contributed, "F14: unreturned");
            require(books.escrow <= books.toOrganisation, "F14: escrow");
            if (fund.phase() == IFundTerms.Phase.Ended) require(books.cost == 0, "F14: cost");
        }
    }
}
