// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IFundAvatar} from "../../contracts/funds/IFundAvatar.sol";
import {IFundFactory} from "../../contracts/funds/IFundFactory.sol";
import {IFundTerms} from "../../contracts/funds/IFundTerms.sol";
import {ICampaign} from "../../contracts/projects/ICampaign.sol";
import {ICampaignFactory} from "../../contracts/projects/ICampaignFactory.sol";
import {Network} from "./Network.sol";
import {RogueToken} from "./RogueToken.sol";
import {vm} from "./Vm.sol";

/// @title FundHandler
/// @notice What anybody may do with two funds, of which the second commits to the first, and with the campaigns they invest in. What a
/// single step must not do is looked at in the step, and kept as `broken`.
contract FundHandler is Network {
    uint256 private constant MOST = 6;
    address public immutable organisation = address(0x0A6);
    address public immutable manager = address(0x3A4);
    address public immutable appraiser = address(0xA99);

    IFundAvatar[2] public funds;
    ICampaign[] public campaigns;
    /// @notice By fund: units burned by defaults; distributed, by what `cash` lost.
    mapping(address fund => uint256) public burned;
    mapping(address fund => uint256) public distributed;
    /// @notice The first thing that a step did and must not.
    string public broken;
    /// @notice Steps that did something.
    uint256 public done;

    constructor() {
        settle();
        address planned = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 2);
        address holdings = make("FundHoldings", abi.encode(planned, factory, projects));
        address avatar = make("FundAvatar", abi.encode(planned, factory, projects, holdings));
        IFundFactory launcher = IFundFactory(make("FundFactory", abi.encode(factory, avatar)));
        require(address(launcher) == planned, "the factory of funds is elsewhere");
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(organisation);
            funds[i] = IFundAvatar(
                launcher.launch("Fund", "F", address(token), manager, appraiser, mandateOf(i == 1), terms(i), "fund")
            );
        }
        begin();
    }

    function mandateOf(bool mayCommit) private pure returns (IFundTerms.Mandate memory mandate) {
        mandate = IFundTerms.Mandate(type(uint16).max >> 5, 15, 4_000, mayCommit, new uint32[](1));
        mandate.cities[0] = CITY;
    }

    function terms(uint256 i) private view returns (IFundTerms.Terms memory made) {
        made.minimum = 100;
        made.cap = 1e9;
        made.finalClosing = uint40(block.timestamp + 500 days);
        (made.investmentPeriod, made.life, made.extension, made.extensions) = (500 days, 1_000 days, 200 days, 1);
        (made.managementFee, made.hurdle, made.carry, made.escrow) = (250, 800, 2_000, 3_333);
        made.catchUp = i == 0 ? 10_000 : 5_001;
        (made.equalisation, made.callNotice, made.grace) = (700, 5 days, 7 days);
        (made.lateFee, made.forfeit, made.markTerm) = (333, 5_000, 90 days);
    }

    /// @dev Partners with money, both closed, the first call of each paid by most.
    function begin() private {
        address[] memory all = new address[](backers.length + 2);
        for (uint256 i = 0; i < backers.length; ++i) {
            all[i] = backers[i];
        }
        (all[backers.length], all[backers.length + 1]) = (address(funds[0]), address(funds[1]));
        ICampaignFactory.Investor[] memory investors = new ICampaignFactory.Investor[](2);
        address[] memory avatars = new address[](2);
        token.mint(organisation, RICH);
        for (uint256 which = 0; which < 2; ++which) {
            address fund = address(funds[which]);
            (avatars[which], investors[which]) = (fund, ICampaignFactory.Investor(keccak256(abi.encode(fund)), true));
            vm.prank(manager);
            funds[which].admit(all, true);
            for (uint256 i = 0; i < backers.length; ++i) {
                vm.prank(backers[i]);
                token.approve(fund, RICH);
                if (i < 4) commit(i, which, uint96(1_900 - 300 * i));
            }
            vm.prank(organisation);
            token.approve(fund, RICH);
            close(which);
            call(which, 3_000, 0);
            payAll(which);
        }
        factory.setInvestors(avatars, investors);
        create(3);
        create(2);
    }

    function backerCount() external view returns (uint256) {
        return backers.length;
    }

    function campaignCount() external view returns (uint256) {
        return campaigns.length;
    }

    // ---------------------------------------------------------------- world

    function travel(uint256 seconds_) external {
        vm.warp(block.timestamp + seconds_ % 40 days);
    }

    /// @notice To the last second before something ends, or the first after it.
    function travelToEdge(uint256 which, uint256 edge, bool before) external {
        IFundTerms.Books memory books = pickFund(which).booksOf();
        uint256 time = [books.dueAt, books.dueAt + 7 days, books.endsAt, books.closedAt + 365 days][edge % 4];
        if (before) --time;
        if (time > block.timestamp && time < block.timestamp + 200 days) vm.warp(time);
    }

    /// @notice The token misbehaves in the next step that is taken.
    function misbehave(uint256 manner) external {
        token.behave(RogueToken.Manner(manner % 4));
    }

    /// @notice A claim or collection while the token calls back into the same fund, which must lead nowhere.
    function callBack(uint256 who, uint256 which, uint256 action) external {
        (address backer, IFundAvatar fund) = (pickBacker(who), pickFund(which));
        bytes memory data = [
            abi.encodeCall(IFundAvatar.claim, (backer)),
            abi.encodeCall(IFundAvatar.pay, (backer, 1)),
            abi.encodeCall(fund.collect, (address(pickCampaign(action)))),
            abi.encodeCall(IFundAvatar.returnCarry, (1))
        ][action % 4];
        uint256 already = token.reentered();
        token.callBack(address(fund), data);
        did(backer, address(fund), abi.encodeCall(IFundAvatar.claim, (backer)));
        if (token.reentered() != already) breach("F2: called back");
    }

    function send(uint256 which, uint256 amount) external {
        token.mint(address(pickFund(which)), amount % 100);
    }

    function create(uint256 form) public {
        if (campaigns.length == MOST) return;
        ICampaign.Form chosen = ICampaign.Form(form % 4);
        vm.prank(author);
        campaigns.push(ICampaign(factory.create(1, chosen, 0, address(token), termsOf(chosen))));
        address made = address(campaigns[campaigns.length - 1]);
        vm.prank(author);
        token.approve(made, RICH);
        for (uint256 i = 0; i < backers.length; ++i) {
            vm.prank(backers[i]);
            token.approve(made, RICH);
        }
    }

    /// @notice A campaign goes on: others pledge, it is funded and releases, or is stopped, and pays what it earned.
    function prosper(uint256 which, uint96 amount, bool well) external {
        ICampaign campaign = pickCampaign(which);
        ICampaign.Phase phase = campaign.phase();
        if (phase == ICampaign.Phase.Open) {
            ICampaign.Pledge memory pledge =
                ICampaign.Pledge(700, 0, 0, ICampaign.Source.Crowd, campaign.stateOf().edition);
            if (well) did(pickBacker(5), address(campaign), abi.encodeCall(ICampaign.pledge, (pledge)));
            ICampaign.Terms memory made = campaign.terms();
            vm.warp(made.closes + made.coolingOff);
        } else if (phase == ICampaign.Phase.Funded && campaign.stateOf().milestone == 0) {
            did(author, address(campaign), abi.encodeCall(ICampaign.release, ()));
        } else if (!well) {
            did(author, address(campaign), abi.encodeCall(ICampaign.stop, ("reason")));
        } else {
            bytes memory data = campaign.form() == ICampaign.Form.Loan
                ? abi.encodeCall(ICampaign.repay, (amount % 2_000 + 1))
                : abi.encodeCall(ICampaign.distribute, (amount % 4_000 + 1));
            did(author, address(campaign), data);
        }
    }

    /// @notice Somebody has a campaign pay the fund, before the fund collects.
    function payFund(uint256 which, uint256 campaign, bool refund) external {
        address fund = address(pickFund(which));
        bytes memory data =
            refund ? abi.encodeCall(ICampaign.refund, (fund)) : abi.encodeCall(ICampaign.claim, (fund));
        did(author, address(pickCampaign(campaign)), data);
    }

    // ------------------------------------------------------------- partners

    function commit(uint256 who, uint256 which, uint96 amount) public {
        bytes memory data = abi.encodeCall(IFundAvatar.commit, (amount % 2_000, type(uint96).max));
        did(pickBacker(who), address(pickFund(which)), data);
    }

    function close(uint256 which) public {
        did(manager, address(pickFund(which)), abi.encodeCall(IFundAvatar.close, ()));
    }

    function call(uint256 which, uint96 amount, uint256 notice) public {
        uint40 due = uint40(block.timestamp + 5 days + notice % 20 days);
        did(manager, address(pickFund(which)), abi.encodeCall(IFundAvatar.callCapital, (amount % 5_000, due, "call")));
    }

    function pay(uint256 who, uint256 which, uint96 amount) external {
        (address backer, IFundAvatar fund) = (pickBacker(who), pickFund(which));
        (uint96 due,) = fund.dueOf(backer);
        if (due != 0) did(backer, address(fund), abi.encodeCall(IFundAvatar.pay, (backer, amount % due + 1)));
    }

    /// @notice All but one.
    function payAll(uint256 which) public {
        IFundAvatar fund = pickFund(which);
        for (uint256 i = 0; i < 5; ++i) {
            (uint96 due,) = fund.dueOf(backers[i]);
            if (due != 0) did(backers[i], address(fund), abi.encodeCall(IFundAvatar.pay, (backers[i], due)));
        }
    }

    function declareDefault(uint256 who, uint256 which) external {
        (address backer, IFundAvatar fund) = (pickBacker(who), pickFund(which));
        uint256 units = fund.totalSupply();
        did(manager, address(fund), abi.encodeCall(IFundAvatar.declareDefault, (backer)));
        burned[address(fund)] += units - fund.totalSupply();
    }

    function transfer(uint256 from, uint256 to, uint256 which, uint256 amount) external {
        (address giver, address taker, IFundAvatar fund) = (pickBacker(from), pickBacker(to), pickFund(which));
        bytes32 before = keccak256(abi.encode(fund.claimableOf(giver), fund.claimableOf(taker), fund.totalSupply()));
        uint256 units = fund.balanceOf(giver) + fund.balanceOf(taker);
        amount = amount % (fund.balanceOf(giver) + 1);
        bool free = block.timestamp >= fund.partnerOf(giver).lockedUntil;
        if (did(giver, address(fund), abi.encodeWithSignature("transfer(address,uint256)", taker, amount))) {
            bytes32 then = keccak256(abi.encode(fund.claimableOf(giver), fund.claimableOf(taker), fund.totalSupply()));
            if (before != then) breach("F9: what was credited");
            if (fund.balanceOf(giver) + fund.balanceOf(taker) != units) breach("F9: units");
            if (!free) breach("F9: units that are locked");
        }
    }

    function claim(uint256 who, uint256 which) external {
        (address backer, IFundAvatar fund) = (pickBacker(who), pickFund(which));
        (uint256 claimable, uint256 before) = (fund.claimableOf(backer), token.balanceOf(backer));
        bool paid = did(address(this), address(fund), abi.encodeCall(IFundAvatar.claim, (backer)));
        if (paid && token.balanceOf(backer) - before != claimable) breach("F2: claimed");
    }

    /// @notice In one second: commits, gives the units on, has the fund distribute, claims.
    function enterAndLeave(uint256 who, uint256 to, uint256 which) external {
        (address backer, address other, IFundAvatar fund) = (pickBacker(who), pickBacker(to), pickFund(which));
        if (backer == other || fund.balanceOf(backer) != 0 || fund.balanceOf(other) != 0) return;
        uint256 before = uint256(fund.claimableOf(backer)) + fund.claimableOf(other);
        token.behave(RogueToken.Manner.Good);
        if (!did(backer, address(fund), abi.encodeCall(IFundAvatar.commit, (700, type(uint96).max)))) return;
        did(backer, address(fund), abi.encodeWithSignature("transfer(address,uint256)", other, fund.balanceOf(backer)));
        if (did(manager, address(fund), abi.encodeCall(IFundAvatar.distribute, (1)))) breach("F10: distributed");
        if (uint256(fund.claimableOf(backer)) + fund.claimableOf(other) != before) breach("F10: gained");
    }

    // ------------------------------------------------------------- holdings

    function invest(uint256 which, uint256 campaign, uint96 amount) external {
        (IFundAvatar fund, ICampaign target) = (pickFund(which), pickCampaign(campaign));
        amount = amount % 2_500;
        if (target.form() == ICampaign.Form.Share) amount -= amount % 7;
        bytes memory data = abi.encodeCall(fund.invest, (address(target), amount, 0, target.stateOf().edition));
        if (did(manager, address(fund), data)) {
            uint256 exposure = fund.exposureTo(target.projectId());
            if (exposure * 10_000 > uint256(4_000) * fund.booksOf().committed) breach("F8");
        }
    }

    function withdrawInvestment(uint256 which, uint256 campaign) external {
        IFundAvatar fund = pickFund(which);
        did(manager, address(fund), abi.encodeCall(fund.withdrawInvestment, (address(pickCampaign(campaign)))));
    }

    function commitTo(uint96 amount, bool other) external {
        (IFundAvatar fund, IFundAvatar target) = (funds[other ? 0 : 1], funds[other ? 1 : 0]);
        bytes memory data = abi.encodeCall(fund.commitTo, (address(target), amount % 1_500, type(uint96).max));
        if (did(manager, address(fund), data)) {
            uint256 committed = fund.holdingOf(address(target)).commitment;
            if (other || committed * 10_000 > uint256(4_000) * fund.booksOf().committed) breach("F8: funds");
        }
    }

    function payTo() external {
        (uint96 due,) = funds[0].dueOf(address(funds[1]));
        did(manager, address(funds[1]), abi.encodeCall(funds[1].payTo, (address(funds[0]), due)));
    }

    function collect(uint256 which, uint256 holding) external {
        IFundAvatar fund = pickFund(which);
        address from = holding % 3 == 0 ? address(funds[0]) : address(pickCampaign(holding));
        did(address(this), address(fund), abi.encodeCall(fund.collect, (from)));
    }

    function writeOff(uint256 which, uint256 campaign) external {
        IFundAvatar fund = pickFund(which);
        did(manager, address(fund), abi.encodeCall(fund.writeOff, (address(pickCampaign(campaign)), "reason")));
    }

    function mark(uint256 which, uint256 campaign, uint96 value, uint40 ago) external {
        (IFundAvatar fund, address holding) = (pickFund(which), address(pickCampaign(campaign)));
        bytes32 before = allButValue(fund);
        uint40 day = uint40(block.timestamp) - ago % 3 days;
        bytes memory data = abi.encodeCall(fund.mark, (holding, value % 9_000, 0, day, "evidence"));
        did(appraiser, address(fund), data);
        if (allButValue(fund) != before) breach("F11");
    }

    /// @dev All that a mark must leave alone.
    function allButValue(IFundAvatar fund) private view returns (bytes32 hash) {
        IFundTerms.Books memory books = fund.booksOf();
        books.value = 0;
        hash = keccak256(abi.encode(books, fund.splitOf(1_000), fund.totalSupply(), token.balanceOf(address(fund))));
        for (uint256 i = 0; i < backers.length; ++i) {
            hash = keccak256(abi.encode(hash, fund.partnerOf(backers[i]), fund.claimableOf(backers[i])));
        }
    }

    // ---------------------------------------------------------------- money

    function takeFee(uint256 which) external {
        did(address(this), address(pickFund(which)), abi.encodeCall(IFundAvatar.takeFee, ()));
    }

    function takeCredit(uint256 which, bool fees) external {
        did(fees ? manager : organisation, address(pickFund(which)), abi.encodeCall(IFundAvatar.takeCredit, (payee)));
    }

    function distribute(uint256 which, uint96 amount, bool all, bool anybody) external {
        IFundAvatar fund = pickFund(which);
        uint96 cash = fund.booksOf().cash;
        if (cash == 0) return;
        amount = all ? cash : amount % cash + 1;
        IFundTerms.Split memory said = fund.splitOf(amount);
        uint96 had = fund.booksOf().toOrganisation;
        bytes memory data = abi.encodeCall(IFundAvatar.distribute, (amount));
        if (!did(anybody ? address(this) : manager, address(fund), data)) return;
        IFundTerms.Books memory books = fund.booksOf();
        distributed[address(fund)] += cash - books.cash;
        if (uint256(said.capital) + said.hurdle + said.catchUp + said.rest != amount) breach("F4: parts");
        if (books.toOrganisation - had != said.carry) breach("F4: said");
        if (said.carry == 0) return;
        if (uint256(books.unreturned) + books.preferred + books.accruing != 0) breach("F3: unpaid");
        uint256 profit = uint256(books.toPartners) + books.toOrganisation - books.contributed;
        if (uint256(books.toOrganisation) * 10_000 > profit * 2_000) breach("F3: more than the share");
    }

    /// @notice All that a winding fund has is distributed up, distributed, and it is concluded.
    function end(uint256 which) external {
        IFundAvatar fund = pickFund(which);
        if (fund.phase() == IFundTerms.Phase.Winding) {
            for (uint256 i = 0; i < campaigns.length; ++i) {
                did(manager, address(fund), abi.encodeCall(fund.writeOff, (address(campaigns[i]), "reason")));
            }
            did(manager, address(fund), abi.encodeCall(fund.writeOff, (address(funds[0]), "reason")));
            did(address(this), address(fund), abi.encodeCall(IFundAvatar.takeFee, ()));
            uint96 cash = fund.booksOf().cash;
            if (did(manager, address(fund), abi.encodeCall(IFundAvatar.distribute, (cash)))) distributed[address(fund)] += cash;
        }
        if (did(address(this), address(fund), abi.encodeCall(IFundAvatar.conclude, ()))) settled(fund);
    }

    function returnCarry(uint256 which) external {
        IFundAvatar fund = pickFund(which);
        uint96 owed = fund.booksOf().clawback;
        if (did(organisation, address(fund), abi.encodeCall(IFundAvatar.returnCarry, (owed)))) settled(fund);
    }

    /// @dev After a clawback is settled the organisation has its share at most, and nothing while something is unpaid.
    function settled(IFundAvatar fund) private {
        IFundTerms.Books memory books = fund.booksOf();
        if (books.clawback != 0 || fund.totalSupply() == 0 || books.toOrganisation == 0) return;
        uint256 all = uint256(books.toPartners) + books.toOrganisation;
        if (all < books.contributed || uint256(books.toOrganisation) * 10_000 > (all - books.contributed) * 2_000) {
            breach("F15");
        }
    }

    // -------------------------------------------------------------- motions

    function propose(uint256 who, uint256 which, bool windUp) external {
        IFundTerms.Matter matter = windUp ? IFundTerms.Matter.WindUp : IFundTerms.Matter.ExtendLife;
        did(pickBacker(who), address(pickFund(which)), abi.encodeCall(IFundAvatar.propose, (matter, address(0), "why")));
    }

    function consent(uint256 who, uint256 which, uint32 number) external {
        did(pickBacker(who), address(pickFund(which)), abi.encodeCall(IFundAvatar.consent, (number % 4)));
    }

    // -------------------------------------------------------------- helpers

    function pickFund(uint256 which) private view returns (IFundAvatar) {
        return funds[which % 2];
    }

    function pickBacker(uint256 who) private view returns (address) {
        return backers[who % backers.length];
    }

    function pickCampaign(uint256 which) private view returns (ICampaign) {
        return campaigns[which % campaigns.length];
    }

    function did(address sender, address target, bytes memory data) private returns (bool success) {
        vm.prank(sender);
        (success,) = target.call(data);
        if (success) ++done;
        token.behave(RogueToken.Manner.Good);
    }

    function breach(string memory what) private {
        if (bytes(broken).length == 0) broken = what;
    }
}
