// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ICityRegistry} from "../../contracts/cities/ICityRegistry.sol";
import {ICampaign} from "../../contracts/projects/ICampaign.sol";
import {ICampaignFactory} from "../../contracts/projects/ICampaignFactory.sol";
import {IMatchingPool} from "../../contracts/projects/IMatchingPool.sol";
import {IProjectRegistry} from "../../contracts/projects/IProjectRegistry.sol";
import {RogueToken} from "./RogueToken.sol";
import {vm} from "./Vm.sol";

/// @title Network
/// @notice A city with a project at financing, people with money, and the contracts as they are deployed.
abstract contract Network {
    uint256 internal constant RICH = 1e12;
    uint32 internal constant CITY = 1;

    address internal immutable steward = address(0x57E);
    address internal immutable author = address(0xA07);
    address internal immutable payee = address(0xBAE);
    address internal immutable treasury = address(0x7EA);
    address internal immutable treasurer = address(0x7E4);
    address[] public backers;

    ICityRegistry internal cities;
    IProjectRegistry internal projects;
    IMatchingPool internal pool;
    ICampaignFactory internal factory;
    RogueToken public token;

    /// @dev The operator is this contract.
    function settle() internal {
        vm.warp(1_800_000_000);
        address manager = make("NetworkManager", abi.encode(address(this)));
        cities = ICityRegistry(make("CityRegistry", abi.encode(manager, uint32(1 days))));
        address ledger = address(0xDEAD); // no round here asks for merits
        address planned = vm.computeCreateAddress(address(this), vm.getNonce(address(this)) + 6);
        projects = IProjectRegistry(make("ProjectRegistry", abi.encode(cities, planned)));
        pool = IMatchingPool(make("MatchingPool", abi.encode(cities, ledger, projects, planned)));
        bytes memory parts = abi.encode(planned, projects, cities, pool);
        address[4] memory forms = [
            make("DonationCampaign", parts),
            make("RewardCampaign", parts),
            make("LoanCampaign", parts),
            make("ShareCampaign", parts)
        ];
        factory = ICampaignFactory(
            make(
                "CampaignFactory",
                abi.encode(manager, projects, pool, treasury, uint16(250), uint64(60_000_000), forms)
            )
        );
        require(address(factory) == planned, "the factory is elsewhere");
        token = new RogueToken();
        factory.setToken(address(token), 7);
        openCity();
        finance();
    }

    function make(string memory name, bytes memory arguments) internal returns (address made) {
        bytes memory code =
            bytes.concat(vm.getCode(string.concat("backend/chain/abi/", name, ".json")), arguments);
        assembly {
            made := create(0, add(code, 32), mload(code))
        }
        require(made != address(0), name);
    }

    function openCity() private {
        ICityRegistry.Opening[] memory openings = new ICityRegistry.Opening[](1);
        openings[0] = ICityRegistry.Opening("kazan", steward, "about");
        cities.openCities(openings);
        vm.prank(steward);
        cities.setRoles(CITY, steward, 31);
        vm.prank(steward);
        cities.setRoles(CITY, treasurer, 16);
        ICampaignFactory.Investor[] memory investors = new ICampaignFactory.Investor[](6);
        for (uint160 i = 0; i < 6; ++i) {
            address backer = address(0xBAC000 + i);
            backers.push(backer);
            token.mint(backer, RICH);
            // The first two are one person with two wallets; the last is qualified.
            investors[i] = ICampaignFactory.Investor(keccak256(abi.encode("person", i < 2 ? 0 : i)), i == 5);
            if (i == 4) continue; // no citizen
            vm.prank(steward);
            cities.registerCitizen(CITY, backer, keccak256(abi.encode("citizen", i)));
        }
        factory.setInvestors(backers, investors);
        token.mint(author, RICH);
        token.mint(treasurer, RICH);
        vm.prank(treasurer);
        token.approve(address(pool), RICH);
    }

    /// @dev The way of a project to its financing.
    function finance() private {
        vm.prank(steward);
        projects.setThresholds(CITY, IProjectRegistry.Thresholds(1, 1, 0, 0, 0));
        vm.prank(author);
        projects.openProject(CITY, IProjectRegistry.Kind.Social, 0, "content");
        forward();
        forward();
        vm.prank(steward);
        projects.pass(1, "fine");
        vm.prank(backers[0]);
        projects.support(1, CITY);
        forward();
        vm.prank(steward);
        projects.score(1, CITY, 90, "fine");
        for (uint256 i = 0; i < 4; ++i) {
            forward();
        }
    }

    function forward() private {
        vm.prank(author);
        projects.advance(1, "documents");
    }

    /// @dev A campaign of ten days and two of cooling-off, three milestones; tiers, rate or units by its form.
    function termsOf(ICampaign.Form form) internal view returns (ICampaign.Terms memory terms) {
        terms.payee = payee;
        terms.opens = uint40(block.timestamp);
        terms.closes = uint40(block.timestamp + 10 days);
        terms.coolingOff = 2 days;
        (terms.goal, terms.cap) = (1_000, 100_000);
        (terms.vetoShare, terms.vetoWindow, terms.milestoneTerm) = (3_333, 2 days, 9 days);
        terms.milestones = new uint16[](3);
        (terms.milestones[0], terms.milestones[1], terms.milestones[2]) = (3_333, 3_333, 3_334);
        terms.content = "terms";
        if (form == ICampaign.Form.Reward) {
            terms.tiers = new ICampaign.Tier[](2);
            terms.tiers[0] = ICampaign.Tier(100, 2, "cup");
            terms.tiers[1] = ICampaign.Tier(5_000, 1, "bench");
        } else if (form == ICampaign.Form.Loan) {
            terms.loan = ICampaign.LoanTerms(1_234, 3, 20 days, 2 days, 5 days);
        } else if (form == ICampaign.Form.Share) {
            terms.unitPrice = 7;
        }
    }
}
