"""What people do in cities, from their own wallets or by signature through the relay."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.chain.contract import Call
from backend.content import service as content
from backend.content.documents import EvidenceDocument, TextIn, encode
from backend.kit.forms import Form
from backend.kit.moment import Moment
from backend.kit.texts import N_
from backend.kit.types import AddressIn, CityId, HashIn, checksum
from backend.relay.action import Ask, Message, SentAction, SignedAction

AT_ONCE = 200
"""Citizens in one transaction."""
MOST = 2000
"""Citizens in one action."""


class CityForm(Form):
    """An action in a city."""

    city_id: CityId


def desk(form: CityForm) -> str:
    """The page on which a city's people act."""
    return f"cities/{form.city_id}/desk"


def sent(name: str, title: str, form: type[CityForm], call: Callable[[Ask, Any], Call]) -> SentAction:
    """An action of one transaction at the desk of a city."""

    async def calls(ask: Ask, filled: Any) -> Sequence[Call]:
        return [call(ask, filled)]

    return SentAction(name, title, form, calls, desk)


# ----------------------------------------------------------------- citizens


class Registration(Form):
    """`nullifier`: keyed hash of the person's document, made by the city."""

    wallet: AddressIn
    nullifier: HashIn


class RegisterForm(CityForm):
    """As `Registration`."""

    wallet: AddressIn
    nullifier: HashIn


class RegisterManyForm(CityForm):
    citizens: Annotated[list[Registration], Field(min_length=1, max_length=MOST)]


async def _registrations(ask: Ask, form: RegisterManyForm) -> Sequence[Call]:
    pairs = [(person.wallet, person.nullifier) for person in form.citizens]
    return [
        ask.chain["CityRegistry"].call("registerCitizens", form.city_id, pairs[start : start + AT_ONCE])
        for start in range(0, len(pairs), AT_ONCE)
    ]


class RolesForm(CityForm):
    """`roles`: the bit mask of `CityRoles`; zero takes all away."""

    account: AddressIn
    roles: Annotated[int, Field(ge=0, le=31)]


# ----------------------------------------------------------------- recovery


class RecoveryForm(CityForm):
    old_wallet: AddressIn


class ProposalForm(RecoveryForm):
    """`evidence`: what the verifier saw."""

    new_wallet: AddressIn
    evidence: TextIn


def _evidence(form: ProposalForm) -> tuple[bytes, bytes]:
    return encode(EvidenceDocument(description=form.evidence))


async def _proposal(ask: Ask, form: ProposalForm) -> Sequence[Call]:
    hash, _ = _evidence(form)
    registry = ask.chain["CityRegistry"]
    return [registry.call("proposeRecovery", form.city_id, form.old_wallet, form.new_wallet, hash)]


async def _keep_evidence(conn: AsyncConnection, moment: Moment, form: ProposalForm) -> None:
    _, body = _evidence(form)
    await content.keep(conn, [body], moment.number)


async def _veto(ask: Ask, form: CityForm) -> dict[str, Any]:
    pending = await ask.chain.read(ask.chain["CityRegistry"].call("recoveryOf", form.city_id, ask.address))
    new_wallet, executable_at = pending
    return {
        "cityId": form.city_id,
        "oldWallet": ask.address,
        "newWallet": new_wallet,
        "executableAt": executable_at,
    }


async def _own_veto(ask: Ask, message: Message) -> Call:
    return ask.chain["CityRegistry"].call("cancelRecovery", message["cityId"], message["oldWallet"])


async def _relayed_veto(ask: Ask, message: Message, signature: bytes) -> Call:
    signed = (message["cityId"], message["oldWallet"], message["deadline"], signature)
    return ask.chain["CityRegistry"].call("vetoRecoveryBySig", *signed)


VETO_RECOVERY = SignedAction(
    name="veto_recovery",
    title=N_("Keep my wallet"),
    contract="CityRegistry",
    struct="VetoRecovery(uint32 cityId,address oldWallet,address newWallet,uint40 executableAt,"
    "uint256 deadline)",
    signer="oldWallet",
    form=CityForm,
    message=_veto,
    own=_own_veto,
    call=_relayed_veto,
    city=lambda message: message["cityId"],
    slot=lambda message: str(message["cityId"]),
    # What ended the proposal, be it this signature or anybody else: it is not carried out.
    trace="""
        SELECT c.block_number, c.tx_hash, 'citizens/0x' || encode(c.old_wallet, 'hex') AS path
        FROM recovery_proposed p JOIN recovery_cancelled c USING (city_id, old_wallet)
        WHERE p.city_id = %(cityId)s AND p.old_wallet = %(oldWallet)s AND p.new_wallet = %(newWallet)s
          AND p.executable_at = %(executableAt)s
          AND (c.block_number, c.log_index) > (p.block_number, p.log_index)
        ORDER BY c.block_number, c.log_index LIMIT 1
    """,
    where=lambda message: f"citizens/{message['oldWallet']}",
)


async def _due(ask: Ask, form: RecoveryForm) -> dict[str, Any]:
    return {"cityId": form.city_id, "oldWallet": checksum(form.old_wallet)}


async def _execution(ask: Ask, message: Message, signature: bytes = b"") -> Call:
    return ask.chain["CityRegistry"].call("executeRecovery", message["cityId"], message["oldWallet"])


EXECUTE_RECOVERY = SignedAction(
    name="execute_recovery",
    title=N_("Carry out a recovery"),
    contract="CityRegistry",
    struct="ExecuteRecovery(uint32 cityId,address oldWallet)",
    signer="",
    form=RecoveryForm,
    message=_due,
    own=_execution,
    call=_execution,
    city=lambda message: message["cityId"],
    slot=lambda message: f"{message['cityId']}/{message['oldWallet']}",
    trace="""
        SELECT block_number, tx_hash, 'citizens/0x' || encode(new_wallet, 'hex') AS path FROM recovered
        WHERE city_id = %(cityId)s AND old_wallet = %(oldWallet)s
    """,
    where=lambda message: f"citizens/{message['oldWallet']}",
    consent=False,
)

ACTIONS = (
    sent(
        "register_citizen", N_("Register a citizen"), RegisterForm,
        lambda ask, form: ask.chain["CityRegistry"].call(
            "registerCitizen", form.city_id, form.wallet, form.nullifier
        ),
    ),
    SentAction("register_citizens", N_("Register citizens"), RegisterManyForm, _registrations, desk),
    sent(
        "set_roles", N_("Grant roles"), RolesForm,
        lambda ask, form: ask.chain["CityRegistry"].call("setRoles", form.city_id, form.account, form.roles),
    ),
    SentAction("propose_recovery", N_("Propose a recovery"), ProposalForm, _proposal, desk, _keep_evidence),
    sent(
        "cancel_recovery", N_("Withdraw a recovery"), RecoveryForm,
        lambda ask, form: ask.chain["CityRegistry"].call("cancelRecovery", form.city_id, form.old_wallet),
    ),
    VETO_RECOVERY,
    EXECUTE_RECOVERY,
)  # fmt: skip
