"""The facts of the domain: what `FundFactory` and its avatars write. An avatar is the token of its units too,
so `transfer` and `approval` are those of units.
"""

from backend.chain.facts import Factory, Index

CONTRACTS = ("FundFactory",)

FACTORIES = (Factory("FundLaunched", "fund", "FundAvatar"),)

FUND_INDEXES = (
    Index("fund", "organisation"),
    Index("fund", "content"),
    Index("fund_launched", "fund"),
    Index("fund_holding", "holding"),
    *(
        Index(fact, "contract")
        for fact in (
            "mandate_set", "fund_terms_set", "partner_terms_set", "manager_replaced", "appraiser_replaced",
            "fund_closed", "capital_called", "call_paid", "capital_committed", "partner_defaulted",
            "fee_taken", "proceeds_distributed", "fund_concluded", "carry_returned", "life_set",
        )
    ),
    *(
        Index(fact, "contract", holding)
        for fact, holding in {
            "invested": "campaign",
            "investment_withdrawn": "campaign",
            "fund_committed": "fund",
            "fund_paid": "fund",
            "proceeds_collected": "holding",
            "holding_written_off": "holding",
            "holding_marked": "holding",
        }.items()
    ),
    Index("motion_proposed", "contract", "number"),
    Index("motion_supported", "contract", "number"),
    Index("motion_carried", "contract", "number"),
)  # fmt: skip

PARTNER_INDEXES = (
    Index("partner_admitted", "partner"),
    Index("capital_committed", "partner"),
    Index("commitment_withdrawn", "partner"),
    Index("call_paid", "partner"),
    Index("partner_defaulted", "partner"),
    Index("distribution_claimed", "contract", "partner"),
    Index("distribution_claimed", "partner"),
    Index("credit_taken", "account"),
    Index("transfer", "contract"),
    Index("transfer", '"from"'),
    Index("transfer", '"to"'),
    Index("partner", "partner"),
)

BOARD_INDEXES = (Index("pledged", "source"), Index("venture", "year"))

INDEXES = FUND_INDEXES + PARTNER_INDEXES + BOARD_INDEXES

_SPONSOR = "SELECT l.organisation FROM fund_launched l WHERE l.fund = f.contract"

_PROJECT = """
    SELECT o.city_id AS home_id, l.organisation FROM fund_launched l
    LEFT JOIN project_opened o ON o.project_id = f.project_id WHERE l.fund = f.contract
"""

_HOLDING = """
    SELECT c.city_id AS home_id, l.organisation FROM fund_launched l
    LEFT JOIN campaign_created c ON c.campaign = f.holding WHERE l.fund = f.contract
"""

RELATED = (
    dict.fromkeys(
        (
            "mandate_set", "fund_terms_set", "partner_terms_set", "manager_replaced", "appraiser_replaced",
            "partner_admitted", "capital_committed", "commitment_withdrawn", "fund_closed", "capital_called",
            "call_paid", "partner_defaulted", "fund_committed", "fund_paid", "fee_taken",
            "proceeds_distributed", "distribution_claimed", "credit_taken", "motion_proposed",
            "motion_supported", "motion_carried", "life_set", "fund_concluded", "carry_returned", "transfer",
        ),
        _SPONSOR,
    )
    | dict.fromkeys(("invested", "investment_withdrawn"), _PROJECT)
    | dict.fromkeys(("proceeds_collected", "holding_written_off", "holding_marked"), _HOLDING)
)  # fmt: skip
