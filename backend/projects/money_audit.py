"""What an audit asks about campaigns, positions and rounds. The rules stand in words in
`docs/invariants.md`."""

from functools import cache
from typing import Any, get_args

from backend.chain.contract import Contract
from backend.chain.deployment import abi
from backend.cities.audit import last
from backend.kit.checks import Confirm, Query, Row, Rule
from backend.kit.moment import Moment
from backend.projects import campaigns, loans, milestones, positions
from backend.projects.money_derived import (
    CAMPAIGN,
    CAMPAIGN_SOURCE,
    CAMPAIGN_SUM,
    POSITION,
    ROUND_SUM,
    TALLY,
)
from backend.projects.money_schemas import Phase
from backend.relay.permit import token

PHASES: tuple[str, ...] = get_args(Phase)


@cache
def _kind() -> Contract:
    return Contract("Campaign", None, abi("ICampaign"))


def _campaign(
    function: str, key: tuple[str, ...], values: tuple[str, ...], query: Query, **more: Any
) -> Confirm:
    """A view of each campaign; the first of `key` is its address."""
    return Confirm("campaign", "Campaign", function, key, values, query, each=lambda a: _kind().at(a), **more)


def _states(moment: Moment) -> str:
    return f"""
        SELECT contract, phase, edition, pledges > 0, raised, matched, released, milestone,
            released - fees - collected, fees - fees_collected, proceeds, coalesce(to_backers, 0)
        FROM {campaigns.campaigns(moment)} c
    """


def _state(row: Row) -> Row:
    return (PHASES.index(row[0]), *row[1:])


def _terms(moment: Moment) -> str:
    return f"""
        SELECT c.contract, payee, opens, closes, cooling_off, goal, cap, veto_share, veto_window,
            milestone_term,
            milestones, c.content, coalesce(t.tiers, '[]'),
            jsonb_build_array(
                coalesce(rate, 0), coalesce(instalments, 0), coalesce("interval", 0), coalesce(grace, 0),
                coalesce(default_after, 0)
            ), coalesce(unit_price, 0)
        FROM {moment.of(CAMPAIGN)} c LEFT JOIN (
            SELECT contract, edition, jsonb_agg(
                jsonb_build_array(price, stock, '0x' || encode(content, 'hex')) ORDER BY tier
            ) AS tiers
            FROM {moment.of("tier_set")} t GROUP BY contract, edition
        ) t USING (contract, edition)
    """


def _reports(moment: Moment) -> str:
    return f"""
        SELECT contract, coalesce(r.milestone, 0), coalesce(r.attempt, 0), coalesce(r.veto_until, 0),
            coalesce(r.objections, 0)
        FROM {campaigns.campaigns(moment)} c
        LEFT JOIN {milestones.under_way(moment)} r USING (contract)
        WHERE c.phase = 'funded' OR r.contract IS NULL
    """


def _positions(moment: Moment) -> str:
    return f"""
        SELECT p.contract, p.backer, p.amount, CASE WHEN p.amount > 0 THEN s.cooling ELSE 0 END,
            CASE WHEN p.amount > 0 THEN s.cooling_until ELSE 0 END,
            CASE WHEN p.amount > 0 THEN s.city_id ELSE 0 END, s.tier, p.drawn
        FROM {moment.of(POSITION)} p JOIN {positions.standing(moment)} s USING (contract, backer)
    """


def _entitlements(moment: Moment) -> str:
    """Of a loan or share stopped after a release, a refund pays what a claim does."""
    return f"""
        SELECT contract, backer, CASE
                WHEN c.phase = 'stopped' AND c.form IN ({campaigns.LOAN}, {campaigns.SHARE}) AND c.released
                    > 0
                THEN {campaigns.CLAIMABLE} ELSE {campaigns.REFUNDABLE} END
        FROM {moment.of(POSITION)} p JOIN {campaigns.campaigns(moment)} c USING (contract)
    """


def _claims(moment: Moment) -> str:
    return f"""
        SELECT contract, backer, {campaigns.CLAIMABLE}
        FROM {moment.of(POSITION)} p JOIN {campaigns.campaigns(moment)} c USING (contract)
    """


def _stocks(moment: Moment) -> str:
    return f"""
        SELECT t.contract, t.tier, t.stock - coalesce(h.held, 0)
        FROM {moment.of(CAMPAIGN)} c JOIN {moment.of("tier_set")} t USING (contract, edition)
        LEFT JOIN {campaigns.tiers_held(moment)} h ON h.contract = t.contract AND h.tier = t.tier
    """


