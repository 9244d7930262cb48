"""Why a campaign refuses."""

from backend.kit.texts import N_

REASONS = {
    "Campaign_NotFactory": N_("Campaigns are made by the factory of the ledger only."),
    "Campaign_NotPool": N_("Only the matching pool may do this."),
    "Campaign_NotAuthor": N_(
        "Only the project's author may do this, and the wallet %(caller)s is another. Connect the"
        " author's wallet."
    ),
    "Campaign_NotPayee": N_(
        "Only who is paid by the campaign may do this, and the wallet %(caller)s is another."
    ),
    "Campaign_BadTerms": N_("The terms of the campaign do not fit together (%(field)s). Check them."),
    "Campaign_BadTerms:field=payee": N_("It is not said who gets the money. Give an address."),
    "Campaign_BadTerms:field=opens": N_(
        "The campaign would begin after its end. Choose an earlier beginning."
    ),
    "Campaign_BadTerms:field=closes": N_(
        "The campaign would end before it begins, or has ended already. Choose a later end."
    ),
    "Campaign_BadTerms:field=coolingOff": N_("The cooling-off time does not fit. Choose another."),
    "Campaign_BadTerms:field=goal": N_("The goal is zero. Say how much is needed at least."),
    "Campaign_BadTerms:field=cap": N_("The cap is below the goal, or does not fit it. Raise it."),
    "Campaign_BadTerms:field=vetoShare": N_("The share that stops a payment does not fit. Choose another."),
    "Campaign_BadTerms:field=vetoWindow": N_(
        "Backers need a day at least to object to a report. Give them more time."
    ),
    "Campaign_BadTerms:field=milestoneTerm": N_("The time for a milestone does not fit. Choose another."),
    "Campaign_BadTerms:field=milestones": N_(
        "There are one to ten milestones, and their shares make a hundred per cent together. Check them."
    ),
    "Campaign_BadTerms:field=content": N_("The terms in words are missing. Write them."),
    "Campaign_BadTerms:field=tiers": N_(
        "The rewards do not fit: one to sixteen of them where the campaign gives rewards, each with a"
        " price and a stock; none elsewhere."
    ),
    "Campaign_BadTerms:field=loan": N_(
        "The terms of the loan do not fit. Check rate, instalments and terms; only a loan has them."
    ),
    "Campaign_BadTerms:field=unitPrice": N_(
        "The price of a unit does not fit: a share campaign has one, of which goal and cap are multiples;"
        " others have none."
    ),
    "Campaign_Frozen": N_("Somebody has pledged already: the terms stand for good."),
    "Campaign_WrongPhase": N_("This cannot be done in the campaign's present phase. Load the page again."),
    "Campaign_WrongPhase:phase=0": N_("The campaign has not begun yet: this cannot be done now."),
    "Campaign_WrongPhase:phase=1": N_("The campaign is still collecting money: this cannot be done now."),
    "Campaign_WrongPhase:phase=2": N_(
        "The campaign takes no more pledges, and those made can still be withdrawn: this cannot be done now."
    ),
    "Campaign_WrongPhase:phase=3": N_("The campaign is funded: this can no longer be done."),
    "Campaign_WrongPhase:phase=4": N_(
        "The campaign has not reached its goal: everybody can have their money back, and nothing else."
    ),
    "Campaign_WrongPhase:phase=5": N_(
        "The campaign was stopped: what was not paid out goes back, and nothing else can be done."
    ),
    "Campaign_WrongPhase:phase=6": N_("The campaign is completed: this can no longer be done."),
    "Campaign_OtherEdition": N_(
        "The terms have changed since you read them. Load the page again, read them and pledge anew."
    ),
    "Campaign_BadAmount": N_(
        "The amount %(amount)s (smallest units) does not fit. Pledge more than nothing, and whole units"
        " where the campaign sells them."
    ),
    "Campaign_OverCap": N_(
        "The campaign takes %(left)s more (smallest units), and you give %(given)s. Pledge less."
    ),
    "Campaign_UnknownTier": N_("There is no reward number %(tier)s. Load the page again."),
    "Campaign_TierSoldOut": N_(
        "All of reward number %(tier)s are gone. Choose another, or pledge without one."
    ),
    "Campaign_TierHeld": N_("You have reward number %(tier)s already: there is one for each backer."),
    "Campaign_BelowTier": N_(
        "Reward number %(tier)s is for %(price)s or more (smallest units), and you would have %(given)s"
        " in the campaign. Pledge more."
    ),
    "Campaign_NotTheSource": N_("The wallet %(backer)s cannot pledge as this source of money."),
    "Campaign_NotTheSource:source=2": N_(
        "Only a qualified investor pledges as a fund, and the wallet %(backer)s is none."
    ),
    "Campaign_NotTheSource:source=3": N_(
        "State support is pledged only by a treasurer of a city that takes part, and the wallet"
        " %(backer)s is none."
    ),
    "Campaign_NotTheSource:source=4": N_(
        "Money of a national programme is pledged only by a treasurer of a city that takes part, and the"
        " wallet %(backer)s is none."
    ),
    "Campaign_NotCitizen": N_(
        "The wallet %(backer)s is no citizen's in city %(cityId)s. Pledge as another city's citizen, or"
        " as nobody's."
    ),
    "Campaign_OtherCity": N_("You have pledged here as a citizen of city %(cityId)s. Do so again."),
    "Campaign_ShortTransfer": N_(
        "The token %(token)s moved %(received)s instead of %(expected)s (smallest units). Nothing was"
        " changed."
    ),
    "Campaign_Nothing": N_("There is nothing here for the wallet %(account)s now."),
    "Campaign_NoMilestone": N_("All milestones are paid."),
    "Campaign_ReportPending": N_(
        "The report on milestone %(milestone)s can be objected to until %(vetoUntil)s. Wait for that."
    ),
    "Campaign_Overdue": N_(
        "Milestone %(milestone)s was due on %(due)s. It is too late for a report: anybody may stop the"
        " campaign."
    ),
    "Campaign_NoReport": N_("There is no report on the next milestone."),
    "Campaign_WindowOver": N_("The report could be objected to until %(vetoUntil)s."),
    "Campaign_WindowRunning": N_(
        "The report can be objected to until %(vetoUntil)s. The milestone is paid after that."
    ),
    "Campaign_ObjectedAlready": N_("The wallet %(backer)s objects already."),
    "Campaign_MayNotStop": N_(
        "Only the author or a moderator of the city stops the campaign before a milestone is overdue, and"
        " the wallet %(caller)s is neither."
    ),
    "Campaign_WrongForm": N_("A campaign of this form does not do that."),
    "Campaign_WrongForm:form=0": N_("The campaign takes donations: nothing is repaid or shared out."),
    "Campaign_WrongForm:form=1": N_("The campaign gives rewards: nothing is repaid or shared out."),
    "Campaign_WrongForm:form=2": N_("The campaign is a loan: it is repaid, no income is distributed."),
    "Campaign_WrongForm:form=3": N_("The campaign sells shares: income is distributed, nothing is repaid."),
    "Campaign_OverOwed": N_("%(owed)s are owed (smallest units), and you give %(given)s. Pay that at most."),
    "Campaign_NotInDefault": N_(
        "The loan is late since %(lateSince)s, which is not long enough for a default, or its default is"
        " declared already."
    ),
    "Campaign_NotInDefault:lateSince=0": N_("The loan is not late."),
    "Campaign_NotRecovered": N_("The wallet %(wallet)s was not replaced by another in city %(cityId)s."),
    "Campaign_ZeroAddress": N_("An address is missing. Fill it in."),
    "Campaign_SignatureExpired": N_("The signature was good until %(deadline)s. Sign again."),
    "Campaign_BadSignature": N_(
        "This is not what %(signer)s has signed, or something has changed since. Sign again."
    ),
}
