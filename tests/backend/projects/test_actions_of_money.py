"""What authors, treasurers and payees do with money, and what anybody may have done: each act over HTTP and
on a real chain, found in the ledger; refusals with their reason.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_utils import keccak

from tests.backend.network import DAY
from tests.backend.projects.office import Office
from tests.backend.projects.venture import ROUBLE

AUTHOR, TREASURER, HOUR = "author 1", "treasurer 1", 3_600
BACKER, FRIEND = "a rich backer", "a rich friend"


@pytest.fixture(scope="module")
def office(anvil, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office.of(anvil, database, Path(tmp_path_factory.mktemp("office"))) as office:
        venture, network = office.venture, office.network
        for who in (AUTHOR, TREASURER, BACKER, FRIEND, *venture.citizens):
            venture.rich(who, 10_000)
        investor = (keccak(text=BACKER), True)
        network.send("operator", "CampaignFactory", "setInvestors", [network.wallet(BACKER)], [investor])
        network.send("operator", "CampaignFactory", "setFee", 300, network.wallet("treasury"))
        yield office


@pytest.fixture(scope="module")
def project(office: Office) -> int:
    return office.venture.project()


def terms(office: Office, **changed: Any) -> dict[str, Any]:
    """Terms of two hours from now on and two milestones."""
    return {
        "closes": office.network.time + 2 * HOUR, "cooling_off": HOUR, "goal": str(100 * ROUBLE),
        "cap": str(1_000 * ROUBLE), "veto_window": DAY, "milestone_term": 10 * DAY,
        "milestones": [4_000, 6_000], "title": "Сбор на мост",
    } | changed  # fmt: skip


def opened(office: Office, project: int, form: str = "donation", **changed: Any) -> str:
    """The author's new campaign; its address."""
    made = office.act(
        AUTHOR, "create_campaign", project_id=project, form=form, token=office.venture.token,
        **terms(office, **changed),
    )  # fmt: skip
    return "0x" + office.fact("campaign_created", made)["campaign"].hex()


def pledge(office: Office, who: str, campaign: str, roubles: int, city: int = 0, tier: int = 0) -> None:
    office.network.send(who, "TestToken", "approve", campaign, roubles * ROUBLE)
    office.venture.send(who, campaign, "pledge", (roubles * ROUBLE, city, tier, 0, 1))


def funded(office: Office, project: int, form: str = "donation", **changed: Any) -> str:
    """A campaign to which a backer gave 200 roubles, and which is over; its first tranche is released."""
    campaign = opened(office, project, form, **changed)
    pledge(office, BACKER, campaign, 200)
    office.network.pass_time(3 * HOUR)
    released = office.act(FRIEND, "release_tranche", campaign=campaign)
    assert office.fact("tranche_released", released)["milestone"] == 1
    return campaign


# ---------------------------------------------------------------- campaigns


def test_an_author_opens_a_campaign_changes_its_terms_and_stops_it(office: Office, project: int) -> None:
    tiers = [{"price": str(price * ROUBLE), "stock": 5, "title": f"Награда за {price}"} for price in (10, 25)]
    made = office.act(
        AUTHOR, "create_campaign", project_id=project, form="reward", token=office.venture.token,
        **terms(office, tiers=tiers, milestone_titles=["Проект моста", {"ru": "Мост", "en": "Bridge"}]),
    )  # fmt: skip
    fact, first = office.fact("campaign_created", made), office.fact("terms_set", made)
    campaign = "0x" + fact["campaign"].hex()
    assert (fact["project_id"], fact["form"], fact["fee_share"]) == (project, 1, 300)
    assert (first["edition"], first["payee"]) == (1, office.address(AUTHOR))
    assert [tier["price"] for tier in office.facts("tier_set", made)] == [10 * ROUBLE, 25 * ROUBLE]

    changed = terms(office, tiers=tiers[:1], cap=str(500 * ROUBLE), terms="Иные условия")
    again = office.fact("terms_set", office.act(AUTHOR, "set_terms", campaign=campaign, **changed))
    assert (again["edition"], again["cap"]) == (2, 500 * ROUBLE)
    assert office.refused(FRIEND, "set_terms", campaign=campaign, **changed) == "Campaign_NotAuthor"
    assert office.refused(FRIEND, "stop_campaign", campaign=campaign, reason="x") == "Campaign_MayNotStop"
    stopped = office.act(AUTHOR, "stop_campaign", campaign=campaign, reason="Передумали")
    assert office.fact("campaign_stopped", stopped)["by"] == office.address(AUTHOR)


