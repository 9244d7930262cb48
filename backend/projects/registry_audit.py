"""What an audit asks about projects and requests."""

from backend.cities.audit import NOBODY, last
from backend.kit.checks import Confirm, Rule
from backend.kit.moment import Moment
from backend.projects.registry_derived import (
    MEMBERSHIP,
    PARTICIPATION,
    PROJECT,
    REQUEST,
    SUPPORT,
    THRESHOLDS,
)
from backend.projects.standing import standing


def _project(moment: Moment) -> str:
    return f"""
        SELECT project_id, author, city_id, kind, stage, paused, version, panel, request_id, support, scores,
            score_sum, members, courses, coalesce(campaign, {NOBODY})
        FROM {standing(moment)} p
    """


def _places(moment: Moment) -> str:
    """Everybody who was ever invited into a team, with their place of today."""
    return f"""
        SELECT project_id, member, coalesce(m.membership, 0)
        FROM {last(moment, "membership_changed", "project_id, member")} l
        LEFT JOIN {moment.of(MEMBERSHIP)} m USING (project_id, member)
    """


CONFIRMS = (
    Confirm(
        "projects", "ProjectRegistry", "projectCount", (), ("count",),
        lambda m: f"SELECT count(*) FROM {m.of(PROJECT)} p",
    ),
    Confirm(
        "requests", "ProjectRegistry", "requestCount", (), ("count",),
        lambda m: f"SELECT count(*) FROM {m.of(REQUEST)} r",
    ),
    Confirm(
        "project", "ProjectRegistry", "projectOf", ("project_id",),
        (
            "author", "city_id", "kind", "stage", "paused", "version", "panel", "request_id", "support",
            "scores", "score_sum", "members", "courses", "campaign",
        ),
        _project,
    ),
    Confirm(
        "project", "ProjectRegistry", "offeredTo", ("project_id",), ("offered_to",),
        lambda m: f"SELECT project_id, coalesce(offered_to, {NOBODY}) FROM {m.of(PROJECT)} p",
    ),
    Confirm(
        "request", "ProjectRegistry", "requestOf", ("request_id",),
        ("author", "city_id", "closes", "token", "budget"),
        lambda m: (
            f"SELECT request_id, author, city_id, closes, coalesce(token, {NOBODY}), budget"
            f" FROM {m.of(REQUEST)} r"
        ),
    ),
    Confirm(
        "thresholds", "ProjectRegistry", "thresholdsOf", ("city_id",),
        ("support", "experts", "score", "team", "courses"),
        lambda m: f"SELECT city_id, support, experts, score, team, courses FROM {m.of(THRESHOLDS)} t",
    ),
    Confirm(
        "membership", "ProjectRegistry", "membershipOf", ("project_id", "member"), ("membership",), _places
    ),
    Confirm(
        "participation", "ProjectRegistry", "participationOf", ("project_id", "city_id"), ("participation",),
        lambda m: f"SELECT project_id, city_id, participation FROM {m.of(PARTICIPATION)} p",
    ),
    Confirm(
        "score", "ProjectRegistry", "scoreOf", ("project_id", "panel", "expert"), ("score",),
        lambda m: f"SELECT project_id, panel, expert, score + 1 FROM {m.of('scored')} s",
    ),
    Confirm(
        "support", "ProjectRegistry", "isSupportedBy", ("project_id", "version", "city_id", "person"),
        ("supported",),
        lambda m: f"SELECT project_id, version, city_id, person, true FROM {m.of('supported')} s",
    ),
)  # fmt: skip

RULES = (
    Rule(
        "a person supports a version once",
        ("project_id", "version", "city_id", "person"),
        "votes",
        "one",
        lambda m: (
            f"""
            SELECT project_id, version, city_id, person, count(*), 1 FROM {m.of("supported")} s
            GROUP BY 1, 2, 3, 4 HAVING count(*) > 1
        """
        ),
    ),
    Rule(
        "only cities that take part support a project",
        ("project_id", "city_id"),
        "supporters",
        "none",
        lambda m: (
            f"""
            SELECT s.project_id, s.city_id, s.supporters, 0
            FROM {m.of(SUPPORT)} s JOIN {m.of(PROJECT)} p USING (project_id)
            LEFT JOIN {m.of(PARTICIPATION)} j ON j.project_id = s.project_id AND j.city_id = s.city_id
            WHERE s.city_id <> p.city_id AND j.participation IS DISTINCT FROM 2
        """
        ),
    ),
)
