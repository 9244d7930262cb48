"""What organisations, managers, partners and appraisers do with funds, and what anybody may have done: each
act over HTTP and on a real chain, found in the ledger; refusals with their reason.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from eth_utils import keccak

from tests.backend.network import DAY
from tests.backend.projects.office import Office
from tests.backend.projects.venture import ROUBLE

HOUR, YEAR = 3_600, 365 * DAY
ORGANISATION, MANAGER, APPRAISER, STRANGER = "organisation", "manager", "appraiser", "stranger"
PARTNERS = ("partner 1", "partner 2", "partner 3", "partner 4")


@pytest.fixture(scope="module")
def office(anvil, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with Office.of(anvil, database, Path(tmp_path_factory.mktemp("office"))) as office:
        for who in ("author 1", "a company", ORGANISATION, *PARTNERS):
            office.venture.rich(who, 10_000)
        yield office


def terms(office: Office, **changed: Any) -> dict[str, Any]:
    """Mandate and terms of a fund of social projects, by loans and shares."""
    return {
        "name": "Фонд города", "symbol": "CITY", "description": "Вкладывает в дела города",
        "token": office.venture.token, "manager": office.network.wallet(MANAGER),
        "appraiser": office.network.wallet(APPRAISER), "kinds": "social", "forms": ["loan", "share"],
        "largest_share": 5_000, "cities": 1, "minimum": str(100 * ROUBLE), "cap": str(10_000 * ROUBLE),
        "final_closing": office.network.time + YEAR, "investment_period": YEAR, "life": 2 * YEAR,
        "extension": YEAR, "extensions": 1, "management_fee": 200, "hurdle": 800, "catch_up": 10_000,
        "carry": 2_000, "escrow": 3_000, "equalisation": 800, "call_notice": DAY, "grace": DAY,
        "late_fee": 200, "forfeit": 5_000, "mark_term": 90 * DAY,
    } | changed  # fmt: skip


def launched(office: Office, **changed: Any) -> str:
    """A new fund that campaigns take pledges of; its address."""
    made = office.act(ORGANISATION, "launch_fund", **terms(office, **changed))
    fund = "0x" + office.fact("fund_launched", made)["fund"].hex()
    office.network.send("operator", "CampaignFactory", "setInvestors", [fund], [(keccak(text=fund), True)])
    return fund


def committed(office: Office, fund: str, **roubles: int) -> None:
    """Partners by number are admitted and commit: `_1=200`."""
    those = {f"partner{number.replace('_', ' ')}": sum_ for number, sum_ in roubles.items()}
    admitted = [office.network.wallet(partner) for partner in those]
    office.act(MANAGER, "admit_partners", fund=fund, partners=admitted)
    for partner, sum_ in those.items():
        office.act(partner, "commit_capital", fund=fund, amount=str(sum_ * ROUBLE))


def closed(office: Office, fund: str, **roubles: int) -> None:
    committed(office, fund, **roubles)
    office.act(MANAGER, "close_fund", fund=fund)


def call(office: Office, fund: str, roubles: int) -> str:
    """A call that is due in a day and an hour."""
    due = office.network.time + DAY + HOUR
    return office.act(
        MANAGER, "call_capital", fund=fund, amount=str(roubles * ROUBLE), due_at=due, purpose="На вложения"
    )


def campaign(office: Office, **changed: Any) -> str:
    """A share campaign of a social project of city 1 that takes pledges for two hours."""
    given = {
        "closes": office.network.time + 2 * HOUR, "coolingOff": HOUR, "goal": 10 * ROUBLE,
        "unitPrice": ROUBLE, "milestones": [10_000],
    } | changed  # fmt: skip
    return office.venture.campaign(office.venture.project(), 3, **given)


def invest(office: Office, fund: str, target: str, roubles: int) -> str:
    return office.act(MANAGER, "invest", fund=fund, campaign=target, amount=str(roubles * ROUBLE), edition=1)


# --------------------------------------------------------------------- launch


def test_an_organisation_launches_its_fund(office: Office) -> None:
    made = office.act(ORGANISATION, "launch_fund", **terms(office))
    fact = office.fact("fund_launched", made)
    assert (fact["organisation"], fact["name"], fact["symbol"]) == (
        office.address(ORGANISATION), "Фонд города", "CITY",
    )  # fmt: skip
    mandate, first = office.fact("mandate_set", made), office.fact("fund_terms_set", made)
    assert (mandate["kinds"], mandate["forms"], mandate["cities"]) == (1 << 6, 0b1100, [1])
    assert (first["minimum"], first["carry"], first["extensions"]) == (100 * ROUBLE, 2_000, 1)
    assert office.fact("partner_terms_set", made)["forfeit"] == 5_000
    assert office.fact("manager_replaced", made)["manager"] == office.address(MANAGER)
    own = office.act(ORGANISATION, "launch_fund", **terms(office, manager=None, cities=[]))
    assert office.fact("manager_replaced", own)["manager"] == office.address(ORGANISATION)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"token": "0x" + "11" * 20}, "FundFactory_TokenNotAllowed"),
        ({"name": "Ы" * 33}, "FundFactory_BadName"),
        ({"appraiser": "0x" + "00" * 20}, "FundAvatar_ZeroAddress"),
        ({"carry": 5_001, "catch_up": 0}, "FundAvatar_BadTerms"),
        ({"kinds": []}, "FundAvatar_BadTerms"),
    ],
)
def test_a_launch_is_refused_with_its_reason(office: Office, changed: dict[str, Any], why: str) -> None:
    assert office.refused(ORGANISATION, "launch_fund", **terms(office, **changed)) == why


# ------------------------------------------------------- commitments and calls


def test_partners_commit_are_called_and_pay(office: Office) -> None:
    fund = launched(office)
    amount = {"fund": fund, "amount": str(200 * ROUBLE)}
    assert office.refused("partner 1", "commit_capital", **amount) == "FundAvatar_NotAdmitted"
    assert office.refused(STRANGER, "admit_partners", fund=fund, partners=[fund]) == "FundAvatar_NotManager"
    committed(office, fund, _1=50, _2=60)
    back = office.act("partner 2", "withdraw_commitment", fund=fund)
    assert office.fact("commitment_withdrawn", back)["amount"] == 60 * ROUBLE
    assert office.refused("partner 2", "withdraw_commitment", fund=fund) == "FundAvatar_Nothing"
    assert office.refused(MANAGER, "close_fund", fund=fund) == "FundAvatar_BelowMinimum"
    committed(office, fund, _1=150, _2=100)
    closing = office.act(MANAGER, "close_fund", fund=fund)
    assert office.fact("fund_closed", closing)["committed"] == 300 * ROUBLE

    soon = {"fund": fund, "amount": str(60 * ROUBLE), "due_at": office.network.time + HOUR, "purpose": "x"}
    assert office.refused(MANAGER, "call_capital", **soon) == "FundAvatar_ShortNotice"
    assert office.refused("partner 1", "pay_call", fund=fund) == "FundAvatar_OverDue"
    called = office.fact("capital_called", call(office, fund, 60))
    assert (called["number"], called["amount"]) == (1, 60 * ROUBLE)
    assert office.refused(MANAGER, "call_capital", **soon | {"due_at": called["due_at"] + 2 * DAY}) == (
        "FundAvatar_CallRunning"
    )

    paid = office.fact("call_paid", office.act("partner 1", "pay_call", fund=fund))
    assert (paid["partner"], paid["amount"], paid["late_fee"]) == (
        office.address("partner 1"), 40 * ROUBLE, 0,
    )  # fmt: skip
    half = office.act("partner 2", "pay_call", fund=fund, amount=str(5 * ROUBLE), permit="0x")
    assert office.fact("call_paid", half)["amount"] == 5 * ROUBLE
    office.network.pass_time(DAY + 2 * HOUR)
    whose = {"fund": fund, "partner": office.network.wallet("partner 2")}
    much = whose | {"amount": str(16 * ROUBLE)}
    assert office.refused(ORGANISATION, "pay_call_for", **much) == "FundAvatar_OverDue"
    late = office.fact("call_paid", office.act(ORGANISATION, "pay_call_for", **whose))
    assert (late["amount"], late["late_fee"]) == (15 * ROUBLE, 15 * ROUBLE * 200 // 10_000)
    assert (late["partner"], late["payer"]) == (office.address("partner 2"), office.address(ORGANISATION))

    committed(office, fund, _3=30)
    assert office.refused("partner 3", "commit_capital", fund=fund, amount=str(9_900 * ROUBLE)) == (
        "FundAvatar_OverCap"
    )
    assert office.refused("partner 3", "commit_capital", fund=fund, amount=str(ROUBLE), most=1) == (
        "FundAvatar_OverMost"
    )


def test_who_comes_later_pays_what_was_called_and_a_premium(office: Office) -> None:
    fund = launched(office)
    closed(office, fund, _1=100)
    call(office, fund, 50)
    office.act("partner 1", "pay_call", fund=fund)
    office.network.pass_time(30 * DAY)
    office.act(MANAGER, "admit_partners", fund=fund, partners=office.network.wallet("partner 2"))
    for permit in ({}, {"permit": "0x"}):
        late = {"fund": fund, "amount": str(40 * ROUBLE)} | permit
        fact = office.fact("capital_committed", office.act("partner 2", "commit_capital", **late))
        assert (fact["amount"], fact["capital"]) == (40 * ROUBLE, 20 * ROUBLE)
        assert fact["premium"] > 20 * ROUBLE * 800 * 30 // (365 * 10_000)
    office.act(MANAGER, "close_fund", fund=fund)
    assert office.refused("partner 2", "commit_capital", fund=fund, amount="1") == (
        "FundAvatar_CommitmentsClosed"
    )


def test_who_does_not_pay_is_declared_in_default(office: Office) -> None:
    fund = launched(office)
    closed(office, fund, _1=100, _2=50)
    call(office, fund, 30)
    office.act("partner 1", "pay_call", fund=fund)
    whom = {"fund": fund, "partner": office.network.wallet("partner 2")}
    assert office.refused(MANAGER, "declare_partner_default", **whom) == "FundAvatar_NotLate"
    office.network.pass_time(3 * DAY)
    declared = office.act(MANAGER, "declare_partner_default", **whom)
    assert office.fact("partner_defaulted", declared)["commitment"] == 50 * ROUBLE
    assert office.refused("partner 2", "commit_capital", fund=fund, amount="1") == "FundAvatar_InDefault"


# ---------------------------------------------------------- holdings and money


def test_a_fund_invests_is_marked_earns_distributes_and_ends(office: Office) -> None:
    fund = launched(office, management_fee=1_000, escrow=0)
    closed(office, fund, _1=200, _2=100)
    call(office, fund, 150)
    for partner in PARTNERS[:2]:
        office.act(partner, "pay_call", fund=fund)
    target, other = campaign(office), campaign(office)
    wanted = {"fund": fund, "campaign": target, "amount": str(90 * ROUBLE), "edition": 1}
    assert office.refused(STRANGER, "invest", **wanted) == "FundAvatar_NotManager"
    gift = office.venture.campaign(office.venture.project())
    assert office.refused(MANAGER, "invest", **wanted | {"campaign": gift}) == "FundAvatar_OutsideMandate"
    assert office.fact("invested", invest(office, fund, target, 90))["amount"] == 90 * ROUBLE
    more = wanted | {"campaign": other, "amount": str(61 * ROUBLE)}
    assert office.refused(MANAGER, "invest", **more) == "FundAvatar_OverCash"
    invest(office, fund, other, 20)
    taken = office.act(MANAGER, "withdraw_investment", fund=fund, campaign=other)
    assert office.fact("investment_withdrawn", taken)["amount"] == 20 * ROUBLE
    assert office.refused(STRANGER, "collect_holding", fund=fund, holding=other) == "FundAvatar_NoHolding"

    office.network.pass_time(2 * DAY)
    office.venture.send(STRANGER, target, "release")
    office.network.send("a company", "TestToken", "approve", target, 500 * ROUBLE)
    office.venture.send("a company", target, "distribute", 300 * ROUBLE)
    came = office.act(STRANGER, "collect_holding", fund=fund, holding=target)
    proceeds = office.fact("proceeds_collected", came)
    assert (proceeds["amount"], proceeds["cost"]) == (300 * ROUBLE, 90 * ROUBLE)

    day = {"fund": fund, "holding": target, "as_of": office.network.time - HOUR, "evidence": "Отчёт оценщика"}
    worth = {"value": str(400 * ROUBLE), "company": str(2_000 * ROUBLE)}
    assert office.refused(MANAGER, "mark_holding", **day | worth) == "FundAvatar_NotAppraiser"
    marked = office.fact("holding_marked", office.act(APPRAISER, "mark_holding", **day | worth))
    assert (marked["value"], marked["company"]) == (400 * ROUBLE, 2_000 * ROUBLE)
    assert office.refused(APPRAISER, "mark_holding", **day | worth) == "FundAvatar_BadDay"

    fee = office.fact("fee_taken", office.act(STRANGER, "take_fee", fund=fund))["amount"]
    drawn = office.act(MANAGER, "take_credit", fund=fund, to=office.network.wallet("till"))
    assert office.fact("credit_taken", drawn)["amount"] == fee
    assert office.refused(STRANGER, "take_credit", fund=fund) == "FundAvatar_Nothing"

    some = {"fund": fund, "amount": str(260 * ROUBLE)}
    assert office.refused(STRANGER, "distribute_proceeds", **some) == "FundAvatar_NotManager"
    split = office.fact("proceeds_distributed", office.act(MANAGER, "distribute_proceeds", **some))
    assert (split["capital"], split["carry"] > 0) == (150 * ROUBLE, True)
    claimed = office.act(
        STRANGER, "claim_distribution", fund=fund, partner=office.network.wallet("partner 1")
    )
    assert office.fact("distribution_claimed", claimed)["to"] == office.address("partner 1")
    assert office.refused("partner 1", "claim_distribution", fund=fund) == "FundAvatar_Nothing"
    to = {"fund": fund, "to": office.network.wallet("till")}
    moved = office.act("partner 2", "claim_distribution_to", **to)
    assert office.fact("distribution_claimed", moved)["to"] == office.address("till")

    units = {"fund": fund, "to": office.network.wallet("partner 2"), "units": str(30 * ROUBLE)}
    handed = office.act("partner 1", "transfer_units", **units)
    assert office.fact("transfer", handed)["value"] == 30 * ROUBLE
    assert office.refused("partner 1", "transfer_units", **to | {"units": "1"}) == "FundAvatar_NotAdmitted"
    _end(office, fund, target)


def _end(office: Office, fund: str, target: str) -> None:
    """Partners decide; what is left is distributed, and what was too much of the carry is returned."""
    assert office.refused(STRANGER, "conclude_fund", fund=fund) == "FundAvatar_WrongPhase"
    assert office.refused(MANAGER, "write_off", fund=fund, holding=fund, reason="x") == "FundAvatar_NoHolding"
    call(office, fund, 60)
    for partner in PARTNERS[:2]:
        office.act(partner, "pay_call", fund=fund)
    invest(office, fund, again := campaign(office), 150)
    written = office.act(MANAGER, "write_off", fund=fund, holding=again, reason="Компания закрылась")
    assert office.fact("holding_written_off", written)["cost"] == 150 * ROUBLE

    motion = {"fund": fund, "matter": "wind_up", "reason": "Дело сделано"}
    assert office.refused(STRANGER, "propose_motion", **motion) == "FundAvatar_Nothing"
    put = office.fact("motion_proposed", office.act("partner 2", "propose_motion", **motion))
    number = {"fund": fund, "number": put["number"]}
    assert office.refused("partner 2", "consent_motion", **number) == "FundAvatar_ConsentedAlready"
    assert office.refused("partner 1", "consent_motion", **number | {"number": 99}) == (
        "FundAvatar_UnknownMotion"
    )
    carried = office.act("partner 1", "consent_motion", **number)
    assert office.fact("motion_carried", carried)["number"] == put["number"]

    assert office.refused(STRANGER, "conclude_fund", fund=fund) == "FundAvatar_NotEmpty"
    office.network.pass_time(2 * DAY)
    office.act(STRANGER, "take_fee", fund=fund)
    books = office.client.get(f"/v1/funds/{fund}").json()["data"]["books"]
    office.act(STRANGER, "distribute_proceeds", fund=fund, amount=books["cash"])
    ended = office.fact("fund_concluded", office.act(STRANGER, "conclude_fund", fund=fund))
    much = {"fund": fund, "amount": str(ended["clawback"] + ROUBLE)}
    assert office.refused(ORGANISATION, "return_carry", **much) == "FundAvatar_OverClawback"
    owed = ended["clawback"]
    returned = office.act(ORGANISATION, "return_carry", fund=fund, amount=str(owed))
    assert office.fact("carry_returned", returned)["amount"] == owed > 10 * ROUBLE


def test_a_fund_of_funds_commits_to_another_and_pays_its_calls(office: Office) -> None:
    fund = launched(office)
    above = launched(office, kinds=[], forms=[], may_commit=True, largest_share=10_000)
    closed(office, above, _1=200)
    call(office, above, 100)
    office.act("partner 1", "pay_call", fund=above)
    wanted = {"fund": above, "target": fund, "amount": str(120 * ROUBLE)}
    assert office.refused(MANAGER, "commit_to_fund", **wanted) == "FundAvatar_NotAdmitted"
    assert office.refused(MANAGER, "commit_to_fund", **wanted | {"target": above}) == (
        "FundAvatar_OutsideMandate"
    )
    office.act(MANAGER, "admit_partners", fund=fund, partners=[above])
    given = office.act(MANAGER, "commit_to_fund", **wanted)
    assert office.fact("fund_committed", given)["amount"] == 120 * ROUBLE
    office.act(MANAGER, "close_fund", fund=fund)
    call(office, fund, 60)
    paid = office.act(MANAGER, "pay_to_fund", **wanted | {"amount": str(60 * ROUBLE)})
    assert office.fact("fund_paid", paid)["amount"] == 60 * ROUBLE
    assert office.refused(MANAGER, "pay_to_fund", **wanted | {"amount": "1"}) == "FundAvatar_OverDue"


@pytest.mark.parametrize("action", ["pay_call", "claim_distribution"])
def test_what_is_no_fund_is_named_as_the_field_at_fault(office: Office, action: str) -> None:
    answer = office.prepare("partner 1", action, fund=office.network.wallet("nobody"))
    assert (answer.status_code, answer.json()["errors"][0]["field"]) in ((422, "fund"), (422, "contract"))
