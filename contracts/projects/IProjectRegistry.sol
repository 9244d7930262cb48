// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title IProjectRegistry
/// @notice Projects of cities, from a request to completion: who moved them on, when, and what it took.
/// @dev A project belongs to its home city, whose thresholds and moderators hold for it; other cities may join, and then
/// their citizens support it and their experts judge it too. Nothing is rejected for good: a project is sent back, paused or
/// pivoted, and its record stays. Texts stand off chain by their hash. Typed signatures (EIP-712) have the domain
/// `ProjectRegistry`, version `1`.
interface IProjectRegistry {
    // ---------------------------------------------------------------- types

    /// @notice The eleven kinds.
    enum Kind {
        IntellectualProperty,
        Startup,
        Investment,
        Business,
        PublicPrivatePartnership,
        University,
        Social,
        Development,
        Urbanist,
        Charity,
        CreativeIndustry
    }

    /// @notice The ten stages, and the end. What leads from each to the next:
    /// Request: the author's idea (documents), for an open request where the project answers one;
    /// Idea: the author's documents; Premoderation: a moderator of the home city;
    /// Assessment: supporters, up to the threshold; Expertise: scores, as many and as good as the thresholds say;
    /// Team: members who accepted; Design: the author's documents; Acceleration: courses completed;
    /// Financing: a funded campaign; Implementation: all its milestones released.
    enum Stage {
        None,
        Request,
        Idea,
        Premoderation,
        Assessment,
        Expertise,
        Team,
        Design,
        Acceleration,
        Financing,
        Implementation,
        Completed
    }

    /// @notice Whether a project is paused, and by whom: the author lifts their own pause, a moderator either.
    enum Pause {
        None,
        Author,
        Moderator
    }

    /// @notice Where an account stands in a project's team.
    enum Membership {
        None,
        Invited,
        Member
    }

    /// @notice Where another city stands in a project.
    enum Participation {
        None,
        Invited,
        Joined
    }

    /// @notice What a city asks of its projects.
    /// @param support Supporters that end the assessment; not zero.
    /// @param experts Scores that end the expertise; not zero.
    /// @param score Least mean score, 0 to 100.
    /// @param team Members who accepted.
    /// @param courses Completed courses.
    struct Thresholds {
        uint32 support;
        uint8 experts;
        uint8 score;
        uint8 team;
        uint8 courses;
    }

    /// @notice What a city, business or citizen asks for; ideas answer it.
    /// @param budget What is set aside for it, base units of `token`; a statement, no money is held.
    /// @param closes First second at which no idea can answer it.
    struct Request {
        address author;
        uint32 cityId;
        uint40 closes;
        address token;
        uint96 budget;
    }

    /// @notice A project as it stands.
    /// @param version Begins at 1, one more with each pivot; support belongs to a version.
    /// @param panel Begins at 1, one more whenever judging begins anew; scores belong to a panel.
    /// @param support Supporters of this version.
    /// @param scores Experts who judged, and `scoreSum` the sum of their scores.
    /// @param members Accepted invitations; the author is none of them.
    /// @param campaign The campaign that funded it, from implementation on.
    struct Project {
        address author;
        uint32 cityId;
        Kind kind;
        Stage stage;
        Pause paused;
        uint16 version;
        uint16 panel;
        uint32 requestId;
        uint32 support;
        uint8 scores;
        uint16 scoreSum;
        uint8 members;
        uint8 courses;
        address campaign;
    }

    /// @notice A citizen's signed support.
    struct Ballot {
        address citizen;
        uint32 cityId;
        uint256 deadline;
        bytes signature;
    }

    // --------------------------------------------------------------- events

    /// @notice What a city asks of its projects is now this.
    event ThresholdsSet(uint32 indexed cityId, uint32 support, uint8 experts, uint8 score, uint8 team, uint8 courses);

    /// @notice A request was published. `content` is the hash of its text.
    event RequestPublished(
        uint32 indexed requestId,
        uint32 indexed cityId,
        address indexed author,
        Kind kind,
        address token,
        uint96 budget,
        uint40 closes,
        bytes32 content
    );

    /// @notice Its author closed a request.
    event RequestClosed(uint32 indexed requestId);

    /// @notice A project was opened, at stage `Request`. `requestId` is zero where it answers none.
    event ProjectOpened(
        uint32 indexed projectId,
        uint32 indexed cityId,
        address indexed author,
        Kind kind,
        uint32 requestId,
        bytes32 content
    );

    /// @notice The hash of the project's description changed.
    event ProjectDescribed(uint32 indexed projectId, bytes32 content);