def _loans(moment: Moment) -> str:
    return f"""
        SELECT contract, rate, instalments, "interval", grace, default_after, changes, defaulted_at,
            {moment.time}
        FROM {loans.loans(moment)} l
    """


def _rounds(moment: Moment) -> str:
    """Step and place follow from how many campaigns are weighed and assigned."""
    return f"""
        SELECT round_id, o.city_id, o.token, o.min_merits, o.person_limit, o.closes, o.redistribute,
            CASE WHEN f.round_id IS NOT NULL THEN 3 WHEN s.campaigns > 0 AND s.weighed = s.campaigns THEN 2
                WHEN s.weighed > 0 THEN 1 ELSE 0 END,
            s.budget, s.campaigns, CASE WHEN s.weighed = s.campaigns THEN s.given ELSE s.weighed END,
            s.weight, s.assigned, s.rest
        FROM {moment.of("round_opened")} o JOIN {moment.of(ROUND_SUM)} s USING (round_id)
        LEFT JOIN {moment.of("round_settled")} f USING (round_id)
    """


def _tallies(moment: Moment) -> str:
    return f"""
        SELECT round_id, contract, roots, counted, people, coalesce(weight, 0), coalesce(assigned, 0),
            paid IS NOT NULL OR forfeited IS NOT NULL
        FROM {moment.of(TALLY)} t
    """


_HELD = """s.raised - s.refunded + s.matched - s.collected - s.fees_collected + s.repaid + s.distributed
    - s.claimed"""


def _balances(moment: Moment) -> str:
    return f"""
        SELECT c.token, c.contract, {_HELD}
        FROM {moment.of(CAMPAIGN)} c JOIN {moment.of(CAMPAIGN_SUM)} s USING (contract)
    """


def _setting(function: str, fact: str, column: str) -> Confirm:
    """The last of what the operator set for all campaigns."""
    return Confirm(
        "terms of all", "CampaignFactory", function, (), (column,),
        lambda m: f"SELECT {column} FROM {m.of(fact)} f ORDER BY block_number DESC, log_index DESC LIMIT 1",
    )  # fmt: skip


CONFIRMS = (
    _campaign(
        "stateOf", ("campaign",),
        (
            "phase", "edition", "frozen", "raised", "matched", "released", "milestone", "uncollected", "fees",
            "proceeds", "to_backers",
        ),
        _states, expected=_state,
    ),
    _campaign(
        "terms", ("campaign",),
        (
            "payee", "opens", "closes", "cooling_off", "goal", "cap", "veto_share", "veto_window",
            "milestone_term", "milestones", "content", "tiers", "loan", "unit_price",
        ),
        _terms,
    ),
    *(
        _campaign(
            function, ("campaign",), (column,),
            lambda m, column=column: f"SELECT contract, {column} FROM {m.of(CAMPAIGN)} c",
        )
        for function, column in (
            ("form", "form"), ("projectId", "project_id"), ("cityId", "city_id"), ("roundId", "round_id"),
            ("token", "token"), ("feeShare", "fee_share"),
        )
    ),
    _campaign("reportOf", ("campaign",), ("milestone", "attempt", "veto_until", "objections"), _reports),
    _campaign(
        "positionOf", ("campaign", "backer"),
        ("amount", "cooling", "cooling_until", "city_id", "tier", "drawn"), _positions,
    ),
    _campaign("refundableOf", ("campaign", "backer"), ("refundable",), _entitlements),
    _campaign("claimableOf", ("campaign", "backer"), ("claimable",), _claims),
    _campaign("stockOf", ("campaign", "tier"), ("left",), _stocks),
    _campaign(
        "loanOf", ("campaign",), ("principal", "interest", "late_since", "defaulted"), _loans,
        expected=lambda row: loans.loan_of(row[:-1], row[-1]),
    ),
    Confirm(
        "balance", "ERC20", "balanceOf", ("token", "campaign"), ("balance",), _balances,
        each=lambda address: token(address), at_least=True,
    ),
    _setting("yearLimit", "year_limit_set", "kopecks"),
    _setting("feeShare", "fee_set", "fee_share"),
    _setting("treasury", "fee_set", "treasury"),
    Confirm(
        "token", "CampaignFactory", "perRoubleOf", ("token",), ("per_rouble",),
        lambda m: f"SELECT token, per_rouble FROM {last(m, 'token_set', 'token')} t",
    ),
    Confirm(
        "investor", "CampaignFactory", "investorOf", ("wallet",), ("person", "qualified"),
        lambda m: f"SELECT wallet, person, qualified FROM {last(m, 'investor_set', 'wallet')} i",
    ),
    Confirm(
        "limit", "CampaignFactory", "usedBy", ("person", "year"), ("used",),
        lambda m: f"SELECT person, year, used FROM {last(m, 'limit_used', 'person, year')} u",
    ),
    Confirm(
        "campaigns", "CampaignFactory", "projectOf", ("campaign",), ("project_id",),
        lambda m: f"SELECT campaign, project_id FROM {m.of('campaign_created')} c",
    ),
    Confirm(
        "rounds", "MatchingPool", "roundCount", (), ("count",),
        lambda m: f"SELECT count(*) FROM {m.of('round_opened')} o",
    ),
    Confirm(
        "round", "MatchingPool", "roundOf", ("round_id",),
        (
            "city_id", "token", "min_merits", "person_limit", "closes", "redistribute", "step", "budget",
            "campaigns", "next", "weight", "assigned", "rest",
        ),
        _rounds,
    ),
    Confirm(
        "tally", "MatchingPool", "tallyOf", ("round_id", "campaign"),
        ("roots", "sum", "people", "weight", "assigned", "paid"), _tallies,
    ),
    Confirm(
        "tally", "MatchingPool", "countedOf", ("campaign", "person"), ("counted",),
        lambda m: f"SELECT campaign, person, counted FROM {last(m, 'pledge_counted', 'campaign, person')} p",
    ),
)  # fmt: skip


