"""The facts of the domain: what `ProjectRegistry`, `CampaignFactory`, its campaigns and `MatchingPool`
write.
"""

from backend.chain.facts import Factory, Index

CONTRACTS = ("ProjectRegistry", "CampaignFactory", "MatchingPool")

FACTORIES = (Factory("CampaignCreated", "campaign", "Campaign"),)

REGISTRY_INDEXES = (
    Index("project", "content"),
    Index("project", "city_id"),
    Index("project", "author"),
    Index("project", "request_id"),
    Index("request", "content"),
    Index("request", "city_id"),
    Index("participation", "city_id"),
    Index("membership", "member"),
    Index("project_opened", "project_id"),
    Index("project_opened", "city_id"),
    Index("project_opened", "request_id"),
    Index("project_described", "project_id"),
    Index("stage_reached", "project_id"),
    Index("funded_by", "project_id"),
    Index("sent_back", "project_id"),
    Index("pause_changed", "project_id"),
    Index("pivoted", "project_id"),
    Index("author_changed", "project_id"),
    Index("author_offered", "project_id"),
    Index("participation_changed", "project_id"),
    Index("membership_changed", "project_id"),
    Index("membership_changed", "member"),
    Index("supported", "project_id", "person"),
    Index("supported", "citizen"),
    Index("scored", "project_id"),
    Index("course_completed", "project_id"),
    Index("request_published", "request_id"),
    Index("request_published", "city_id"),
    Index("request_closed", "request_id"),
    Index("thresholds_set", "city_id"),
)

MONEY_INDEXES = (
    Index("campaign", "project_id"),
    Index("campaign", "city_id"),
    Index("campaign_created", "campaign"),
    Index("campaign_stopped", "contract"),
    Index("investor_set", "wallet"),
    Index("limit_used", "person", "year"),
    Index("match_received", "contract"),
    Index("milestone_reported", "contract"),
    Index("objected", "contract"),
    Index("pledge_counted", "campaign", "person"),
    Index("pledge_moved", "contract"),
    Index("pledge_moved", "old_wallet"),
    Index("pledge_moved", "new_wallet"),
    Index("pledge_refunded", "backer"),
    Index("pledge_withdrawn", "backer"),
    Index("pledged", "contract", "backer"),
    Index("pledged", "backer"),
    Index("position", "backer"),
    Index("proceeds_claimed", "backer"),
    Index("report_voided", "contract"),
    Index("tally", "round_id"),
    Index("terms_set", "contract"),
    Index("tier_set", "contract"),
    Index("tranche_released", "contract"),
)

INDEXES = REGISTRY_INDEXES + MONEY_INDEXES

_HOME = "SELECT o.city_id AS home_id, o.author FROM project_opened o WHERE o.project_id = f.project_id"

REGISTRY_RELATED = dict.fromkeys(
    (
        "project_described", "stage_reached", "funded_by", "sent_back", "pause_changed", "pivoted",
        "author_changed", "author_offered", "participation_changed", "membership_changed",
        "supported", "scored", "course_completed",
    ),
    _HOME,
)  # fmt: skip

_CAMPAIGN = "SELECT c.city_id AS home_id FROM campaign_created c WHERE c.campaign = f.%s"

MONEY_RELATED = dict.fromkeys(
    (
        "terms_set", "tier_set", "loan_terms_set", "unit_price_set", "pledged", "pledge_withdrawn",
        "pledge_refunded", "pledge_moved", "milestone_reported", "objected", "report_voided",
        "tranche_released", "tranche_collected", "fee_collected", "campaign_stopped", "match_received",
        "match_returned", "loan_repaid", "loan_defaulted", "income_distributed", "proceeds_claimed",
    ),
    _CAMPAIGN % "contract",
) | dict.fromkeys(
    (
        "campaign_entered", "pledge_counted", "campaign_weighed", "match_assigned", "match_paid",
        "match_forfeited",
    ),
    _CAMPAIGN % "campaign",
)  # fmt: skip

RELATED = REGISTRY_RELATED | MONEY_RELATED