    /// @notice The project reached a stage. `documents` is the hash of what the author or the moderator gave, zero where a count or a
    /// campaign moved it on.
    event StageReached(uint32 indexed projectId, Stage indexed stage, address indexed by, bytes32 documents);

    /// @notice The project is implemented with this campaign's money, from now on.
    event FundedBy(uint32 indexed projectId, address indexed campaign);

    /// @notice A moderator sent the project back. `panel` is its panel from now on.
    event SentBack(uint32 indexed projectId, Stage from, Stage to, address indexed by, uint16 panel, bytes32 reason);

    /// @notice The project was paused or resumed.
    event PauseChanged(uint32 indexed projectId, Pause paused, address indexed by, bytes32 reason);

    /// @notice The author turned the project: another kind or content, back to stage `Idea`, support and scores begin anew.
    event Pivoted(uint32 indexed projectId, Kind kind, uint16 version, uint16 panel, bytes32 content, bytes32 reason);

    /// @notice The project has another author; it is offered to nobody, and the author is none of its members.
    event AuthorChanged(uint32 indexed projectId, address indexed from, address indexed to);

    /// @notice The author named who may take the project over; zero: nobody.
    event AuthorOffered(uint32 indexed projectId, address indexed to);

    /// @notice Another city's part in the project is now this.
    event ParticipationChanged(
        uint32 indexed projectId,
        uint32 indexed cityId,
        Participation participation,
        address indexed by
    );

    /// @notice An account's place in the team is now this. `role` is the hash of what it is invited for, zero otherwise.
    event MembershipChanged(
        uint32 indexed projectId,
        address indexed member,
        Membership membership,
        bytes32 role
    );

    /// @notice A citizen supports the project. `person` is their nullifier in the city.
    event Supported(
        uint32 indexed projectId,
        address indexed citizen,
        uint32 indexed cityId,
        uint16 version,
        bytes32 person
    );

    /// @notice An expert judged the project. `opinion` is the hash of their text.
    event Scored(
        uint32 indexed projectId,
        address indexed expert,
        uint32 cityId,
        uint16 panel,
        uint8 score,
        bytes32 opinion
    );

    /// @notice The team completed a course. `course` is the hash of its description, `evidence` of the certificate.
    event CourseCompleted(uint32 indexed projectId, bytes32 indexed course, address indexed by, bytes32 evidence);

    // --------------------------------------------------------------- errors