def _broken(name: str, left: str, right: str, condition: str, columns: tuple[str, str]) -> Rule:
    """A rule about the sums `s` of each campaign `c`, with those of its positions `p` and sources `o`."""
    return Rule(
        name, ("campaign",), left, right,
        lambda m: f"""
            SELECT c.contract, {columns[0]}, {columns[1]}
            FROM {m.of(CAMPAIGN)} c JOIN {m.of(CAMPAIGN_SUM)} s USING (contract)
            LEFT JOIN (
                SELECT contract, sum(amount) AS amount, sum(drawn) AS drawn FROM {m.of(POSITION)} x
                GROUP BY contract
            ) p USING (contract)
            LEFT JOIN (
                SELECT contract, sum(raised) AS raised FROM {m.of(CAMPAIGN_SOURCE)} x GROUP BY contract
            ) o USING (contract)
            LEFT JOIN {m.of(TALLY)} t USING (contract)
            WHERE {condition}
        """,
    )  # fmt: skip


RULES = (
    _broken(
        "positions are what was raised and not refunded", "all positions", "raised less settled",
        "coalesce(p.amount, 0) <> s.raised - s.settled", ("coalesce(p.amount, 0)", "s.raised - s.settled"),
    ),
    _broken(
        "all that was raised came from somewhere", "all sources", "raised",
        "coalesce(o.raised, 0) <> s.raised", ("coalesce(o.raised, 0)", "s.raised"),
    ),
    _broken(
        "backers drew what was claimed", "drawn", "claimed",
        "coalesce(p.drawn, 0) <> s.claimed", ("coalesce(p.drawn, 0)", "s.claimed"),
    ),
    _broken(
        "no more is released than raised and matched", "released", "raised and matched",
        "s.released > s.raised + s.matched + s.returned", ("s.released", "s.raised + s.matched + s.returned"),
    ),
    _broken(
        "no more is collected than released", "collected", "released",
        "s.collected > s.released - s.fees OR s.fees_collected > s.fees",
        ("s.collected + s.fees_collected", "s.released"),
    ),
    _broken(
        "no refund is more than its pledge", "refunded", "settled",
        "s.refunded > s.settled", ("s.refunded", "s.settled"),
    ),
    _broken(
        "what a campaign got from the pool, the pool paid", "matched and returned", "paid",
        "coalesce(t.paid, 0) <> s.matched + s.returned", ("s.matched + s.returned", "coalesce(t.paid, 0)"),
    ),
    _broken(
        "what a campaign owes is in it", "the campaign's money", "the least", f"{_HELD} < 0", (_HELD, "0"),
    ),
    Rule(
        "a round gives no more than its budget", ("round_id",), "assigned", "the budget",
        lambda m: f"SELECT round_id, assigned, budget FROM {m.of(ROUND_SUM)} s WHERE assigned > budget",
    ),
    Rule(
        "the rest of a round is its own", ("round_id",), "rest and reclaimed", "not assigned, or forfeited",
        lambda m: f"""
            SELECT round_id, s.rest + s.reclaimed, s.budget - s.assigned + s.forfeited
            FROM {m.of(ROUND_SUM)} s JOIN {m.of("round_settled")} f USING (round_id)
            WHERE s.rest + s.reclaimed <> s.budget - s.assigned + s.forfeited
        """,
    ),
)  # fmt: skip
