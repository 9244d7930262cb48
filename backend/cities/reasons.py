"""Why the city registry refuses."""

from backend.kit.texts import N_

REASONS = {
    "CityRegistry_UnknownCity": N_("There is no city number %(cityId)s. Check the number."),
    "CityRegistry_NoCode": N_("The city has no code. Give it one."),
    "CityRegistry_CodeTaken": N_("The code %(code)s already belongs to city %(cityId)s. Choose another."),
    "CityRegistry_ZeroAddress": N_("An address is missing. Fill it in."),
    "CityRegistry_NotSteward": N_(
        "Only the steward of city %(cityId)s may do this, and the wallet %(caller)s is not the steward's."
        " Connect the steward's wallet."
    ),
    "CityRegistry_MissingRole": N_(
        "The wallet %(account)s lacks a role in city %(cityId)s. The city's steward can grant it."
    ),
    "CityRegistry_MissingRole:role=1": N_(
        "Only verifiers of city %(cityId)s may do this, and the wallet %(account)s is none of theirs. The"
        " city's steward can grant the role."
    ),
    "CityRegistry_MissingRole:role=2": N_(
        "Only moderators of city %(cityId)s may do this, and the wallet %(account)s is none of theirs."
        " The city's steward can grant the role."
    ),
    "CityRegistry_MissingRole:role=4": N_(
        "Only experts of city %(cityId)s may do this, and the wallet %(account)s is none of theirs. The"
        " city's steward can grant the role."
    ),
    "CityRegistry_MissingRole:role=8": N_(
        "Only businesses that are partners of city %(cityId)s may do this, and the wallet %(account)s is"
        " none of theirs. The city's steward can grant the role."
    ),
    "CityRegistry_MissingRole:role=16": N_(
        "Only treasurers of city %(cityId)s may do this, and the wallet %(account)s is none of theirs."
        " The city's steward can grant the role."
    ),
    "CityRegistry_UnknownRoles": N_("%(roles)s names roles that do not exist. Choose among those offered."),
    "CityRegistry_NotCitizen": N_(
        "The wallet %(wallet)s is not registered as a citizen's in city %(cityId)s. Citizens are"
        " registered by the city."
    ),
    "CityRegistry_NoNullifier": N_(
        "What stands for the person's document is missing for the wallet %(wallet)s. Fill it in."
    ),
    "CityRegistry_NullifierTaken": N_(
        "This person is already registered in city %(cityId)s, with the wallet %(wallet)s. If they have"
        " lost it, propose a recovery."
    ),
    "CityRegistry_WalletTaken": N_(
        "The wallet %(wallet)s is or was a citizen's of city %(cityId)s. Choose another wallet."
    ),
    "CityRegistry_RecoveryPending": N_(
        "The wallet %(newWallet)s is already to take over from %(oldWallet)s. Withdraw that first, or wait."
    ),
    "CityRegistry_NoRecovery": N_(
        "No recovery of the wallet %(oldWallet)s is under way in city %(cityId)s. It was carried out or"
        " withdrawn, or never proposed."
    ),
    "CityRegistry_RecoveryTooEarly": N_("The recovery can be carried out from %(executableAt)s on."),
    "CityRegistry_MayNotCancel": N_(
        "Only the old wallet, or a verifier of city %(cityId)s, may stop this recovery. The wallet"
        " %(caller)s is neither."
    ),
    "CityRegistry_TooManyFollowers": N_(
        "%(given)s contracts are named, at most %(most)s may follow recoveries."
    ),
    "CityRegistry_SignatureExpired": N_("The signature was good until %(deadline)s. Sign again."),
    "CityRegistry_BadSignature": N_(
        "This is not what %(signer)s has signed, or something has changed since. Sign again."
    ),
}