    /// @notice There is no such city, request or project.
    error ProjectRegistry_UnknownCity(uint32 cityId);
    error ProjectRegistry_UnknownRequest(uint32 requestId);
    error ProjectRegistry_UnknownProject(uint32 projectId);
    /// @notice A field makes no sense, by its name as an ASCII string: `support` or `experts` (zero), `score` (over 100), `closes`
    /// (past), `token` or `budget` (one without the other), `documents`, `reason` or `content` (zero).
    error ProjectRegistry_BadField(bytes32 field);
    /// @notice The city has not said yet what it asks of projects.
    error ProjectRegistry_NoThresholds(uint32 cityId);
    /// @notice Only the request's author may.
    error ProjectRegistry_NotRequester(uint32 requestId, address caller);
    /// @notice The request is closed, or another city's.
    error ProjectRegistry_RequestClosed(uint32 requestId, uint40 closes, uint256 time);
    error ProjectRegistry_RequestElsewhere(uint32 requestId, uint32 cityId);
    /// @notice Only the author may.
    error ProjectRegistry_NotAuthor(uint32 projectId, address caller);
    /// @notice The project is not at a stage in which this can be done.
    error ProjectRegistry_WrongStage(uint32 projectId, Stage stage);
    /// @notice A moderator sends back to an earlier stage, `Idea` or later.
    error ProjectRegistry_NotBack(uint32 projectId, Stage stage, Stage to);
    /// @notice The project is paused.
    error ProjectRegistry_Paused(uint32 projectId, Pause paused);
    /// @notice The project is not paused, or not by this caller's right.
    error ProjectRegistry_MayNotResume(uint32 projectId, Pause paused, address caller);
    /// @notice What the next stage needs is not there: `given` of `needed` supporters, scores, mean score, members or courses.
    error ProjectRegistry_TooFewSupporters(uint32 projectId, uint256 given, uint256 needed);
    error ProjectRegistry_TooFewScores(uint32 projectId, uint256 given, uint256 needed);
    error ProjectRegistry_ScoreTooLow(uint32 projectId, uint256 mean, uint256 needed);
    error ProjectRegistry_TeamTooSmall(uint32 projectId, uint256 given, uint256 needed);
    error ProjectRegistry_TooFewCourses(uint32 projectId, uint256 given, uint256 needed);
    /// @notice The campaign is not the project's, or is in a phase (see `ICampaign.Phase`) that does not move it on.
    error ProjectRegistry_NotItsCampaign(uint32 projectId, address campaign);
    error ProjectRegistry_CampaignNotThere(uint32 projectId, address campaign, uint8 phase);
    /// @notice The city is not invited, is home already, or has another part in the project.
    error ProjectRegistry_WrongParticipation(uint32 projectId, uint32 cityId, Participation participation);
    /// @notice The account has another place in the team.
    error ProjectRegistry_WrongMembership(uint32 projectId, address member, Membership membership);
    /// @notice Whoever judged the project, in its present panel, cannot be of its team.
    error ProjectRegistry_JudgedIt(uint32 projectId, address account);
    /// @notice Author, members and the invited do not judge their own project.
    error ProjectRegistry_OwnProject(uint32 projectId, address expert);
    /// @notice The expert judged it already.
    error ProjectRegistry_ScoredAlready(uint32 projectId, address expert);
    /// @notice The course counts already.
    error ProjectRegistry_CourseCounted(uint32 projectId, bytes32 course);
    /// @notice The citizen supports the project already.
    error ProjectRegistry_SupportedAlready(uint32 projectId, address citizen);
    /// @notice The wallet is no citizen of the city.
    error ProjectRegistry_NotCitizen(uint32 cityId, address wallet);
    /// @notice The city takes no part in the project.
    error ProjectRegistry_CityTakesNoPart(uint32 projectId, uint32 cityId);
    /// @notice The caller was not offered the project.
    error ProjectRegistry_NotOffered(uint32 projectId, address caller);
    /// @notice The author's wallet was not followed by another in the home city.
    error ProjectRegistry_NotRecovered(uint32 cityId, address wallet);
    /// @notice There is nothing more to count: a team, scores or courses of 255.
    error ProjectRegistry_Full(uint32 projectId);
    /// @notice An address that must not be zero is zero.
    error ProjectRegistry_ZeroAddress();
    /// @notice The signature is past its deadline (seconds since 1970).
    error ProjectRegistry_SignatureExpired(uint256 deadline, uint256 time);
    /// @notice The signature is not that of `signer` over this action.
    error ProjectRegistry_BadSignature(address signer);

    // ----------------------------------------------------------------- city

    /// @notice Sets what the city asks of its projects, from now on, of those under way too. Only its steward.
    function setThresholds(uint32 cityId, Thresholds calldata thresholds) external;

    /// @notice Passes a project on from premoderation. Only a moderator of its home city; the city has thresholds.
    function pass(uint32 projectId, bytes32 reason) external;

    /// @notice Sends a project at premoderation or later, not yet at financing, back to an earlier stage from `Idea` on. Back to
    /// `Expertise` or earlier, judging begins anew. Only a moderator of the home city.
    function sendBack(uint32 projectId, Stage to, bytes32 reason) external;

    /// @notice Takes part in a project as a city that its author invited. Only a moderator of that city.
    function joinProject(uint32 projectId, uint32 cityId) external;

    /// @notice Counts a completed course, up to acceleration. Only a moderator or a partner of the home city.
    function recordCourse(uint32 projectId, bytes32 course, bytes32 evidence) external;

    // ------------------------------------------------------------- requests

    /// @notice Publishes a request. Its author is a citizen of the city, its steward, or has any role there.
    /// @return requestId Its number, from 1 on.
    function publishRequest(
        uint32 cityId,
        Kind kind,
        address token,
        uint96 budget,
        uint40 closes,
        bytes32 content
    ) external returns (uint32 requestId);

    /// @notice Closes a request at once. Only its author.
    function closeRequest(uint32 requestId) external;

    // --------------------------------------------------------------- author

    /// @notice Opens a project; anybody may. `requestId` zero: it answers none.
    /// @return projectId Its number, from 1 on.
    function openProject(uint32 cityId, Kind kind, uint32 requestId, bytes32 content)
        external
        returns (uint32 projectId);

    /// @notice Changes the description, up to the idea. Only the author.
    function describe(uint32 projectId, bytes32 content) external;

    /// @notice Moves the project on, where its present stage's guard is met. From `Request`, `Idea`, `Team`, `Design` and `Acceleration`
    /// only the author, with the hash of documents; from `Assessment`, `Expertise` and `Implementation` anybody.
    /// `Premoderation` ends by `pass`, `Financing` by `beginImplementation`.
    function advance(uint32 projectId, bytes32 documents) external;

