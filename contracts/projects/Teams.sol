// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {CityRoles} from "../cities/CityRoles.sol";
import {Signatures} from "../kit/Signatures.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";
import {Requests} from "./Requests.sol";

/// @title Teams
/// @notice Who makes a project: its author, the team, and the cities that take part.
abstract contract Teams is Requests, EIP712, Nonces {
    bytes32 private constant ACCEPT_TYPEHASH =
        keccak256("AcceptInvitation(address member,uint32 projectId,uint256 nonce,uint256 deadline)");

    /// @inheritdoc IProjectRegistry
    mapping(uint32 projectId => address account) public offeredTo;

    // --------------------------------------------------------------- author

    /// @inheritdoc IProjectRegistry
    function offerAuthorship(uint32 projectId, address to) external {
        // Check: the author's own to give.
        _own(projectId);

        // Effect: offered to nobody else.
        offeredTo[projectId] = to;
        emit AuthorOffered(projectId, to);
    }

    /// @inheritdoc IProjectRegistry
    function takeOver(uint32 projectId) external {
        // Check: offered to the caller, who did not judge it.
        Dossier storage dossier = _project(projectId);
        if (offeredTo[projectId] != msg.sender) revert ProjectRegistry_NotOffered(projectId, msg.sender);
        _requireNoJudge(projectId, dossier, msg.sender);

        // Effect: the project is the caller's.
        _setAuthor(projectId, dossier, msg.sender);
    }

    /// @inheritdoc IProjectRegistry
    /// @dev That the wallet judged the project does not hinder it: nobody may lose theirs with their wallet.
    function followAuthor(uint32 projectId) external {
        // Check: another wallet stands for the author today.
        Dossier storage dossier = _project(projectId);
        (uint32 cityId, address author) = (dossier.cityId, dossier.author);
        address wallet = cities.currentWallet(cityId, author);
        if (wallet == author) revert ProjectRegistry_NotRecovered(cityId, author);

        // Effect: the project is that wallet's.
        _setAuthor(projectId, dossier, wallet);
    }

    /// @dev An author is none of the members, and whom the one before offered the project to is not theirs to choose.
    function _setAuthor(uint32 projectId, Dossier storage dossier, address author) private {
        emit AuthorChanged(projectId, dossier.author, author);
        dossier.author = author;
        delete offeredTo[projectId];
        if (membershipOf[projectId][author] != Membership.None) _remove(projectId, dossier, author);
    }

    // --------------------------------------------------------------- cities

    /// @inheritdoc IProjectRegistry
    function inviteCity(uint32 projectId, uint32 cityId) external {
        // Check: the author invites a city that has no part yet.
        Dossier storage dossier = _own(projectId);
        _requireCity(cityId);
        Participation participation = participationOf[projectId][cityId];
        if (cityId == dossier.cityId || participation != Participation.None) {
            revert ProjectRegistry_WrongParticipation(projectId, cityId, participation);
        }

        // Effect: invited.
        _setParticipation(projectId, cityId, Participation.Invited);
    }

    /// @inheritdoc IProjectRegistry
    function joinProject(uint32 projectId, uint32 cityId) external {
        // Check: a moderator of the city that is invited.
        _project(projectId);
        cities.requireRole(cityId, msg.sender, CityRoles.MODERATOR);
        Participation participation = participationOf[projectId][cityId];
        if (participation != Participation.Invited) {
            revert ProjectRegistry_WrongParticipation(projectId, cityId, participation);
        }

        // Effect: it takes part.
        _setParticipation(projectId, cityId, Participation.Joined);
    }

    function _setParticipation(uint32 projectId, uint32 cityId, Participation participation) private {
        participationOf[projectId][cityId] = participation;
        emit ParticipationChanged(projectId, cityId, participation, msg.sender);
    }

    // ----------------------------------------------------------------- team

    /// @inheritdoc IProjectRegistry
    function invite(uint32 projectId, address member, bytes32 role) external {
        // Check: the author invites somebody else, who has no place yet and did not judge the project.
        Dossier storage dossier = _own(projectId);
        if (member == address(0)) revert ProjectRegistry_ZeroAddress();
        Membership membership = membershipOf[projectId][member];
        if (member == msg.sender || membership != Membership.None) {
            revert ProjectRegistry_WrongMembership(projectId, member, membership);
        }
        _requireNoJudge(projectId, dossier, member);

        // Effect: invited.
        _setMembership(projectId, member, Membership.Invited, role);
    }

    /// @inheritdoc IProjectRegistry
    function acceptInvitation(uint32 projectId) external {
        _accept(projectId, msg.sender);
    }

    /// @inheritdoc IProjectRegistry
    function acceptInvitationBySig(uint32 projectId, address member, uint256 deadline, bytes calldata signature)
        external
    {
        // Check: in time, and signed by the invited.
        if (block.timestamp > deadline) revert ProjectRegistry_SignatureExpired(deadline, block.timestamp);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(ACCEPT_TYPEHASH, member, projectId, _useNonce(member), deadline))
        );
        if (!Signatures.isSignedBy(digest, member, signature)) revert ProjectRegistry_BadSignature(member);

        // Effect: a member.
        _accept(projectId, member);
    }

    function _accept(uint32 projectId, address member) private {
        // Check: invited, and room in the team.
        Dossier storage dossier = _project(projectId);
        Membership membership = membershipOf[projectId][member];
        if (membership != Membership.Invited) {
            revert ProjectRegistry_WrongMembership(projectId, member, membership);
        }
        if (dossier.members == type(uint8).max) revert ProjectRegistry_Full(projectId);

        // Effect: one more in the team.
        ++dossier.members;
        _setMembership(projectId, member, Membership.Member, 0);
    }

    /// @inheritdoc IProjectRegistry
    function leaveTeam(uint32 projectId, address member) external {
        // Check: the author or the member, who has a place to give up.
        Dossier storage dossier = _project(projectId);
        if (msg.sender != member) _requireAuthor(projectId, dossier);
        if (membershipOf[projectId][member] == Membership.None) {
            revert ProjectRegistry_WrongMembership(projectId, member, Membership.None);
        }

        // Effect: no place any more.
        _remove(projectId, dossier, member);
    }

    function _remove(uint32 projectId, Dossier storage dossier, address member) private {
        if (membershipOf[projectId][member] == Membership.Member) --dossier.members;
        _setMembership(projectId, member, Membership.None, 0);
    }

    function _setMembership(uint32 projectId, address member, Membership membership, bytes32 role) private {
        membershipOf[projectId][member] = membership;
        emit MembershipChanged(projectId, member, membership, role);
    }

    /// @inheritdoc IProjectRegistry
    function nonces(address member) public view override(IProjectRegistry, Nonces) returns (uint256) {
        return super.nonces(member);
    }
}