@pytest.mark.parametrize(
    ("who", "changed", "why"),
    [
        (FRIEND, {}, "CampaignFactory_NotAuthor"),
        (AUTHOR, {"milestones": [4_000]}, "Campaign_BadTerms"),
        (AUTHOR, {"token": "0x" + "11" * 20}, "CampaignFactory_TokenNotAllowed"),
        (AUTHOR, {"round_id": 99}, "MatchingPool_UnknownRound"),
    ],
)
def test_a_campaign_is_refused_with_its_reason(
    office: Office, project: int, who: str, changed: dict[str, Any], why: str
) -> None:
    wanted = {"project_id": project, "form": "donation", "token": office.venture.token} | terms(office)
    assert office.refused(who, "create_campaign", **wanted | changed) == why


def test_milestones_are_released_collected_reported_and_objected_to(office: Office) -> None:
    number, citizen, heir = office.venture.project(), office.venture.citizens[0], "heir"
    campaign = opened(office, number)
    pledge(office, BACKER, campaign, 200)
    pledge(office, citizen, campaign, 50, city=1)
    early = {"project_id": number, "campaign": campaign}
    assert office.refused(FRIEND, "begin_implementation", **early) == "ProjectRegistry_CampaignNotThere"
    assert office.refused(FRIEND, "release_tranche", campaign=campaign) == "Campaign_WrongPhase"
    office.network.pass_time(3 * HOUR)
    begun = office.act(FRIEND, "begin_implementation", **early)
    assert office.fact("funded_by", begun)["campaign"].hex() == campaign[2:]
    assert office.refused(AUTHOR, "report_milestone", campaign=campaign, evidence="x") == (
        "Campaign_NoMilestone"
    )

    released = office.fact("tranche_released", office.act(FRIEND, "release_tranche", campaign=campaign))
    assert (released["amount"], released["fee"]) == (100 * ROUBLE, 3 * ROUBLE)
    assert office.refused(FRIEND, "collect_tranche", campaign=campaign) == "Campaign_NotPayee"
    to = office.network.wallet("builder")
    collected = office.fact(
        "tranche_collected", office.act(AUTHOR, "collect_tranche", campaign=campaign, to=to)
    )
    assert (collected["to"], collected["amount"]) == (office.address("builder"), 97 * ROUBLE)
    fees = office.fact("fee_collected", office.act(FRIEND, "collect_fees", campaign=campaign))
    assert (fees["treasury"], fees["amount"]) == (office.address("treasury"), 3 * ROUBLE)
    assert office.refused(FRIEND, "collect_fees", campaign=campaign) == "Campaign_Nothing"

    reported = office.act(AUTHOR, "report_milestone", campaign=campaign, evidence="Мост стоит")
    assert office.fact("milestone_reported", reported)["milestone"] == 2
    assert office.refused(FRIEND, "object_report", campaign=campaign) == "Campaign_Nothing"
    objected = office.fact("objected", office.act(citizen, "object_report", campaign=campaign))
    assert (objected["backer"], objected["weight"]) == (office.address(citizen), 50 * ROUBLE)
    assert office.refused(citizen, "object_report", campaign=campaign) == "Campaign_ObjectedAlready"

    lost = {"campaign": campaign, "backer": office.network.wallet(citizen)}
    assert office.refused(FRIEND, "follow_pledge", **lost) == "Campaign_NotRecovered"
    office.network.recover(1, citizen, heir)
    moved = office.fact("pledge_moved", office.act(FRIEND, "follow_pledge", **lost))
    assert (moved["new_wallet"], moved["amount"]) == (office.address(heir), 50 * ROUBLE)

    assert office.refused(FRIEND, "advance_project", project_id=number) == "ProjectRegistry_CampaignNotThere"
    office.act(FRIEND, "release_tranche", campaign=campaign)
    done = office.act(FRIEND, "advance_project", project_id=number)
    assert office.fact("stage_reached", done)["stage"] == 11


# ------------------------------------------------------------------- rounds


