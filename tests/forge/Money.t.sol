// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICampaign} from "../../contracts/projects/ICampaign.sol";
import {IMatchingPool} from "../../contracts/projects/IMatchingPool.sol";
import {Handler} from "./Handler.sol";
import {RogueToken} from "./RogueToken.sol";
import {vm} from "./Vm.sol";

/// @title Money
/// @notice The invariants of money (docs/invariants.md, C and Q), whatever some people and a bad token do at random.
contract Money {
    Handler private handler;
    RogueToken private token;
    IMatchingPool private pool;
    uint256 private backers;

    function setUp() external {
        handler = new Handler();
        token = handler.token();
        pool = handler.matching();
        backers = handler.backerCount();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    // ------------------------------------------------------------ campaigns

    function invariant_c1_a_campaign_holds_all_that_can_still_be_taken_out() external view {
        for (uint256 i = 0; i < handler.campaignCount(); ++i) {
            ICampaign campaign = handler.campaigns(i);
            ICampaign.State memory state = campaign.stateOf();
            uint256 due = uint256(state.uncollected) + state.fees;
            for (uint256 k = 0; k < backers; ++k) {
                address backer = handler.backers(k);
                uint256 refundable = campaign.refundableOf(backer);
                uint256 claimable = campaign.claimableOf(backer);
                if (state.phase < ICampaign.Phase.Funded) due += campaign.positionOf(backer).amount;
                else due += refundable > claimable ? refundable : claimable;
            }
            if (state.phase == ICampaign.Phase.Funded || state.phase == ICampaign.Phase.Completed) {
                due += uint256(state.raised) + state.matched - state.released;
            }
            require(token.balanceOf(address(campaign)) >= due, "C1");
        }
    }

    function invariant_c2_tranches_make_up_what_was_raised_and_matched() external view {
        for (uint256 i = 0; i < handler.campaignCount(); ++i) {
            ICampaign.State memory state = handler.campaigns(i).stateOf();
            address campaign = address(handler.campaigns(i));
            uint256 tranches = handler.collected(campaign) + state.uncollected + state.fees;
            require(tranches == state.released, "C2: tranches");
            require(state.released <= uint256(state.raised) + state.matched, "C2: more than there was");
            require(handler.matched(campaign) - handler.returned(campaign) == state.matched, "C2: matched");
        }
    }

    function invariant_c3_nobody_takes_out_more_than_they_put_in_and_what_came_back() external view {
        for (uint256 i = 0; i < handler.campaignCount(); ++i) {
            address campaign = address(handler.campaigns(i));
            (uint256 putIn, uint256 gotOut) = (0, 0);
            for (uint256 k = 0; k < backers; ++k) {
                address backer = handler.backers(k);
                uint256 put = handler.putIn(campaign, backer);
                uint256 got = handler.gotOut(campaign, backer);
                require(got <= put + handler.paidIn(campaign), "C3: a backer");
                (putIn, gotOut) = (putIn + put, gotOut + got);
            }
            require(gotOut + handler.collected(campaign) <= putIn + handler.paidIn(campaign) + handler.matched(campaign), "C3");
        }
    }

    function invariant_c4_no_round_trip_profits() external view {
        require(token.reentered() == 0, "C4: called back");
        for (uint256 i = 0; i < handler.campaignCount(); ++i) {
            address campaign = address(handler.campaigns(i));
            if (handler.paidIn(campaign) != 0) continue;
            for (uint256 k = 0; k < backers; ++k) {
                address backer = handler.backers(k);
                require(handler.gotOut(campaign, backer) <= handler.putIn(campaign, backer), "C4");
            }
        }
    }

    function invariant_c5_a_rejected_payee_blocks_nobody() external view {
        require(!handler.blocked(), "C5");
    }

    /// @dev Really tried, with a good token; what it changes is undone.
    function invariant_c6_no_two_of_pledge_refund_and_release_are_open_at_once() external {
        token.behave(RogueToken.Manner.Good);
        for (uint256 i = 0; i < handler.campaignCount(); ++i) {
            ICampaign campaign = handler.campaigns(i);
            bool pledged = tryPledge(campaign);
            bool refunded = tryRefund(campaign);
            bool released = tryRelease(campaign);
            require(!(pledged && refunded) && !(pledged && released) && !(refunded && released), "C6");
        }
    }

    function tryPledge(ICampaign campaign) private returns (bool) {
        ICampaign.Pledge memory given =
            ICampaign.Pledge(7, 0, 0, ICampaign.Source.Crowd, campaign.stateOf().edition);
        vm.prank(handler.backers(5));
        try campaign.pledge(given) {
            return true;
        } catch {
            return false;
        }
    }

    function tryRefund(ICampaign campaign) private returns (bool any) {
        ICampaign.Phase phase = campaign.phase();
        for (uint256 k = 0; k < backers; ++k) {
            try campaign.refund(handler.backers(k)) {
                any = true;
            } catch {}
        }
        require(!any || phase == ICampaign.Phase.Failed || phase == ICampaign.Phase.Stopped, "C6: phase");
    }

    function tryRelease(ICampaign campaign) private returns (bool) {
        try campaign.release() {
            return true;
        } catch {
            return false;
        }
    }

    function invariant_c7_terms_stand_from_the_first_pledge_on() external view {
        for (uint256 i = 0; i < handler.campaignCount(); ++i) {
            ICampaign campaign = handler.campaigns(i);
            bytes32 frozen = handler.frozen(address(campaign));
            require(frozen == 0 || frozen == handler.hashOf(campaign), "C7");
        }
    }

    function invariant_c8_stock_left_and_tiers_held_make_the_stock_of_each_tier() external view {
        for (uint256 i = 0; i < handler.campaignCount(); ++i) {
            ICampaign campaign = handler.campaigns(i);
            ICampaign.Phase phase = campaign.phase();
            if (phase == ICampaign.Phase.Failed || phase == ICampaign.Phase.Stopped) continue;
            ICampaign.Tier[] memory tiers = campaign.terms().tiers;
            for (uint8 tier = 1; tier <= tiers.length; ++tier) {
                uint256 held = 0;
                for (uint256 k = 0; k < backers; ++k) {
                    ICampaign.Position memory position = campaign.positionOf(handler.backers(k));
                    if (position.tier != tier) continue;
                    ++held;
                    require(position.amount >= tiers[tier - 1].price, "C8: price");
                }
                require(held + campaign.stockOf(tier) == tiers[tier - 1].stock, "C8");
            }
        }
    }

    function invariant_c9_a_yearly_limit_is_what_the_standing_pledges_of_a_person_take() external view {
        require(handler.overLimit() == 0, "C9");
    }

    /// @dev Positions are what went in and out.
    function invariant_c11_campaigns_agree_with_the_rules() external view {
        for (uint256 i = 0; i < handler.campaignCount(); ++i) {
            ICampaign campaign = handler.campaigns(i);
            ICampaign.State memory state = campaign.stateOf();
            if (state.phase > ICampaign.Phase.Funded) continue;
            uint256 raised = 0;
            for (uint256 k = 0; k < backers; ++k) {
                address backer = handler.backers(k);
                uint256 amount = campaign.positionOf(backer).amount;
                uint256 drawn = campaign.positionOf(backer).drawn;
                uint256 net = handler.putIn(address(campaign), backer) + drawn;
                require(amount == net - handler.gotOut(address(campaign), backer), "C11: position");
                raised += amount;
            }
            require(raised == state.raised, "C11: raised");
        }
    }

    // ------------------------------------------------------------- matching

    function invariant_q1_the_match_never_exceeds_the_budget() external view {
        for (uint32 round = 1; round <= handler.rounds(); ++round) {
            IMatchingPool.Round memory kept = pool.roundOf(round);
            require(kept.assigned <= kept.budget, "Q1");
            uint256 assigned = 0;
            for (uint32 i = 0; i < kept.campaigns; ++i) {
                IMatchingPool.Tally memory tally = pool.tallyOf(round, pool.campaignAt(round, i));
                require(tally.assigned <= tally.weight, "Q1: weight");
                assigned += tally.assigned;
            }
            require(assigned == kept.assigned, "Q1: sum");
        }
    }

    function invariant_q2_the_pool_holds_what_is_not_paid_out() external view {
        uint256 due = 0;
        for (uint32 round = 1; round <= handler.rounds(); ++round) {
            due += pool.roundOf(round).budget - handler.reclaimed(round);
        }
        for (uint256 i = 0; i < handler.campaignCount(); ++i) {
            address campaign = address(handler.campaigns(i));
            due = due + handler.returned(campaign) - handler.matched(campaign);
        }
        require(token.balanceOf(address(pool)) == due, "Q2");
    }

    function invariant_q3_a_tally_is_the_sum_over_the_people_who_count() external view {
        for (uint32 round = 1; round <= handler.rounds(); ++round) {
            IMatchingPool.Round memory kept = pool.roundOf(round);
            for (uint32 i = 0; i < kept.campaigns; ++i) {
                address campaign = pool.campaignAt(round, i);
                IMatchingPool.Tally memory tally = pool.tallyOf(round, campaign);
                (uint256 roots, uint256 sum, uint256 people) = handler.tallied(campaign, kept.personLimit);
                require(tally.roots == roots && tally.sum == sum && tally.people == people, "Q3");
            }
        }
    }

    function invariant_q4_a_settled_round_is_accounted_for_to_the_last_unit() external view {
        for (uint32 round = 1; round <= handler.rounds(); ++round) {
            IMatchingPool.Round memory kept = pool.roundOf(round);
            if (kept.step != IMatchingPool.Step.Settled) continue;
            uint256 there = uint256(kept.rest) + handler.reclaimed(round);
            uint256 all = kept.budget;
            for (uint32 i = 0; i < kept.campaigns; ++i) {
                address campaign = pool.campaignAt(round, i);
                IMatchingPool.Tally memory tally = pool.tallyOf(round, campaign);
                there += handler.matched(campaign);
                if (!tally.paid) there += tally.assigned;
                all += handler.returned(campaign);
            }
            require(there == all, "Q4");
        }
    }

    function invariant_q5_a_campaign_that_failed_gets_nothing() external view {
        for (uint256 i = 0; i < handler.campaignCount(); ++i) {
            ICampaign campaign = handler.campaigns(i);
            if (campaign.phase() == ICampaign.Phase.Failed) require(handler.matched(address(campaign)) == 0, "Q5");
        }
    }
}
