"""Why the factory of funds refuses."""

from backend.kit.texts import N_

REASONS = {
    "FundFactory_TokenNotAllowed": N_(
        "Funds do not take the token %(token)s. Choose one of those that the operator allows in campaigns."
    ),
    "FundFactory_BadName": N_(
        "A fund's name is 1 to 64 bytes long (a Russian letter has two), its symbol 1 to 12. Shorten them."
    ),
    "FundFactory_ZeroAddress": N_("An address is missing. Fill it in."),
}
