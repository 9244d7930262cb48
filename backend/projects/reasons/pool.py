"""Why the matching pool refuses."""

from backend.kit.texts import N_

REASONS = {
    "MatchingPool_BadTerms": N_("The terms of the round do not fit together (%(field)s). Check them."),
    "MatchingPool_BadTerms:field=token": N_("The token is not on the operator's list. Choose another."),
    "MatchingPool_BadTerms:field=personLimit": N_("Say how much of one person's pledges counts at most."),
    "MatchingPool_BadTerms:field=closes": N_("The round would have ended already. Choose a later end."),
    "MatchingPool_BadTerms:field=amount": N_("The amount is zero. Put something in."),
    "MatchingPool_UnknownRound": N_("There is no round number %(roundId)s."),
    "MatchingPool_NotFactory": N_("Campaigns enter a round only when they are made."),
    "MatchingPool_NotItsCampaign": N_("The campaign %(campaign)s is not in round %(roundId)s."),
    "MatchingPool_WrongCity": N_(
        "The city of round %(roundId)s takes no part in project %(projectId)s. Choose another round."
    ),
    "MatchingPool_WrongToken": N_("Round %(roundId)s is in another token. Choose the same for the campaign."),
    "MatchingPool_EndsTooLate": N_(
        "The campaign and its cooling-off time would end on %(ends)s, after round %(roundId)s: it closes"
        " on %(closes)s. End earlier."
    ),
    "MatchingPool_WrongStep": N_("Round %(roundId)s is at another step of its settlement."),
    "MatchingPool_WrongStep:step=0": N_("Round %(roundId)s has not been settled yet."),
    "MatchingPool_WrongStep:step=1": N_(
        "The campaigns of round %(roundId)s are being weighed. Push the settlement on first."
    ),
    "MatchingPool_WrongStep:step=2": N_(
        "The matches of round %(roundId)s are being assigned. Push the settlement on first."
    ),
    "MatchingPool_WrongStep:step=3": N_("Round %(roundId)s is settled already."),
    "MatchingPool_StillRunning": N_("Round %(roundId)s runs until %(closes)s. It is settled after that."),
    "MatchingPool_Closed": N_("Round %(roundId)s closed on %(closes)s."),
    "MatchingPool_Nothing": N_("There is nothing in round %(roundId)s to pay or to draw now."),
    "MatchingPool_ShortTransfer": N_(
        "The token %(token)s moved %(received)s instead of %(expected)s (smallest units). Nothing was"
        " changed."
    ),
    "MatchingPool_ZeroAddress": N_("An address is missing. Fill it in."),
}