    /// @notice Moves the project on from financing with its funded campaign. In implementation, another funded campaign takes the
    /// place of one that was stopped. Anybody may.
    function beginImplementation(uint32 projectId, address campaign) external;

    /// @notice Pauses: nothing moves on and no campaign opens; support, scores, courses and team go on. Only the author or a moderator of the home city.
    function pause(uint32 projectId, bytes32 reason) external;

    /// @notice Ends a pause.
    function resume(uint32 projectId, bytes32 reason) external;

    /// @notice Turns the project, from `Premoderation` to `Acceleration`: back to `Idea`, a new version. Only the author.
    function pivot(uint32 projectId, Kind kind, bytes32 content, bytes32 reason) external;

    /// @notice Offers the project to another author, who accepts with `takeOver`. Only the author; zero takes the offer back.
    function offerAuthorship(uint32 projectId, address to) external;

    /// @notice Becomes the author of a project that was offered to the caller.
    function takeOver(uint32 projectId) external;

    /// @notice Gives the project to the wallet that today stands for its author, who lost their own and was recovered in the
    /// home city; anybody may.
    function followAuthor(uint32 projectId) external;

    /// @notice Invites another city to take part. Only the author.
    function inviteCity(uint32 projectId, uint32 cityId) external;

    // ----------------------------------------------------------------- team

    /// @notice Invites into the team. Only the author. `role` is the hash of what for.
    function invite(uint32 projectId, address member, bytes32 role) external;

    /// @notice Accepts an invitation.
    function acceptInvitation(uint32 projectId) external;

    /// @notice `acceptInvitation` by signature.
    /// @dev Signed: `AcceptInvitation(address member,uint32 projectId,uint256 nonce,uint256 deadline)`, `nonce` by `nonces(member)`.
    function acceptInvitationBySig(uint32 projectId, address member, uint256 deadline, bytes calldata signature) external;

    /// @notice Ends an invitation or a membership. Only the author or the member.
    function leaveTeam(uint32 projectId, address member) external;

    // -------------------------------------------------------------- experts

    /// @notice Judges a project at stage `Expertise`, once a panel. Only an expert of a city that takes part.
    /// @param cityId The city whose expert the caller is.
    function score(uint32 projectId, uint32 cityId, uint8 points, bytes32 opinion) external;

    // ------------------------------------------------------------- citizens

    /// @notice Supports a project, from `Assessment` on, once a version. Only a citizen of a city that takes part: a person has a
    /// vote in each city that registered them.
    function support(uint32 projectId, uint32 cityId) external;

    /// @notice `support` by signature.
    /// @dev Signed: `Support(address citizen,uint32 projectId,uint32 cityId,uint16 version,uint256 deadline)`; it counts once, so no
    /// nonce is needed.
    function supportBySig(
        uint32 projectId,
        address citizen,
        uint32 cityId,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Many signatures in one transaction. Whoever supports the project already is passed over; anything else that is
    /// wrong with a ballot stops them all.
    function supportBySigs(uint32 projectId, Ballot[] calldata ballots) external;

    // ---------------------------------------------------------------- views

    /// @notice How many there are; they are numbered from 1 to this.
    function projectCount() external view returns (uint32);
    function requestCount() external view returns (uint32);

    function projectOf(uint32 projectId) external view returns (Project memory);
    function requestOf(uint32 requestId) external view returns (Request memory);
    function thresholdsOf(uint32 cityId) external view returns (Thresholds memory);
    function membershipOf(uint32 projectId, address account) external view returns (Membership);
    function participationOf(uint32 projectId, uint32 cityId) external view returns (Participation);

    /// @notice Whether the person with this nullifier in this city supports this version of the project.
    function isSupportedBy(uint32 projectId, uint16 version, uint32 cityId, bytes32 person)
        external
        view
        returns (bool);

    /// @notice The score that an expert gave in a panel plus one; zero: none.
    function scoreOf(uint32 projectId, uint16 panel, address expert) external view returns (uint8);

    /// @notice Next nonce of a member's signatures.
    function nonces(address member) external view returns (uint256);

    /// @notice Who was offered the project.
    function offeredTo(uint32 projectId) external view returns (address);

    /// @notice Home city, author and stage, for campaigns.
    function standingOf(uint32 projectId)
        external
        view
        returns (uint32 cityId, address author, Stage stage, Pause paused);

    function kindOf(uint32 projectId) external view returns (Kind);

    /// @notice Whether the city is the project's home or joined it.
    function takesPart(uint32 projectId, uint32 cityId) external view returns (bool);
}