def test_a_round_is_opened_funded_settled_paid_and_drawn(office: Office, project: int) -> None:
    round_terms = {
        "city_id": 1, "token": office.venture.token, "amount": str(300 * ROUBLE), "title": "Весенний раунд",
        "person_limit": str(50 * ROUBLE), "closes": office.network.time + 4 * HOUR,
    }  # fmt: skip
    assert office.refused(FRIEND, "open_round", **round_terms) == "CityRegistry_MissingRole"
    no_token = round_terms | {"token": office.network.wallet("stranger")}
    assert office.refused(TREASURER, "open_round", **no_token) == "MatchingPool_BadTerms"
    made = office.act(TREASURER, "open_round", **round_terms)
    number = office.fact("round_opened", made)["round_id"]
    assert office.fact("round_funded", made)["amount"] == 300 * ROUBLE
    more = {"round_id": number, "amount": str(20 * ROUBLE)}
    assert office.fact("round_funded", office.act(FRIEND, "fund_round", **more))["amount"] == 20 * ROUBLE
    assert office.refused(FRIEND, "fund_round", **more | {"round_id": 99}) == "MatchingPool_UnknownRound"

    campaign = opened(office, project, round_id=number)
    pledge(office, BACKER, campaign, 200)
    for citizen, roubles in zip(office.venture.citizens[1:3], (9, 16), strict=True):
        pledge(office, citizen, campaign, roubles, city=1)
    assert office.refused(FRIEND, "settle_round", round_id=number) == "MatchingPool_StillRunning"
    assert office.refused(FRIEND, "settle_round", round_id=99) == "MatchingPool_UnknownRound"
    assert office.refused(FRIEND, "pay_match", campaign=campaign) == "MatchingPool_WrongStep"
    assert office.refused(TREASURER, "reclaim_rest", round_id=number) == "MatchingPool_Nothing"
    office.network.pass_time(4 * HOUR)
    assert office.refused(FRIEND, "fund_round", **more) == "MatchingPool_Closed"

    settled: list[dict[str, Any]] = []
    while not settled:
        settled = office.facts("round_settled", office.act(FRIEND, "settle_round", round_id=number))
    assert (settled[0]["assigned"], settled[0]["rest"]) == (24 * ROUBLE, 296 * ROUBLE)
    assert office.refused(FRIEND, "settle_round", round_id=number) == "MatchingPool_WrongStep"
    paid = office.fact("match_paid", office.act(FRIEND, "pay_match", campaign=campaign))
    assert (paid["round_id"], paid["amount"]) == (number, 24 * ROUBLE)

    office.act(AUTHOR, "stop_campaign", campaign=campaign, reason="Не вышло")
    returned = office.fact("match_returned", office.act(FRIEND, "return_match", campaign=campaign))
    assert returned["amount"] == 24 * ROUBLE
    assert office.refused(FRIEND, "return_match", campaign=campaign) == "Campaign_Nothing"
    drawn = office.fact("rest_reclaimed", office.act(TREASURER, "reclaim_rest", round_id=number))
    assert (drawn["to"], drawn["amount"]) == (office.address(TREASURER), 320 * ROUBLE)


# --------------------------------------------------------- loans and shares


def test_a_loan_is_repaid_claimed_and_defaults(office: Office, project: int) -> None:
    loan = {"rate": 1_200, "instalments": 2, "interval": HOUR, "grace": 0, "default_after": HOUR}
    campaign = funded(office, project, "loan", milestones=[10_000], loan=loan)
    most = {"campaign": campaign, "amount": str(300 * ROUBLE)}
    assert office.refused(AUTHOR, "repay_loan", **most) == "Campaign_OverOwed"
    assert office.refused(AUTHOR, "distribute_income", **most) == "Campaign_WrongForm"
    repaid = office.act(AUTHOR, "repay_loan", campaign=campaign, amount=str(50 * ROUBLE))
    assert office.fact("loan_repaid", repaid)["amount"] == 50 * ROUBLE

    backer = {"campaign": campaign, "backer": office.network.wallet(BACKER)}
    claimed = office.fact("proceeds_claimed", office.act(FRIEND, "claim_proceeds", **backer))
    assert (claimed["to"], claimed["amount"]) == (office.address(BACKER), 50 * ROUBLE)
    assert office.refused(FRIEND, "claim_proceeds", **backer) == "Campaign_Nothing"

    assert office.refused(FRIEND, "declare_default", campaign=campaign) == "Campaign_NotInDefault"
    office.network.pass_time(3 * HOUR)
    declared = office.act(FRIEND, "declare_default", campaign=campaign)
    assert office.fact("loan_defaulted", declared)["owed"] > 150 * ROUBLE


def test_income_of_shares_is_distributed_and_claimed(office: Office, project: int) -> None:
    income = {"amount": str(30 * ROUBLE)}
    shares = {"unit_price": str(10 * ROUBLE), "payee": office.network.wallet("payee")}
    early = opened(office, project, "share", **shares)
    assert office.refused(AUTHOR, "distribute_income", campaign=early, **income) == "Campaign_WrongPhase"
    campaign = funded(office, project, "share", **shares)
    distributed = office.act(AUTHOR, "distribute_income", campaign=campaign, **income)
    assert office.fact("income_distributed", distributed)["payer"] == office.address(AUTHOR)
    claimed = office.fact("proceeds_claimed", office.act(BACKER, "claim_proceeds", campaign=campaign))
    assert claimed["amount"] == 30 * ROUBLE
