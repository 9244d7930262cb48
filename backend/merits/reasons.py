"""Why the merit ledger and the reward market refuse."""

from backend.kit.texts import N_

_LEDGER = {
    "MeritLedger_Paused": N_(
        "Awards and redemptions in city %(cityId)s are paused. Try again when the pause is over; merits"
        " that end meanwhile are not extended."
    ),
    "MeritLedger_NotBegun": N_("The ledger begins to count on %(origin)s. Try again then."),
    "MeritLedger_UnknownKind": N_(
        "City %(cityId)s does not award acts of kind %(kindId)s, or no longer. Choose a kind that it"
        " publishes."
    ),
    "MeritLedger_BudgetExceeded": N_(
        "The verifier's budget does not suffice: %(asked)s merits are needed, %(left)s are left in this"
        " period. Award fewer, or ask the city's steward for a larger budget."
    ),
    "MeritLedger_CapExceeded": N_(
        "More than the city's cap for one citizen: %(asked)s merits are awarded to %(citizen)s, who may"
        " earn %(left)s. Award fewer, or on another day."
    ),
    "MeritLedger_EmptyBatch": N_("The list of citizens is empty. Name at least one."),
    "MeritLedger_EmptyEpoch": N_("The epoch awards nothing. Name at least one citizen."),
    "MeritLedger_BadDays": N_(
        "The days from %(firstDay)s to %(lastDay)s cannot be awarded. Choose days in their order, the"
        " first not before %(from)s (earlier ones are in an epoch already) and the last before %(today)s."
    ),
    "MeritLedger_TooManyEpochs": N_(
        "City %(cityId)s has opened all the epochs that a period has room for. The next can be opened in"
        " the next period."
    ),
    "MeritLedger_UnknownEpoch": N_("City %(cityId)s has no epoch number %(epochId)s."),
    "MeritLedger_EpochCancelled": N_(
        "The city has stopped epoch %(epochId)s: its awards can no longer be collected."
    ),
    "MeritLedger_EpochOver": N_(
        "The time to collect or reverse awards of epoch %(epochId)s is over: it ended with the period"
        " after its own."
    ),
    "MeritLedger_AlreadyClaimed": N_(
        "The award of epoch %(epochId)s to %(citizen)s is collected or reversed already."
    ),
    "MeritLedger_EpochExhausted": N_(
        "The list of epoch %(epochId)s does not add up: it has acts for %(asked)s more and only %(left)s"
        " were opened. Please tell the city."
    ),
    "MeritLedger_BadProof": N_(
        "This award to %(citizen)s is not in the list of epoch %(epochId)s. Please tell the city."
    ),
    "MeritLedger_UnknownBatch": N_("No such awards were ever given. Load the page again."),
    "MeritLedger_BadIndex": N_(
        "The batch has %(count)s awards, number %(index)s (from 0) is not among them."
    ),
    "MeritLedger_AlreadyReversed": N_("This award to %(citizen)s is reversed already."),
    "MeritLedger_TooFewMerits": N_(
        "There are %(held)s merits of city %(cityId)s to spend and %(asked)s are needed. Choose something"
        " else, or earn more first."
    ),
    "MeritLedger_Overflow": N_(
        "The account of %(citizen)s in city %(cityId)s has no room for so many merits."
    ),
    "MeritLedger_OnlyMarket": N_("Merits are spent and given back through offers and vouchers only."),
    "MeritLedger_OnlyRegistry": N_(
        "An account moves to another wallet only by a recovery in the city registry."
    ),
    "MeritLedger_BadTerms": N_("The ledger cannot be opened so: a period is a day at least."),
}

