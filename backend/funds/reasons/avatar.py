"""Why a fund refuses."""

from backend.kit.texts import N_

TERMS = {
    "kinds": N_("Choose at least one kind of projects, unless the fund only commits to other funds."),
    "forms": N_("Choose at least one form of campaigns, unless the fund only commits to other funds."),
    "largestShare": N_("The largest share in one project is above 0 and at most 100 per cent."),
    "cities": N_("There are at most 256 cities in a mandate, each once."),
    "minimum": N_("Say from which sum on the fund can begin."),
    "cap": N_("The most that is committed is below the sum from which the fund can begin. Raise it."),
    "finalClosing": N_("The last day for commitments is over already. Choose a later one."),
    "investmentPeriod": N_("Say for how long the fund invests."),
    "life": N_("The fund would end before it has stopped investing. Give it a longer life."),
    "extension": N_("Say how often partners can extend the fund's life, and by how much; or neither."),
    "managementFee": N_("The management fee is a tenth a year at most."),
    "hurdle": N_("The hurdle is 100 per cent a year at most."),
    "catchUp": N_("The share in the catch-up is above the carry and at most 100 per cent, or there is none."),
    "carry": N_("The carry is half of the profit at most."),
    "escrow": N_("The part of the carry that is kept is 100 per cent at most."),
    "equalisation": N_("The premium of later partners is 100 per cent a year at most."),
    "callNotice": N_("Partners need a day at least to pay a call. Give them more time."),
    "dueAt": N_("A call may run for ninety days beyond the notice at most. Choose an earlier due date."),
    "lateFee": N_("The fee for paying late is 100 per cent at most."),
    "forfeit": N_("The part of the units that a default costs is 100 per cent at most."),
    "markTerm": N_("Say after how long a mark is stale."),
    "manager": N_("Manager and appraiser are two different wallets. Name another one."),
    "appraiser": N_("Manager and appraiser are two different wallets. Name another one."),
}
"""By the field of mandate or terms that makes no sense."""

_PHASES = (
    N_("Partners still gather, and the fund has not begun: this cannot be done now."),
    N_("The fund is investing: this cannot be done now."),
    N_("The fund's investment period is over: this can no longer be done."),
    N_("The fund's life is over, and it is being wound up: this can no longer be done."),
    N_("The fund has ended: this can no longer be done."),
    N_("The fund did not begin in time and is void: nothing but taking a commitment back can be done."),
)

