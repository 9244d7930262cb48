"""Acting on projects and campaigns, by real keys on a real chain, found in the ledger afterwards."""

from collections.abc import Iterator

import pytest
from eth_account import Account
from eth_utils import keccak

from backend.chain.contract import Reverted
from backend.domains import actions
from backend.errors import Problem
from backend.migrations import upgrade
from tests.backend.acting import Acting
from tests.backend.network import DAY, Network
from tests.backend.projects.venture import ROUBLE, Venture


@pytest.fixture(scope="module")
def acting(anvil, database: str) -> Iterator[Acting]:
    network = Network(anvil)
    network.index(database)
    upgrade(database)
    return Acting(network, database)


@pytest.fixture(scope="module")
def venture(acting: Acting) -> Venture:
    return Venture(acting.network)


@pytest.fixture(scope="module")
def project(venture: Venture) -> int:
    return venture.project()


def backer(venture: Venture, name: str) -> str:
    return venture.rich(name)


def amount_of(venture: Venture, campaign: str, who: str) -> int:
    return venture.read(campaign, "positionOf", venture.network.wallet(who))[0]


def fields(campaign: str, roubles: int = 50, **more: object) -> dict[str, object]:
    return {"campaign": campaign, "amount": str(roubles * ROUBLE), "edition": 1} | more


def permitted(acting: Acting, who: str, name: str, given: dict[str, object]) -> dict[str, object]:
    """The form with the permit that the wallet of `who` signs."""
    action = actions()[name]
    form = action.form.model_validate(given)
    permission = acting.ask(who, lambda ask: action.permit(ask, form))
    assert permission
    signature = Account.sign_typed_data(keccak(text=who), full_message=permission.typed_data).signature
    return given | {"permit": "0x" + bytes(signature).hex(), "permit_deadline": permission.deadline}


# ------------------------------------------------------------------ support


def test_a_citizen_supports_a_project_by_signature(acting: Acting, venture: Venture) -> None:
    number, citizen = venture.project(stage=4), venture.citizens[0]
    message = acting.message(citizen, "support", project_id=number, city_id=1)
    signature = acting.sign(citizen, "support", message)
    assert acting.trace("support", message) == []
    sent = acting.relay(citizen, "support", message, signature)
    assert venture.network.read("ProjectRegistry", "projectOf", number)[8] == 1
    ((block, tx_hash, path),) = acting.trace("support", message)
    assert (block, "0x" + tx_hash.hex(), path) == (sent.block, sent.tx_hash, f"projects/{number}")
    with pytest.raises(Reverted, match="ProjectRegistry_SupportedAlready"):
        acting.message(citizen, "support", project_id=number, city_id=1)


def test_a_stranger_supports_nothing(acting: Acting, venture: Venture) -> None:
    with pytest.raises(Reverted, match="ProjectRegistry_NotCitizen"):
        acting.message("stranger", "support", project_id=venture.project(stage=4), city_id=1)


# ------------------------------------------------------------------- pledge


def test_a_backer_pledges_in_one_transaction_by_permit(
    acting: Acting, venture: Venture, project: int
) -> None:
    campaign, who = venture.campaign(project), backer(venture, "backer 1")
    (sent,) = acting.send(who, "pledge", **permitted(acting, who, "pledge", fields(campaign)))
    assert amount_of(venture, campaign, who) == 50 * ROUBLE
    (fact,) = acting.rows("SELECT * FROM pledged WHERE tx_hash = decode(%(tx)s, 'hex')", tx=sent.tx_hash[2:])
    assert int(fact["amount"]) == 50 * ROUBLE


def test_without_a_permit_an_approval_goes_first(acting: Acting, venture: Venture, project: int) -> None:
    campaign, who = venture.campaign(project), backer(venture, "backer 2")
    receipts = acting.send(who, "pledge", **fields(campaign, permit="0x"))
    assert len(receipts) == 2
    assert amount_of(venture, campaign, who) == 50 * ROUBLE


def test_an_allowance_that_is_there_needs_neither(acting: Acting, venture: Venture, project: int) -> None:
    campaign, who = venture.campaign(project), backer(venture, "backer 3")
    venture.network.send(who, "TestToken", "approve", campaign, 50 * ROUBLE)
    form = actions()["pledge"].form.model_validate(fields(campaign))
    assert acting.ask(who, lambda ask: actions()["pledge"].permit(ask, form)) is None
    assert len(acting.send(who, "pledge", **fields(campaign))) == 1


