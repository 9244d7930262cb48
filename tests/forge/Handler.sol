// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICampaign} from "../../contracts/projects/ICampaign.sol";
import {IMatchingPool} from "../../contracts/projects/IMatchingPool.sol";
import {Network} from "./Network.sol";
import {RogueToken} from "./RogueToken.sol";
import {vm} from "./Vm.sol";

/// @title Handler
/// @notice What anybody may do, with small numbers that fit; it counts by the token's balances alone what went where.
contract Handler is Network {
    uint256 private constant MOST = 8;

    ICampaign[] public campaigns;
    uint32 public rounds;

    /// @notice By campaign and backer: what left and reached their wallets.
    mapping(address campaign => mapping(address backer => uint256)) public putIn;
    mapping(address campaign => mapping(address backer => uint256)) public gotOut;
    /// @notice By campaign: repaid and distributed; collected by payee and treasury; matched; given back to the pool.
    mapping(address campaign => uint256) public paidIn;
    mapping(address campaign => uint256) public collected;
    mapping(address campaign => uint256) public matched;
    mapping(address campaign => uint256) public returned;
    mapping(address campaign => bytes32) public frozen;
    /// @notice By round: reclaimed by the city.
    mapping(uint32 round => uint256) public reclaimed;
    /// @notice An entitled backer, or a release, that a rejected payee blocked.
    bool public blocked;
    /// @notice Steps that did something.
    uint256 public done;

    constructor() {
        settle();
        openRound(5_000, 13, true);
        for (uint256 form = 0; form < 4; ++form) {
            create(form);
        }
    }

    function campaignCount() external view returns (uint256) {
        return campaigns.length;
    }

    function matching() external view returns (IMatchingPool) {
        return pool;
    }

    /// @notice By how many kopecks somebody is over the limit of this year.
    function overLimit() external view returns (uint256 over) {
        for (uint256 i = 0; i < backers.length; ++i) {
            uint64 used = factory.usedBy(factory.investorOf(backers[i]).person, 2027);
            if (used > factory.yearLimit()) over += used - factory.yearLimit();
        }
    }

    /// @notice A campaign's sums, added up from what counts of each person.
    function tallied(address campaign, uint256 limit) external view returns (uint256 roots, uint256 sum, uint256 people) {
        for (uint256 i = 0; i < backers.length; ++i) {
            bytes32 person = cities.nullifierOf(CITY, backers[i]);
            uint256 counted = person == 0 ? 0 : pool.countedOf(campaign, person);
            if (counted == 0) continue;
            if (counted > limit) counted = limit;
            roots += root(counted << 64);
            sum += counted;
            ++people;
        }
    }

    /// @dev Whole root by halving the interval.
    function root(uint256 square) private pure returns (uint256 low) {
        uint256 high = 1 << 100;
        while (high - low > 1) {
            uint256 middle = (low + high) / 2;
            if (middle * middle <= square) low = middle;
            else high = middle;
        }
    }

    function backerCount() external view returns (uint256) {
        return backers.length;
    }

    // ---------------------------------------------------------------- world

    function create(uint256 form) public {
        if (campaigns.length == MOST) return;
        ICampaign.Form chosen = ICampaign.Form(form % 4);
        ICampaign.Terms memory terms = termsOf(chosen);
        uint32 round = chosen < ICampaign.Form.Loan ? rounds : 0;
        if (round != 0 && pool.roundOf(round).closes < terms.closes + terms.coolingOff) round = 0;
        vm.prank(author);
        ICampaign made = ICampaign(factory.create(1, chosen, round, address(token), terms));
        campaigns.push(made);
        for (uint256 i = 0; i < backers.length; ++i) {
            approve(backers[i], address(made));
        }
        approve(author, address(made));
    }

    function approve(address from, address to) private {
        vm.prank(from);
        token.approve(to, RICH);
    }

    function openRound(uint96 budget, uint256 days_, bool redistribute) public {
        if (rounds == 3) return;
        IMatchingPool.RoundTerms memory terms = IMatchingPool.RoundTerms({
            cityId: CITY,
            token: address(token),
            minMerits: 0,
            personLimit: 300,
            closes: uint40(block.timestamp + (12 + days_ % 8) * 1 days),
            redistribute: redistribute,
            content: "round"
        });
        vm.prank(treasurer);
        try pool.openRound(terms, budget % 20_000 + 1) returns (uint32 round) {
            rounds = round;
        } catch {}
    }

    function travel(uint256 seconds_) external {
        vm.warp(block.timestamp + seconds_ % 12 hours);
    }

    /// @notice To the last second of a phase, or the first of the next.
    function travelToEdge(uint256 which, uint256 edge, bool before) external {
        ICampaign campaign = pick(which);
        ICampaign.Terms memory terms = campaign.terms();
        uint256 time = [
            terms.closes,
            terms.closes + terms.coolingOff,
            campaign.reportOf().vetoUntil,
            rounds == 0 ? 0 : pool.roundOf(rounds).closes
        ][edge % 4];
        if (before) --time;
        if (time > block.timestamp && time < block.timestamp + 20 days) vm.warp(time);
    }

    /// @notice The token misbehaves in the next step that is taken.
    function misbehave(uint256 manner) external {
        token.behave(RogueToken.Manner(manner % 4));
    }

    /// @notice A refund, claim or withdrawal while the token calls back into the same campaign, which must lead nowhere.
    function callBack(uint256 who, uint256 which, uint256 action) external {
        (address backer, ICampaign campaign) = (backers[who % backers.length], pick(which));
        bytes memory data = [
            abi.encodeCall(ICampaign.refund, (backer)),
            abi.encodeCall(ICampaign.claim, (backer)),
            abi.encodeCall(ICampaign.release, ()),
            abi.encodeCall(ICampaign.collectFees, ()),
            abi.encodeCall(ICampaign.returnMatch, ())
        ][action % 5];
        token.callBack(address(campaign), data);
        ICampaign.Phase phase = campaign.phase();
        if (phase == ICampaign.Phase.Open) take(backer, backer, which, abi.encodeCall(ICampaign.withdraw, (backer)));
        else if (phase > ICampaign.Phase.Funded) refund(who, which);
        else claim(who, which);
    }

    // -------------------------------------------------------------- backers

    /// @notice All of them, as citizens where they are.
    function pledgeByAll(uint256 which, uint96 amount) external {
        for (uint256 who = 0; who < backers.length; ++who) {
            pledge(who, which, 100 + amount % 500, 0, who != 4, 0);
        }
    }

    function pledge(uint256 who, uint256 which, uint96 amount, uint8 tier, bool asCitizen, uint8 source) public {
        (address backer, ICampaign campaign) = (backers[who % backers.length], pick(which));
        amount = amount % 2_000;
        if (campaign.form() == ICampaign.Form.Share) amount -= amount % 7;
        ICampaign.Pledge memory given = ICampaign.Pledge({
            amount: amount,
            cityId: asCitizen ? CITY : 0,
            tier: campaign.form() == ICampaign.Form.Reward ? tier % 3 : 0,
            source: ICampaign.Source(source % 3),
            edition: campaign.stateOf().edition
        });
        uint256 before = token.balanceOf(backer);
        if (did(backer, address(campaign), abi.encodeCall(ICampaign.pledge, (given)))) {
            putIn[address(campaign)][backer] += before - token.balanceOf(backer);
            if (frozen[address(campaign)] == 0) frozen[address(campaign)] = hashOf(campaign);
        }
    }

    function hashOf(ICampaign campaign) public view returns (bytes32) {
        return keccak256(abi.encode(campaign.terms(), campaign.token(), campaign.feeShare(), campaign.roundId()));
    }

    function withdraw(uint256 who, uint256 which) external {
        address backer = backers[who % backers.length];
        take(backer, backer, which, abi.encodeCall(ICampaign.withdraw, (backer)));
    }

    function refund(uint256 who, uint256 which) public {
        address backer = backers[who % backers.length];
        take(address(this), backer, which, abi.encodeCall(ICampaign.refund, (backer)));
    }

    function claim(uint256 who, uint256 which) public {
        address backer = backers[who % backers.length];
        take(backer, backer, which, abi.encodeCall(ICampaign.claimTo, (backer)));
    }

    function object(uint256 who, uint256 which) external {
        did(backers[who % backers.length], address(pick(which)), abi.encodeCall(ICampaign.object, ()));
    }

    function take(address sender, address backer, uint256 which, bytes memory data) private {
        address campaign = address(pick(which));
        uint256 before = token.balanceOf(backer);
        if (did(sender, campaign, data)) gotOut[campaign][backer] += token.balanceOf(backer) - before;
    }

    // ----------------------------------------------------------- milestones

    function report(uint256 which) external {
        did(author, address(pick(which)), abi.encodeCall(ICampaign.report, ("evidence")));
    }

    function release(uint256 which) public {
        did(address(this), address(pick(which)), abi.encodeCall(ICampaign.release, ()));
    }

    /// @notice The next milestone as it should be: reported, waited for, released.
    function goOn(uint256 which) external {
        ICampaign campaign = pick(which);
        did(author, address(campaign), abi.encodeCall(ICampaign.report, ("evidence")));
        uint256 vetoUntil = campaign.reportOf().vetoUntil;
        if (vetoUntil > block.timestamp) vm.warp(vetoUntil);
        release(which);
    }

    /// @notice Rarely by the author, or there would be little else.
    function stop(uint256 which, uint256 whim) external {
        address by = whim % 8 == 0 ? author : address(this);
        did(by, address(pick(which)), abi.encodeCall(ICampaign.stop, ("reason")));
    }

    function setTerms(uint256 which, uint96 goal) external {
        ICampaign campaign = pick(which);
        ICampaign.Terms memory terms = termsOf(campaign.form());
        terms.goal = goal % 3_000 + 1;
        did(author, address(campaign), abi.encodeCall(ICampaign.setTerms, (terms)));
    }

    function collect(uint256 which) external {
        address campaign = address(pick(which));
        uint256 before = token.balanceOf(payee);
        did(payee, campaign, abi.encodeCall(ICampaign.collect, (payee)));
        collected[campaign] += token.balanceOf(payee) - before;
    }

    function collectFees(uint256 which) external {
        address campaign = address(pick(which));
        uint256 before = token.balanceOf(treasury);
        did(address(this), campaign, abi.encodeCall(ICampaign.collectFees, ()));
        collected[campaign] += token.balanceOf(treasury) - before;
    }

    function repay(uint256 which, uint96 amount) external {
        ICampaign campaign = pick(which);
        bytes memory data = campaign.form() == ICampaign.Form.Loan
            ? abi.encodeCall(ICampaign.repay, (amount % 1_500 + 1))
            : abi.encodeCall(ICampaign.distribute, (amount % 1_500 + 1));
        uint256 before = token.balanceOf(author);
        did(author, address(campaign), data);
        paidIn[address(campaign)] += before - token.balanceOf(author);
    }

    function declareDefault(uint256 which) external {
        did(address(this), address(pick(which)), abi.encodeCall(ICampaign.declareDefault, ()));
    }

    // ------------------------------------------------------------- matching

    function fundRound(uint32 round, uint96 amount) external {
        did(treasurer, address(pool), abi.encodeCall(IMatchingPool.fundRound, (some(round), amount % 5_000)));
    }

    function settleRound(uint32 round, uint256 steps) external {
        did(address(this), address(pool), abi.encodeCall(IMatchingPool.settle, (some(round), steps % 6)));
    }

    /// @notice The whole settlement once the round is over, and every match that can be paid.
    function settleAll(uint32 round) external {
        round = some(round);
        IMatchingPool.Round memory kept = pool.roundOf(round);
        if (kept.closes > block.timestamp) vm.warp(kept.closes);
        did(address(this), address(pool), abi.encodeCall(IMatchingPool.settle, (round, 100)));
        for (uint256 i = 0; i < campaigns.length; ++i) {
            if (campaigns[i].roundId() == round) payMatch(i);
        }
    }

    function payMatch(uint256 which) public {
        ICampaign campaign = pick(which);
        uint256 before = token.balanceOf(address(campaign));
        uint32 round = campaign.roundId();
        if (did(address(this), address(pool), abi.encodeCall(IMatchingPool.payMatch, (round, address(campaign))))) {
            matched[address(campaign)] += token.balanceOf(address(campaign)) - before;
        }
    }

    function returnMatch(uint256 which) external {
        address campaign = address(pick(which));
        uint256 before = token.balanceOf(address(pool));
        did(address(this), campaign, abi.encodeCall(ICampaign.returnMatch, ()));
        returned[campaign] += token.balanceOf(address(pool)) - before;
    }

    function reclaimRest(uint32 round) external {
        uint256 before = token.balanceOf(address(pool));
        did(treasurer, address(pool), abi.encodeCall(IMatchingPool.reclaimRest, (some(round), treasurer)));
        reclaimed[some(round)] += before - token.balanceOf(address(pool));
    }

    // -------------------------------------------------------------- blocked

    /// @notice While the token pays neither payee nor treasury, whoever is owed something gets it and milestones are released.
    function whilePayeeIsRejected(uint256 who, uint256 which) external {
        (address backer, ICampaign campaign) = (backers[who % backers.length], pick(which));
        if (token.manner() != RogueToken.Manner.Good) return;
        token.reject(payee, true);
        token.reject(treasury, true);
        uint256 before = token.balanceOf(backer);
        if (campaign.refundableOf(backer) != 0) {
            if (!did(address(this), address(campaign), abi.encodeCall(ICampaign.refund, (backer)))) blocked = true;
        } else if (campaign.claimableOf(backer) != 0) {
            if (!did(address(this), address(campaign), abi.encodeCall(ICampaign.claim, (backer)))) blocked = true;
        }
        gotOut[address(campaign)][backer] += token.balanceOf(backer) - before;
        if (campaign.phase() == ICampaign.Phase.Funded && campaign.stateOf().milestone == 0) {
            if (!did(address(this), address(campaign), abi.encodeCall(ICampaign.release, ()))) blocked = true;
        }
        token.reject(payee, false);
        token.reject(treasury, false);
    }

    // -------------------------------------------------------------- helpers

    function pick(uint256 which) private view returns (ICampaign) {
        return campaigns[which % campaigns.length];
    }

    function some(uint32 round) private view returns (uint32) {
        return round % rounds + 1;
    }

    function did(address sender, address target, bytes memory data) private returns (bool success) {
        vm.prank(sender);
        (success,) = target.call(data);
        if (success) ++done;
        token.behave(RogueToken.Manner.Good);
    }
}
