// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {CityRoles} from "../cities/CityRoles.sol";
import {ICityRegistry} from "../cities/ICityRegistry.sol";
import {ICampaign} from "./ICampaign.sol";
import {ICampaignFactory} from "./ICampaignFactory.sol";
import {IProjectRegistry} from "./IProjectRegistry.sol";
import {Judging} from "./Judging.sol";
import {ProjectRules} from "./ProjectRules.sol";

/// @title ProjectRegistry
/// @notice A project's way through the stages. Requests, teams and judging come from its parents.
contract ProjectRegistry is Judging {
    /// @notice Makes campaigns and knows whose they are.
    ICampaignFactory public immutable factory;

    /// @param cities_ The city registry.
    /// @param factory_ The factory of campaigns.
    constructor(ICityRegistry cities_, ICampaignFactory factory_)
        ProjectRules(cities_)
        EIP712("ProjectRegistry", "1")
    {
        if (address(factory_) == address(0)) revert ProjectRegistry_ZeroAddress();
        factory = factory_;
    }

    // ----------------------------------------------------------------- idea

    /// @inheritdoc IProjectRegistry
    function openProject(uint32 cityId, Kind kind, uint32 requestId, bytes32 content)
        external
        returns (uint32 projectId)
    {
        // Check: a city, and a request of it that is open, where the project answers one.
        _requireCity(cityId);
        _requireGiven(content, "content");
        if (requestId != 0) _requireAnswerable(requestId, cityId);

        // Effect: the project has a number and stands.
        projectId = ++projectCount;
        Dossier storage dossier = _dossiers[projectId];
        (dossier.author, dossier.cityId, dossier.version) = (msg.sender, cityId, 1);
        (dossier.stage, dossier.requestId, dossier.panel) = (Stage.Request, requestId, 1);
        dossier.kind = kind;
        emit ProjectOpened(projectId, cityId, msg.sender, kind, requestId, content);
    }

    /// @inheritdoc IProjectRegistry
    function describe(uint32 projectId, bytes32 content) external {
        // Check: the author, who still works at the idea.
        Dossier storage dossier = _own(projectId);
        _requireStage(projectId, dossier, Stage.Request, Stage.Idea);
        _requireGiven(content, "content");

        // Effect: the event is all there is.
        emit ProjectDescribed(projectId, content);
    }

    // -------------------------------------------------------------- forward

    /// @inheritdoc IProjectRegistry
    function advance(uint32 projectId, bytes32 documents) external {
        // Check: what the stage needs is there. Where a count or a campaign decides, documents are nobody's to give.
        Dossier storage dossier = _project(projectId);
        _requireRunning(projectId, dossier);
        Stage stage = dossier.stage;
        if (stage == Stage.Assessment) {
            _requireSupporters(projectId, dossier);
            documents = 0;
        } else if (stage == Stage.Expertise) {
            _requireScores(projectId, dossier);
            documents = 0;
        } else if (stage == Stage.Implementation) {
            _requirePhase(projectId, dossier.campaign, ICampaign.Phase.Completed);
            documents = 0;
        } else {
            if (stage == Stage.Premoderation || stage > Stage.Acceleration) {
                revert ProjectRegistry_WrongStage(projectId, stage);
            }
            _requireAuthor(projectId, dossier);
            _requireGiven(documents, "documents");
            if (stage == Stage.Request && dossier.requestId != 0) {
                _requireAnswerable(dossier.requestId, dossier.cityId);
            } else if (stage == Stage.Team) {
                _requireTeam(projectId, dossier);
            } else if (stage == Stage.Acceleration) {
                _requireCourses(projectId, dossier);
            }
        }

        // Effect: the next stage.
        _reach(projectId, dossier, Stage(uint8(stage) + 1), documents);
    }

    /// @inheritdoc IProjectRegistry
    function pass(uint32 projectId, bytes32 reason) external {
        // Check: a moderator of the home city, which says what it asks of the stages to come.
        Dossier storage dossier = _moderated(projectId);
        _requireRunning(projectId, dossier);
        _requireStage(projectId, dossier, Stage.Premoderation, Stage.Premoderation);
        _requireGiven(reason, "reason");
        uint32 cityId = dossier.cityId;
        if (_thresholds[cityId].support == 0) revert ProjectRegistry_NoThresholds(cityId);

        // Effect: the citizens' turn.
        _reach(projectId, dossier, Stage.Assessment, reason);
    }

    /// @inheritdoc IProjectRegistry
    function beginImplementation(uint32 projectId, address campaign) external {
        // Check: a funded campaign of the project; a second one only after the first was stopped.
        Dossier storage dossier = _project(projectId);
        _requireRunning(projectId, dossier);
        _requireStage(projectId, dossier, Stage.Financing, Stage.Implementation);
        bool begins = dossier.stage == Stage.Financing;
        if (!begins) _requirePhase(projectId, dossier.campaign, ICampaign.Phase.Stopped);
        if (factory.projectOf(campaign) != projectId) revert ProjectRegistry_NotItsCampaign(projectId, campaign);
        ICampaign.Phase phase = ICampaign(campaign).phase();
        if (phase != ICampaign.Phase.Funded && phase != ICampaign.Phase.Completed) {
            revert ProjectRegistry_CampaignNotThere(projectId, campaign, uint8(phase));
        }

        // Effect: implemented with this money.
        dossier.campaign = campaign;
        emit FundedBy(projectId, campaign);
        if (begins) _reach(projectId, dossier, Stage.Implementation, 0);
    }

    function _reach(uint32 projectId, Dossier storage dossier, Stage stage, bytes32 documents) private {
        dossier.stage = stage;
        emit StageReached(projectId, stage, msg.sender, documents);
    }

    // ----------------------------------------------------------------- back

    /// @inheritdoc IProjectRegistry
    function sendBack(uint32 projectId, Stage to, bytes32 reason) external {
        // Check: a moderator of the home city, to a stage that lies behind, before any money.
        Dossier storage dossier = _moderated(projectId);
        _requireStage(projectId, dossier, Stage.Premoderation, Stage.Acceleration);
        Stage stage = dossier.stage;
        if (to < Stage.Idea || to >= stage) revert ProjectRegistry_NotBack(projectId, stage, to);
        _requireGiven(reason, "reason");

        // Effect: there again, and judged anew where its judging lies ahead.
        dossier.stage = to;
        if (to <= Stage.Expertise) _judgeAnew(dossier);
        emit SentBack(projectId, stage, to, msg.sender, dossier.panel, reason);
    }

    /// @inheritdoc IProjectRegistry
    function pivot(uint32 projectId, Kind kind, bytes32 content, bytes32 reason) external {
        // Check: the author, before any money.
        Dossier storage dossier = _own(projectId);
        _requireStage(projectId, dossier, Stage.Premoderation, Stage.Acceleration);
        _requireGiven(content, "content");
        _requireGiven(reason, "reason");

        // Effect: an idea again, for which nobody has voted.
        dossier.stage = Stage.Idea;
        dossier.kind = kind;
        dossier.support = 0;
        ++dossier.version;
        _judgeAnew(dossier);
        emit Pivoted(projectId, kind, dossier.version, dossier.panel, content, reason);
    }

    function _judgeAnew(Dossier storage dossier) private {
        ++dossier.panel;
        (dossier.scores, dossier.scoreSum) = (0, 0);
    }

    // ---------------------------------------------------------------- pause

    /// @inheritdoc IProjectRegistry
    function pause(uint32 projectId, bytes32 reason) external {
        // Check: author or moderator, of a project that has some way to go.
        Dossier storage dossier = _project(projectId);
        Pause by = Pause.Author;
        if (msg.sender != dossier.author) {
            cities.requireRole(dossier.cityId, msg.sender, CityRoles.MODERATOR);
            by = Pause.Moderator;
        }
        _requireRunning(projectId, dossier);
        _requireStage(projectId, dossier, Stage.Request, Stage.Implementation);
        _requireGiven(reason, "reason");

        // Effect: paused by that right.
        _setPause(projectId, dossier, by, reason);
    }

    /// @inheritdoc IProjectRegistry
    function resume(uint32 projectId, bytes32 reason) external {
        // Check: a pause of the author's own, or a moderator.
        Dossier storage dossier = _project(projectId);
        Pause paused = dossier.paused;
        bool own = paused == Pause.Author && msg.sender == dossier.author;
        if (
            paused == Pause.None
                || (!own && cities.rolesOf(dossier.cityId, msg.sender) & CityRoles.MODERATOR == 0)
        ) {
            revert ProjectRegistry_MayNotResume(projectId, paused, msg.sender);
        }
        _requireGiven(reason, "reason");

        // Effect: it goes on.
        _setPause(projectId, dossier, Pause.None, reason);
    }

    function _setPause(uint32 projectId, Dossier storage dossier, Pause paused, bytes32 reason) private {
        dossier.paused = paused;
        emit PauseChanged(projectId, paused, msg.sender, reason);
    }

    // --------------------------------------------------------------- guards

    function _requireSupporters(uint32 projectId, Dossier storage dossier) private view {
        (uint256 given, uint256 needed) = (dossier.support, _thresholds[dossier.cityId].support);
        if (given < needed) revert ProjectRegistry_TooFewSupporters(projectId, given, needed);
    }

    function _requireScores(uint32 projectId, Dossier storage dossier) private view {
        Thresholds storage thresholds = _thresholds[dossier.cityId];
        (uint256 given, uint256 needed) = (dossier.scores, thresholds.experts);
        if (given < needed) revert ProjectRegistry_TooFewScores(projectId, given, needed);
        (uint256 sum, uint256 least) = (dossier.scoreSum, thresholds.score);
        if (sum < least * given) revert ProjectRegistry_ScoreTooLow(projectId, sum / given, least);
    }

    function _requireTeam(uint32 projectId, Dossier storage dossier) private view {
        (uint256 given, uint256 needed) = (dossier.members, _thresholds[dossier.cityId].team);
        if (given < needed) revert ProjectRegistry_TeamTooSmall(projectId, given, needed);
    }

    function _requireCourses(uint32 projectId, Dossier storage dossier) private view {
        (uint256 given, uint256 needed) = (dossier.courses, _thresholds[dossier.cityId].courses);
        if (given < needed) revert ProjectRegistry_TooFewCourses(projectId, given, needed);
    }

    function _requirePhase(uint32 projectId, address campaign, ICampaign.Phase needed) private view {
        ICampaign.Phase phase = ICampaign(campaign).phase();
        if (phase != needed) revert ProjectRegistry_CampaignNotThere(projectId, campaign, uint8(phase));
    }
}
