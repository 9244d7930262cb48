"""Why the factory of campaigns refuses."""

from backend.kit.texts import N_

REASONS = {
    "CampaignFactory_TokenNotAllowed": N_(
        "Campaigns do not take the token %(token)s. Choose one of the operator's list."
    ),
    "CampaignFactory_NotAuthor": N_(
        "Only the author of project %(projectId)s opens its campaigns, and the wallet %(caller)s is"
        " another. Connect the author's wallet."
    ),
    "CampaignFactory_WrongStage": N_(
        "Project %(projectId)s has not come to financing yet, or is completed: campaigns are opened between."
    ),
    "CampaignFactory_ProjectPaused": N_(
        "Project %(projectId)s is paused. Open the campaign when it goes on."
    ),
    "CampaignFactory_FeeTooHigh": N_("The fee is a tenth at most."),
    "CampaignFactory_NotCampaign": N_("Only a campaign of the ledger may do this."),
    "CampaignFactory_UnknownInvestor": N_(
        "Loans and shares are for identified investors, and the wallet %(wallet)s is none yet. Have the"
        " operator identify you."
    ),
    "CampaignFactory_OverYearLimit": N_(
        "The law limits what a person puts into loans and shares in a year: %(left)s kopecks of your"
        " limit for %(year)s are left, and %(asked)s are asked. Pledge less."
    ),
    "CampaignFactory_FormNotMatched": N_(
        "Only donations and campaigns with rewards are matched from a city's budget. Open this one"
        " without a round."
    ),
    "CampaignFactory_UnequalLists": N_(
        "There are %(wallets)s wallets and %(investors)s investors. Give one for each."
    ),
    "CampaignFactory_ZeroAddress": N_("An address is missing. Fill it in."),
}
