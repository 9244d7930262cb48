"""Why an action failed where no contract says it, by name: English texts, translated where they are shown."""

from backend.kit.texts import N_

NOT_YOURS, REPLACED, NO_EFFECT = "NotYours", "Replaced", "NoEffect"

REASONS = {
    NOT_YOURS: N_("This transaction was sent by another wallet."),
    REPLACED: N_("The wallet sent another transaction in its place, or cancelled it."),
    NO_EFFECT: N_("The transaction went through and changed nothing: it had been done already."),
}