def test_a_permit_that_somebody_has_spent_does_not_stand_in_the_way(
    acting: Acting, venture: Venture, project: int
) -> None:
    campaign, who = venture.campaign(project), backer(venture, "backer 4")
    form = actions()["pledge"].form.model_validate(permitted(acting, who, "pledge", fields(campaign)))
    venture.network.send(
        "stranger", "TestToken", "permit", venture.network.wallet(who), campaign, *form.parts
    )
    call = acting.ask(who, lambda ask: actions()["pledge"].calls(ask, form))[0]
    venture.network.sender.send(call, venture.network.wallet(who))
    assert amount_of(venture, campaign, who) == 50 * ROUBLE


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"amount": str(1001 * ROUBLE)}, "ERC20InsufficientBalance"),
        ({"edition": 2}, "Campaign_OtherEdition"),
        ({"tier": 1}, "Campaign_UnknownTier"),
        ({"city_id": 1}, "Campaign_NotCitizen"),
        ({"source": "state"}, "Campaign_NotTheSource"),
    ],
)
def test_what_the_campaign_would_refuse_is_said_before_the_wallet_is_asked(
    acting: Acting, venture: Venture, project: int, changed: dict[str, object], why: str
) -> None:
    campaign, who = venture.campaign(project), backer(venture, f"poor backer {why}")
    form = actions()["pledge"].form.model_validate(fields(campaign) | changed)
    with pytest.raises(Reverted, match=why):
        acting.ask(who, lambda ask: actions()["pledge"].permit(ask, form))


def test_nothing_is_pledged_to_what_no_factory_made(acting: Acting, venture: Venture) -> None:
    form = actions()["pledge"].form.model_validate(fields(venture.token))
    with pytest.raises(Problem, match="not understood") as refused:
        acting.ask("stranger", lambda ask: actions()["pledge"].permit(ask, form))
    assert refused.value.errors[0][0] == "campaign"


def test_a_backer_pledges_by_signature_and_permit(acting: Acting, venture: Venture, project: int) -> None:
    campaign, who = venture.campaign(project), backer(venture, "backer 5")
    given = permitted(acting, who, "pledge_signed", fields(campaign))
    message = acting.message(who, "pledge_signed", **given)
    assert acting.trace("pledge_signed", message) == []
    sent = acting.relay(who, "pledge_signed", message, acting.sign(who, "pledge_signed", message))
    assert amount_of(venture, campaign, who) == 50 * ROUBLE
    ((block, _, path),) = acting.trace("pledge_signed", message)
    assert (block, path) == (sent.block, f"projects/{project}")


def test_a_citizens_pledge_is_signed_as_of_their_city(acting: Acting, venture: Venture, project: int) -> None:
    campaign, who = venture.campaign(project), backer(venture, venture.citizens[1])
    given = permitted(acting, who, "pledge_signed", fields(campaign, city_id=1))
    message = acting.message(who, "pledge_signed", **given)
    assert actions()["pledge_signed"].city(message) == 1
    acting.relay(who, "pledge_signed", message, acting.sign(who, "pledge_signed", message))
    assert venture.read(campaign, "positionOf", venture.network.wallet(who))[3] == 1


# ----------------------------------------------------- out of a campaign again


def pledged(acting: Acting, venture: Venture, campaign: str, who: str, roubles: int = 50) -> str:
    """Somebody who pledged; their name."""
    acting.send(backer(venture, who), "pledge", **fields(campaign, roubles, permit="0x"))
    return who


def test_a_pledge_is_withdrawn_by_signature(acting: Acting, venture: Venture, project: int) -> None:
    campaign = venture.campaign(project)
    who = pledged(acting, venture, campaign, "backer 6")
    message = acting.message(who, "withdraw_pledge", campaign=campaign)
    assert message["amount"] == 50 * ROUBLE
    acting.relay(who, "withdraw_pledge", message, acting.sign(who, "withdraw_pledge", message))
    assert amount_of(venture, campaign, who) == 0
    assert len(acting.trace("withdraw_pledge", message)) == 1
    with pytest.raises(Reverted, match="Campaign_Nothing"):
        acting.message(who, "withdraw_pledge", campaign=campaign)


def test_anybody_may_have_the_refund_of_a_failed_campaign_paid(
    acting: Acting, venture: Venture, project: int
) -> None:
    campaign = venture.campaign(project)
    who = pledged(acting, venture, campaign, "backer 7")
    before = venture.network.read("TestToken", "balanceOf", venture.network.wallet(who))
    early = acting.message(who, "refund_pledge", campaign=campaign)
    with pytest.raises(Reverted, match="Campaign_WrongPhase"):
        acting.relay(who, "refund_pledge", early)
    venture.network.pass_time(13 * DAY)
    wallet = venture.network.wallet(who)
    message = acting.message("stranger", "refund_pledge", campaign=campaign, backer=wallet)
    acting.relay("stranger", "refund_pledge", message)
    assert venture.network.read("TestToken", "balanceOf", wallet) == before + 50 * ROUBLE
    ((_, _, path),) = acting.trace("refund_pledge", message)
    assert path == f"projects/{project}"
