// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CityRoles} from "../cities/CityRoles.sol";
import {Signatures} from "../kit/Signatures.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";
import {Teams} from "./Teams.sol";

/// @title Judging
/// @notice What citizens and experts think of a project, and what its team learned.
abstract contract Judging is Teams {
    bytes32 private constant SUPPORT_TYPEHASH =
        keccak256("Support(address citizen,uint32 projectId,uint32 cityId,uint16 version,uint256 deadline)");

    /// @dev A person is a nullifier in a city: the nullifiers of one city are nothing in another.
    mapping(uint32 projectId => mapping(uint16 version => mapping(uint32 cityId => mapping(bytes32 person => bool))))
        private _supporters;

    mapping(uint32 projectId => mapping(bytes32 course => bool)) private _completed;

    // -------------------------------------------------------------- citizens

    /// @inheritdoc IProjectRegistry
    function support(uint32 projectId, uint32 cityId) external {
        _support(projectId, _judged(projectId), msg.sender, cityId);
    }

    /// @inheritdoc IProjectRegistry
    function supportBySig(
        uint32 projectId,
        address citizen,
        uint32 cityId,
        uint256 deadline,
        bytes calldata signature
    ) external {
        Dossier storage dossier = _judged(projectId);
        _requireSigned(projectId, dossier.version, citizen, cityId, deadline, signature);
        _support(projectId, dossier, citizen, cityId);
    }

    function _support(uint32 projectId, Dossier storage dossier, address citizen, uint32 cityId) private {
        // Check: a citizen of a city that takes part, who does not support it yet.
        uint16 version = dossier.version;
        bytes32 person = _voter(projectId, dossier, citizen, cityId);
        if (_supporters[projectId][version][cityId][person]) {
            revert ProjectRegistry_SupportedAlready(projectId, citizen);
        }

        // Effect: one more.
        _supporters[projectId][version][cityId][person] = true;
        ++dossier.support;
        emit Supported(projectId, citizen, cityId, version, person);
    }

    /// @inheritdoc IProjectRegistry
    function supportBySigs(uint32 projectId, Ballot[] calldata ballots) external {
        Dossier storage dossier = _judged(projectId);
        uint16 version = dossier.version;
        uint32 count;
        for (uint256 i; i < ballots.length; ++i) {
            // Check: a citizen of a city that takes part, and their signature, unless they support it already.
            Ballot calldata ballot = ballots[i];
            (address citizen, uint32 cityId) = (ballot.citizen, ballot.cityId);
            bytes32 person = _voter(projectId, dossier, citizen, cityId);
            mapping(bytes32 => bool) storage supporters = _supporters[projectId][version][cityId];
            if (supporters[person]) continue;
            _requireSigned(projectId, version, citizen, cityId, ballot.deadline, ballot.signature);

            // Effect: one more.
            supporters[person] = true;
            ++count;
            emit Supported(projectId, citizen, cityId, version, person);
        }
        dossier.support += count;
    }

    /// @dev The project, which citizens judge from its assessment on.
    function _judged(uint32 projectId) private view returns (Dossier storage dossier) {
        dossier = _project(projectId);
        _requireStage(projectId, dossier, Stage.Assessment, Stage.Completed);
    }

    /// @dev Who the citizen is in a city that takes part.
    function _voter(uint32 projectId, Dossier storage dossier, address citizen, uint32 cityId)
        private
        view
        returns (bytes32 person)
    {
        _requirePart(projectId, dossier, cityId);
        person = cities.nullifierOf(cityId, citizen);
        if (person == 0) revert ProjectRegistry_NotCitizen(cityId, citizen);
    }

    function _requireSigned(
        uint32 projectId,
        uint16 version,
        address citizen,
        uint32 cityId,
        uint256 deadline,
        bytes calldata signature
    ) private view {
        if (block.timestamp > deadline) revert ProjectRegistry_SignatureExpired(deadline, block.timestamp);
        bytes32 digest = _hashTypedDataV4(
            keccak256(abi.encode(SUPPORT_TYPEHASH, citizen, projectId, cityId, version, deadline))
        );
        if (!Signatures.isSignedBy(digest, citizen, signature)) revert ProjectRegistry_BadSignature(citizen);
    }

    // --------------------------------------------------------------- experts

    /// @inheritdoc IProjectRegistry
    function score(uint32 projectId, uint32 cityId, uint8 points, bytes32 opinion) external {
        // Check: an expert of a city that takes part, in no team of it, who did not judge yet.
        Dossier storage dossier = _project(projectId);
        _requireStage(projectId, dossier, Stage.Expertise, Stage.Expertise);
        _requirePart(projectId, dossier, cityId);
        cities.requireRole(cityId, msg.sender, CityRoles.EXPERT);
        if (points > 100) revert ProjectRegistry_BadField("score");
        if (msg.sender == dossier.author || membershipOf[projectId][msg.sender] != Membership.None) {
            revert ProjectRegistry_OwnProject(projectId, msg.sender);
        }
        uint16 panel = dossier.panel;
        if (scoreOf[projectId][panel][msg.sender] != 0) {
            revert ProjectRegistry_ScoredAlready(projectId, msg.sender);
        }
        if (dossier.scores == type(uint8).max) revert ProjectRegistry_Full(projectId);

        // Effect: one score more. 255 of them are at most 25,500.
        scoreOf[projectId][panel][msg.sender] = points + 1;
        ++dossier.scores;
        dossier.scoreSum += points;
        emit Scored(projectId, msg.sender, cityId, panel, points, opinion);
    }

    /// @inheritdoc IProjectRegistry
    function recordCourse(uint32 projectId, bytes32 course, bytes32 evidence) external {
        // Check: a moderator or a partner of the home city, and a course that does not count yet.
        Dossier storage dossier = _project(projectId);
        cities.requireRole(dossier.cityId, msg.sender, CityRoles.MODERATOR | CityRoles.PARTNER);
        _requireStage(projectId, dossier, Stage.Request, Stage.Acceleration);
        _requireGiven(course, "content");
        if (_completed[projectId][course]) revert ProjectRegistry_CourseCounted(projectId, course);
        if (dossier.courses == type(uint8).max) revert ProjectRegistry_Full(projectId);

        // Effect: one course more.
        _completed[projectId][course] = true;
        ++dossier.courses;
        emit CourseCompleted(projectId, course, msg.sender, evidence);
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IProjectRegistry
    function isSupportedBy(uint32 projectId, uint16 version, uint32 cityId, bytes32 person)
        external
        view
        returns (bool)
    {
        return _supporters[projectId][version][cityId][person];
    }
}