_MARKET = {
    "RewardMarket_BadTerms": N_("The terms of the offer do not fit together (%(field)s). Check them."),
    "RewardMarket_BadTerms:field=price": N_("The price is zero. Ask for one merit at least."),
    "RewardMarket_BadTerms:field=stock": N_("Offer one voucher at least and 16,777,215 at most."),
    "RewardMarket_BadTerms:field=closes": N_(
        "The offer would close before it opens, or has closed already. Choose a later end."
    ),
    "RewardMarket_BadTerms:field=term": N_("A voucher has to be good for some time. Give it a term."),
    "RewardMarket_BadTerms:field=token": N_(
        "An amount for each voucher is given, but no token to pay it in. Give both or neither."
    ),
    "RewardMarket_BadTerms:field=perVoucher": N_(
        "A token is given, but no amount for each voucher. Give both or neither."
    ),
    "RewardMarket_BadTerms:field=accepts": N_(
        "Of the further cities one does not exist, is named twice, or is the offer's own."
    ),
    "RewardMarket_BadTerms:field=amount": N_("Pay for one voucher at least."),
    "RewardMarket_UnknownOffer": N_("There is no offer number %(offerId)s."),
    "RewardMarket_NotPartner": N_(
        "Only the business that published offer %(offerId)s may do this, and the wallet %(caller)s is"
        " another. Connect the wallet of the business."
    ),
    "RewardMarket_NotOpen": N_(
        "Offer %(offerId)s is open from %(opens)s to %(closes)s, and it is %(time)s now. Choose another"
        " offer, or come back when it is open."
    ),
    "RewardMarket_SoldOut": N_(
        "All vouchers of offer %(offerId)s are gone. Choose another offer; expired vouchers come back to"
        " the stock."
    ),
    "RewardMarket_LimitReached": N_(
        "Offer %(offerId)s allows each citizen so many vouchers: %(limit)s. You have had them. Choose"
        " another offer."
    ),
    "RewardMarket_CityNotAccepted": N_(
        "Offer %(offerId)s does not take merits of city %(cityId)s. Choose another city, or another offer."
    ),
    "RewardMarket_NoSeal": N_("The voucher has no code to seal it. Load the page again and redeem anew."),
    "RewardMarket_NotThisVoucher": N_("Voucher %(voucherId)s is not open. Load the page again."),
    "RewardMarket_NotThisVoucher:status=0": N_("There is no voucher number %(voucherId)s. Check the number."),
    "RewardMarket_NotThisVoucher:status=1": N_(
        "What was sent about voucher %(voucherId)s is not what the ledger says. Load the page again."
    ),
    "RewardMarket_NotThisVoucher:status=2": N_(
        "Voucher %(voucherId)s was fulfilled already. It is good once only."
    ),
    "RewardMarket_NotThisVoucher:status=3": N_(
        "The merits of voucher %(voucherId)s were given back already. It is good no more."
    ),
    "RewardMarket_WrongCode": N_(
        "This is not the code of voucher %(voucherId)s. Ask the citizen to show the code again."
    ),
    "RewardMarket_VoucherExpired": N_(
        "Voucher %(voucherId)s was good until %(expires)s. The citizen can have the merits back."
    ),
    "RewardMarket_VoucherRunning": N_(
        "Voucher %(voucherId)s is still good. The merits can be given back from %(expires)s on."
    ),
    "RewardMarket_NoPool": N_("Offer %(offerId)s has no sponsor, or another than %(sponsor)s."),
    "RewardMarket_PoolInUse": N_(
        "The pool of offer %(offerId)s is still needed: the offer is open, or vouchers are not settled"
        " yet (%(open)s). Try again when it is closed and all are settled."
    ),
    "RewardMarket_NothingToWithdraw": N_("There is nothing to draw for %(partner)s in the token %(token)s."),
    "RewardMarket_ShortTransfer": N_(
        "The token %(token)s moved %(received)s instead of %(expected)s (smallest units). Choose a token"
        " that takes no fee."
    ),
    "RewardMarket_ZeroAddress": N_("An address is missing. Fill it in."),
    "RewardMarket_SignatureExpired": N_("The signature was good until %(deadline)s. Sign again."),
    "RewardMarket_BadSignature": N_(
        "This is not what %(signer)s has signed, or something has changed since. Sign again."
    ),
}

REASONS = _LEDGER | _MARKET
