"""Why the registry of projects refuses."""

from backend.kit.texts import N_

REASONS = {
    "ProjectRegistry_UnknownCity": N_("There is no city number %(cityId)s."),
    "ProjectRegistry_UnknownRequest": N_("There is no request number %(requestId)s."),
    "ProjectRegistry_UnknownProject": N_("There is no project number %(projectId)s."),
    "ProjectRegistry_BadField": N_("Something is not filled in as it should be (%(field)s). Check it."),
    "ProjectRegistry_BadField:field=support": N_("A threshold of supporters is needed: one at least."),
    "ProjectRegistry_BadField:field=experts": N_("A number of experts is needed: one at least."),
    "ProjectRegistry_BadField:field=score": N_("A score is a number from 0 to 100."),
    "ProjectRegistry_BadField:field=closes": N_("The last day is in the past. Choose a later one."),
    "ProjectRegistry_BadField:field=token": N_(
        "A budget is given, but no token that it is counted in. Give both or neither."
    ),
    "ProjectRegistry_BadField:field=budget": N_("A token is given, but no budget. Give both or neither."),
    "ProjectRegistry_BadField:field=documents": N_("The documents for this step are missing. Add them."),
    "ProjectRegistry_BadField:field=reason": N_("Say why: the reason stays with the project."),
    "ProjectRegistry_BadField:field=content": N_("The description is missing. Fill it in."),
    "ProjectRegistry_NoThresholds": N_(
        "City %(cityId)s has not said yet what it asks of projects. Its steward sets the thresholds first."
    ),
    "ProjectRegistry_NotRequester": N_(
        "Only the author of request %(requestId)s may do this, and the wallet %(caller)s is another."
    ),
    "ProjectRegistry_RequestClosed": N_(
        "Request %(requestId)s has taken answers until %(closes)s. Choose another, or open the project"
        " without one."
    ),
    "ProjectRegistry_RequestElsewhere": N_(
        "Request %(requestId)s is of city %(cityId)s. Open the project there, or without the request."
    ),
    "ProjectRegistry_NotAuthor": N_(
        "Only the author of project %(projectId)s may do this, and the wallet %(caller)s is another."
        " Connect the author's wallet."
    ),
    "ProjectRegistry_WrongStage": N_(
        "Project %(projectId)s is at a stage at which this cannot be done. Load the page again."
    ),
    "ProjectRegistry_WrongStage:stage=1": N_(
        "Project %(projectId)s is at the stage “request”, at which this cannot be done."
    ),
    "ProjectRegistry_WrongStage:stage=2": N_(
        "Project %(projectId)s is at the stage “idea”, at which this cannot be done."
    ),
    "ProjectRegistry_WrongStage:stage=3": N_(
        "Project %(projectId)s is at the stage “premoderation”, at which this cannot be done."
    ),
    "ProjectRegistry_WrongStage:stage=4": N_(
        "Project %(projectId)s is at the stage “assessment”, at which this cannot be done."
    ),
    "ProjectRegistry_WrongStage:stage=5": N_(
        "Project %(projectId)s is at the stage “expertise”, at which this cannot be done."
    ),
    "ProjectRegistry_WrongStage:stage=6": N_(
        "Project %(projectId)s is at the stage “team”, at which this cannot be done."
    ),
    "ProjectRegistry_WrongStage:stage=7": N_(
        "Project %(projectId)s is at the stage “design”, at which this cannot be done."
    ),
    "ProjectRegistry_WrongStage:stage=8": N_(
        "Project %(projectId)s is at the stage “acceleration”, at which this cannot be done."
    ),
    "ProjectRegistry_WrongStage:stage=9": N_(
        "Project %(projectId)s is at the stage “financing”, at which this cannot be done."
    ),
    "ProjectRegistry_WrongStage:stage=10": N_(
        "Project %(projectId)s is at the stage “implementation”, at which this cannot be done."
    ),
    "ProjectRegistry_WrongStage:stage=11": N_("Project %(projectId)s is completed."),
    "ProjectRegistry_NotBack": N_(
        "Project %(projectId)s can only be sent back: to an earlier stage, the idea at the earliest."
    ),
    "ProjectRegistry_Paused": N_("Project %(projectId)s is paused. Try again when it goes on."),
    "ProjectRegistry_Paused:paused=1": N_(
        "The author has paused project %(projectId)s. Try again when it goes on."
    ),
    "ProjectRegistry_Paused:paused=2": N_(
        "A moderator has paused project %(projectId)s. Try again when it goes on."
    ),
    "ProjectRegistry_MayNotResume": N_(
        "The wallet %(caller)s cannot end the pause of project %(projectId)s."
    ),
    "ProjectRegistry_MayNotResume:paused=0": N_("Project %(projectId)s is not paused."),
    "ProjectRegistry_MayNotResume:paused=2": N_(
        "A moderator has paused project %(projectId)s, and only a moderator of its city can end the pause."
    ),
    "ProjectRegistry_TooFewSupporters": N_(
        "%(given)s citizens support project %(projectId)s, and the city asks for %(needed)s."
    ),
    "ProjectRegistry_TooFewScores": N_(
        "Experts who have judged project %(projectId)s: %(given)s. The city asks for %(needed)s."
    ),
    "ProjectRegistry_ScoreTooLow": N_(
        "The experts' mean score of project %(projectId)s is %(mean)s, and the city asks for %(needed)s."
    ),
    "ProjectRegistry_TeamTooSmall": N_(
        "Members of the team who have accepted: %(given)s. The city asks for %(needed)s."
    ),
    "ProjectRegistry_TooFewCourses": N_(
        "Courses that the team has completed: %(given)s. The city asks for %(needed)s."
    ),
    "ProjectRegistry_NotItsCampaign": N_("The campaign %(campaign)s is not one of project %(projectId)s."),
    "ProjectRegistry_CampaignNotThere": N_(
        "The campaign %(campaign)s has not come far enough to move project %(projectId)s on."
    ),
    "ProjectRegistry_CampaignNotThere:phase=0": N_("The campaign %(campaign)s has not begun yet."),
    "ProjectRegistry_CampaignNotThere:phase=1": N_("The campaign %(campaign)s is still collecting money."),
    "ProjectRegistry_CampaignNotThere:phase=2": N_(
        "The pledges of the campaign %(campaign)s can still be withdrawn. Try again when the cooling-off"
        " time is over."
    ),
    "ProjectRegistry_CampaignNotThere:phase=3": N_(
        "Milestones of the campaign %(campaign)s are still to be done and paid."
    ),
    "ProjectRegistry_CampaignNotThere:phase=4": N_(
        "The campaign %(campaign)s has not reached its goal. Open another one."
    ),
    "ProjectRegistry_CampaignNotThere:phase=5": N_(
        "The campaign %(campaign)s was stopped. Open another one."
    ),
    "ProjectRegistry_WrongParticipation": N_("City %(cityId)s cannot join project %(projectId)s."),
    "ProjectRegistry_WrongParticipation:participation=0": N_(
        "City %(cityId)s is not invited to project %(projectId)s, or is its home."
    ),
    "ProjectRegistry_WrongParticipation:participation=1": N_(
        "City %(cityId)s is invited to project %(projectId)s already."
    ),
    "ProjectRegistry_WrongParticipation:participation=2": N_(
        "City %(cityId)s takes part in project %(projectId)s already."
    ),
    "ProjectRegistry_WrongMembership": N_(
        "The wallet %(member)s has another place in the team of project %(projectId)s."
    ),
    "ProjectRegistry_WrongMembership:membership=0": N_(
        "The wallet %(member)s is neither invited to the team of project %(projectId)s nor in it."
    ),
    "ProjectRegistry_WrongMembership:membership=1": N_(
        "The wallet %(member)s is invited to the team already."
    ),
    "ProjectRegistry_WrongMembership:membership=2": N_("The wallet %(member)s is in the team already."),
    "ProjectRegistry_JudgedIt": N_(
        "The wallet %(account)s has judged project %(projectId)s and cannot be of its team."
    ),
    "ProjectRegistry_OwnProject": N_(
        "The wallet %(expert)s belongs to project %(projectId)s: nobody judges their own."
    ),
    "ProjectRegistry_ScoredAlready": N_("The expert %(expert)s has judged project %(projectId)s already."),
    "ProjectRegistry_CourseCounted": N_("This course is counted for project %(projectId)s already."),
    "ProjectRegistry_SupportedAlready": N_(
        "The citizen %(citizen)s supports project %(projectId)s already: one person, one vote."
    ),
    "ProjectRegistry_NotCitizen": N_("The wallet %(wallet)s is no citizen's in city %(cityId)s."),
    "ProjectRegistry_CityTakesNoPart": N_("City %(cityId)s takes no part in project %(projectId)s."),
    "ProjectRegistry_NotOffered": N_("Project %(projectId)s was not offered to the wallet %(caller)s."),
    "ProjectRegistry_NotRecovered": N_(
        "The author's wallet %(wallet)s was not replaced by another in city %(cityId)s."
    ),
    "ProjectRegistry_Full": N_("Project %(projectId)s has as many of these as can be counted: 255."),
    "ProjectRegistry_ZeroAddress": N_("An address is missing. Fill it in."),
    "ProjectRegistry_SignatureExpired": N_("The signature was good until %(deadline)s. Sign again."),
    "ProjectRegistry_BadSignature": N_(
        "This is not what %(signer)s has signed, or something has changed since. Sign again."
    ),
}
