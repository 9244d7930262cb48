// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {CityRoles} from "../cities/CityRoles.sol";
import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";

/// @title ProjectRules
/// @notice How projects are kept, what cities ask of them, and who may do what.
abstract contract ProjectRules is IProjectRegistry {
    /// @dev A project as kept: support and the author's steps change the first slot alone, judging and the team the second.
    struct Dossier {
        address author;
        uint32 cityId;
        uint32 support;
        uint16 version;
        Stage stage;
        Pause paused;
        address campaign;
        uint32 requestId;
        uint16 panel;
        uint16 scoreSum;
        uint8 scores;
        uint8 members;
        uint8 courses;
        Kind kind;
    }

    /// @notice Who is a citizen, a moderator, an expert, a steward of which city.
    ICityRegistry public immutable cities;

    /// @inheritdoc IProjectRegistry
    uint32 public projectCount;

    /// @inheritdoc IProjectRegistry
    uint32 public requestCount;

    mapping(uint32 projectId => Dossier) internal _dossiers;
    mapping(uint32 cityId => Thresholds) internal _thresholds;

    /// @inheritdoc IProjectRegistry
    mapping(uint32 projectId => mapping(uint32 cityId => Participation)) public participationOf;

    /// @inheritdoc IProjectRegistry
    mapping(uint32 projectId => mapping(address account => Membership)) public membershipOf;

    /// @inheritdoc IProjectRegistry
    mapping(uint32 projectId => mapping(uint16 panel => mapping(address expert => uint8))) public scoreOf;

    constructor(ICityRegistry cities_) {
        if (address(cities_) == address(0)) revert ProjectRegistry_ZeroAddress();
        cities = cities_;
    }

    // ----------------------------------------------------------------- city

    /// @inheritdoc IProjectRegistry
    function setThresholds(uint32 cityId, Thresholds calldata thresholds) external {
        // Check: the city's own steward asks for what can be given.
        cities.requireSteward(cityId, msg.sender);
        if (thresholds.support == 0) revert ProjectRegistry_BadField("support");
        if (thresholds.experts == 0) revert ProjectRegistry_BadField("experts");
        if (thresholds.score > 100) revert ProjectRegistry_BadField("score");

        // Effect: asked from now on.
        _thresholds[cityId] = thresholds;
        emit ThresholdsSet(
            cityId,
            thresholds.support,
            thresholds.experts,
            thresholds.score,
            thresholds.team,
            thresholds.courses
        );
    }

    // ---------------------------------------------------------------- rules

    /// @dev The project, which there must be.
    function _project(uint32 projectId) internal view returns (Dossier storage dossier) {
        dossier = _dossiers[projectId];
        if (dossier.stage == Stage.None) revert ProjectRegistry_UnknownProject(projectId);
    }

    /// @dev The project, of which the caller must be the author.
    function _own(uint32 projectId) internal view returns (Dossier storage dossier) {
        dossier = _project(projectId);
        _requireAuthor(projectId, dossier);
    }

    function _requireAuthor(uint32 projectId, Dossier storage dossier) internal view {
        if (msg.sender != dossier.author) revert ProjectRegistry_NotAuthor(projectId, msg.sender);
    }

    /// @dev The project, of whose home city the caller must be a moderator.
    function _moderated(uint32 projectId) internal view returns (Dossier storage dossier) {
        dossier = _project(projectId);
        cities.requireRole(dossier.cityId, msg.sender, CityRoles.MODERATOR);
    }

    function _requireRunning(uint32 projectId, Dossier storage dossier) internal view {
        Pause paused = dossier.paused;
        if (paused != Pause.None) revert ProjectRegistry_Paused(projectId, paused);
    }

    function _requireStage(uint32 projectId, Dossier storage dossier, Stage first, Stage last) internal view {
        Stage stage = dossier.stage;
        if (stage < first || stage > last) revert ProjectRegistry_WrongStage(projectId, stage);
    }

    /// @dev Reverts where a hash that must be given is zero.
    function _requireGiven(bytes32 given, bytes32 field) internal pure {
        if (given == 0) revert ProjectRegistry_BadField(field);
    }

    function _requireCity(uint32 cityId) internal view {
        if (cities.stewardOf(cityId) == address(0)) revert ProjectRegistry_UnknownCity(cityId);
    }

    /// @dev Reverts unless the city is home or joined.
    function _requirePart(uint32 projectId, Dossier storage dossier, uint32 cityId) internal view {
        if (cityId != dossier.cityId && participationOf[projectId][cityId] != Participation.Joined) {
            revert ProjectRegistry_CityTakesNoPart(projectId, cityId);
        }
    }

    /// @dev Reverts where the account judged the project in its present panel.
    function _requireNoJudge(uint32 projectId, Dossier storage dossier, address account) internal view {
        if (scoreOf[projectId][dossier.panel][account] != 0) {
            revert ProjectRegistry_JudgedIt(projectId, account);
        }
    }

    // ---------------------------------------------------------------- views

    /// @inheritdoc IProjectRegistry
    function projectOf(uint32 projectId) external view returns (Project memory) {
        Dossier storage dossier = _dossiers[projectId];
        return Project({
            author: dossier.author,
            cityId: dossier.cityId,
            kind: dossier.kind,
            stage: dossier.stage,
            paused: dossier.paused,
            version: dossier.version,
            panel: dossier.panel,
            requestId: dossier.requestId,
            support: dossier.support,
            scores: dossier.scores,
            scoreSum: dossier.scoreSum,
            members: dossier.members,
            courses: dossier.courses,
            campaign: dossier.campaign
        });
    }

    /// @inheritdoc IProjectRegistry
    function kindOf(uint32 projectId) external view returns (Kind) {
        return _dossiers[projectId].kind;
    }

    /// @inheritdoc IProjectRegistry
    function standingOf(uint32 projectId)
        external
        view
        returns (uint32 cityId, address author, Stage stage, Pause paused)
    {
        Dossier storage dossier = _dossiers[projectId];
        return (dossier.cityId, dossier.author, dossier.stage, dossier.paused);
    }

    /// @inheritdoc IProjectRegistry
    function thresholdsOf(uint32 cityId) external view returns (Thresholds memory) {
        return _thresholds[cityId];
    }

    /// @inheritdoc IProjectRegistry
    function takesPart(uint32 projectId, uint32 cityId) external view returns (bool) {
        return cityId != 0
            && (_dossiers[projectId].cityId == cityId
                || participationOf[projectId][cityId] == Participation.Joined);
    }
}