REASONS = {
    "FundAvatar_NotFactory": N_("Funds are made by the factory of the ledger only."),
    "FundAvatar_NotManager": N_(
        "Only the fund's manager may do this, and the wallet %(caller)s is another. Connect the manager's"
        " wallet."
    ),
    "FundAvatar_NotAppraiser": N_(
        "Only the fund's appraiser may do this, and the wallet %(caller)s is another. Connect the"
        " appraiser's wallet."
    ),
    "FundAvatar_BadTerms": N_("Mandate or terms of the fund do not fit together (%(field)s). Check them."),
    **{f"FundAvatar_BadTerms:field={field}": text for field, text in TERMS.items()},
    "FundAvatar_WrongPhase": N_("This cannot be done in the fund's present phase. Load the page again."),
    **{f"FundAvatar_WrongPhase:phase={phase}": text for phase, text in enumerate(_PHASES)},
    "FundAvatar_ZeroAddress": N_("An address is missing. Fill it in."),
    "FundAvatar_BadAmount": N_("The amount is zero. Give more."),
    "FundAvatar_ShortTransfer": N_(
        "The token %(token)s moved %(received)s instead of %(expected)s (smallest units). Nothing was"
        " changed."
    ),
    "FundAvatar_Nothing": N_("There is nothing in the fund for the wallet %(account)s now."),
    # ------------------------------------------------------------ partners
    "FundAvatar_NotAdmitted": N_(
        "The wallet %(account)s is not admitted as a partner of the fund. Its manager admits partners."
    ),
    "FundAvatar_InDefault": N_(
        "The partner %(partner)s was declared in default: no commitments and no votes any more."
    ),
    "FundAvatar_OverCap": N_(
        "The fund takes commitments of %(left)s more (smallest units), and you give %(given)s. Commit less."
    ),
    "FundAvatar_OverMost": N_(
        "It costs %(asked)s by now, and you accept %(most)s at most (smallest units). Load the page again"
        " and see what it costs."
    ),
    "FundAvatar_CommitmentsClosed": N_(
        "The fund takes no more commitments: its final closing is over, or it has had proceeds."
    ),
    "FundAvatar_BelowMinimum": N_(
        "%(committed)s are committed, and the fund begins from %(minimum)s on (smallest units). Find more"
        " partners first."
    ),
    "FundAvatar_OverCommitment": N_(
        "%(left)s are left of the commitments, and you call %(asked)s (smallest units). Call less."
    ),
    "FundAvatar_ShortNotice": N_(
        "Partners need more time to pay: the due date is %(earliest)s at the earliest. Choose a later one."
    ),
    "FundAvatar_CallRunning": N_("The last call is to be paid until %(dueAt)s. Wait for that."),
    "FundAvatar_OverDue": N_("%(due)s are due (smallest units), and you pay %(given)s. Pay that at most."),
    "FundAvatar_NotLate": N_(
        "The partner %(partner)s is not late, or the days of grace still run: no default can be declared."
    ),
    "FundAvatar_Late": N_(
        "The partner %(partner)s is late with %(late)s (smallest units): until that is paid nothing can be"
        " claimed, and no units given away."
    ),
    "FundAvatar_FundCollects": N_(
        "%(fund)s is a fund: it takes what is its own by collecting from here itself."
    ),
    "FundAvatar_UnitsLocked": N_(
        "The units of %(partner)s stand for a motion and stay where they are until %(until)s."
    ),
    # ------------------------------------------------------------ holdings
    "FundAvatar_OutsideMandate": N_("The fund's mandate does not allow it."),
    "FundAvatar_OutsideMandate:rule=0": N_(
        "The fund's mandate does not allow projects of this kind. Choose a project of a kind that it names."
    ),
    "FundAvatar_OutsideMandate:rule=1": N_(
        "The project's home city, no. %(given)s, is not among those of the fund's mandate."
    ),
    "FundAvatar_OutsideMandate:rule=2": N_(
        "The fund's mandate does not allow campaigns of this form. Choose one of a form that it names."
    ),
    "FundAvatar_OutsideMandate:rule=3": N_(
        "The fund would have %(given)s of 10,000 parts of what is committed to it in one place, and its"
        " mandate allows %(allowed)s. Invest less."
    ),
    "FundAvatar_OutsideMandate:rule=4": N_(
        "The fund's mandate does not allow commitments to this fund: it must allow funds, and that fund must"
        " be another, which does not commit to funds itself."
    ),
    "FundAvatar_UnknownTarget": N_("%(target)s is neither a campaign nor a fund of this ledger."),
    "FundAvatar_OtherToken": N_(
        "It takes the token %(token)s, and the fund's money is in another. Choose one in the same token."
    ),
    "FundAvatar_OverCash": N_(
        "The fund has %(cash)s (smallest units), and %(asked)s are asked. Take less, or call capital first."
    ),
    "FundAvatar_NoHolding": N_("The fund holds nothing of %(holding)s."),
    "FundAvatar_BadDay": N_(
        "A mark is of a day after the last mark's, which is of %(last)s, and not of the future."
    ),
    "FundAvatar_BadDay:last=0": N_("A mark cannot be of a day in the future."),
    "FundAvatar_NoCompany": N_(
        "%(holding)s is a fund: it has no company whose value could be said. Leave that empty."
    ),
    # ------------------------------------------------------ money and motions
    "FundAvatar_JustEntered": N_("Somebody committed in this very second. Distribute in the next one."),
    "FundAvatar_UnknownMotion": N_("There is no motion number %(number)s."),
    "FundAvatar_MotionOver": N_("Motion number %(number)s is over."),
    "FundAvatar_ConsentedAlready": N_("The wallet %(partner)s consents to motion %(number)s already."),
    "FundAvatar_NoExtension": N_(
        "The fund's life cannot be extended any more: its terms allow this many times: %(extensions)s."
    ),
    "FundAvatar_NotEmpty": N_(
        "The fund still has cash of %(cash)s and holdings that cost %(cost)s (smallest units), or a fee to be"
        " taken. Distribute and settle them first."
    ),
    "FundAvatar_OverClawback": N_(
        "%(clawback)s are to be returned (smallest units), and you give %(given)s. Give that at most."
    ),
}
