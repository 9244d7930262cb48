"""What citizens do by signature: support a project, join a team."""

from typing import Any

from backend.chain.contract import Call
from backend.kit.texts import N_
from backend.kit.types import CityId
from backend.projects.actions.forms import ProjectForm
from backend.relay.action import Ask, Message, SignedAction

VERSION = 5
"""Place of a project's version in `IProjectRegistry.Project`."""


class SupportForm(ProjectForm):
    """`city_id`: as whose citizen."""

    city_id: CityId


async def _support(ask: Ask, form: SupportForm) -> dict[str, Any]:
    project = await ask.chain.read(ask.chain["ProjectRegistry"].call("projectOf", form.project_id))
    return {
        "citizen": ask.address,
        "projectId": form.project_id,
        "cityId": form.city_id,
        "version": project[VERSION],
    }


async def _own_support(ask: Ask, message: Message) -> Call:
    return ask.chain["ProjectRegistry"].call("support", message["projectId"], message["cityId"])


async def _relayed_support(ask: Ask, message: Message, signature: bytes) -> Call:
    signed = (*(message[name] for name in ("projectId", "citizen", "cityId", "deadline")), signature)
    return ask.chain["ProjectRegistry"].call("supportBySig", *signed)


SUPPORT = SignedAction(
    name="support",
    title=N_("Support a project"),
    contract="ProjectRegistry",
    struct="Support(address citizen,uint32 projectId,uint32 cityId,uint16 version,uint256 deadline)",
    signer="citizen",
    form=SupportForm,
    message=_support,
    own=_own_support,
    call=_relayed_support,
    city=lambda message: message["cityId"],
    slot=lambda message: f"{message['projectId']}/{message['cityId']}",
    trace="""
        SELECT block_number, tx_hash, 'projects/' || project_id AS path FROM supported
        WHERE project_id = %(projectId)s AND citizen = %(citizen)s AND city_id = %(cityId)s
          AND version = %(version)s
    """,
    where=lambda message: f"projects/{message['projectId']}",
)


async def _acceptance(ask: Ask, form: ProjectForm) -> dict[str, Any]:
    nonce = await ask.chain.read(ask.chain["ProjectRegistry"].call("nonces", ask.address))
    return {"member": ask.address, "projectId": form.project_id, "nonce": nonce}


async def _own_acceptance(ask: Ask, message: Message) -> Call:
    return ask.chain["ProjectRegistry"].call("acceptInvitation", message["projectId"])


async def _relayed_acceptance(ask: Ask, message: Message, signature: bytes) -> Call:
    signed = (message["projectId"], message["member"], message["deadline"], signature)
    return ask.chain["ProjectRegistry"].call("acceptInvitationBySig", *signed)


ACCEPT = SignedAction(
    name="accept_invitation",
    title=N_("Join a team"),
    contract="ProjectRegistry",
    struct="AcceptInvitation(address member,uint32 projectId,uint256 nonce,uint256 deadline)",
    signer="member",
    form=ProjectForm,
    message=_acceptance,
    own=_own_acceptance,
    call=_relayed_acceptance,
    city=lambda message: None,
    slot=lambda message: str(message["projectId"]),
    trace="""
        SELECT block_number, tx_hash, 'projects/' || project_id AS path FROM membership_changed
        WHERE project_id = %(projectId)s AND member = %(member)s AND membership = 2
          AND block_number > %(since)s
        ORDER BY block_number, log_index LIMIT 1
    """,
    where=lambda message: f"projects/{message['projectId']}",
)

ACTIONS = (SUPPORT, ACCEPT)
