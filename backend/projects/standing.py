"""How projects stand: the state of each with all that is counted of it, as the contract's `projectOf`."""

from backend.kit.moment import Moment
from backend.projects.registry_derived import COURSES, MEMBERSHIP, PROJECT, SCORES, SUPPORT


def standing(moment: Moment) -> str:
    """Relation of the columns of `project` with `support` (of its version), `scores` and `score_sum` (of its
    panel), `members` (who accepted) and `courses`.
    """
    return f"""(
        SELECT p.*, coalesce(s.support, 0) AS support, coalesce(e.scores, 0) AS scores,
            coalesce(e.score_sum, 0) AS score_sum, coalesce(m.members, 0) AS members,
            coalesce(c.courses, 0) AS courses
        FROM {moment.of(PROJECT)} p
        LEFT JOIN (
            SELECT project_id, version, sum(supporters)::bigint AS support FROM {moment.of(SUPPORT)} v
            GROUP BY project_id, version
        ) s USING (project_id, version)
        LEFT JOIN {moment.of(SCORES)} e USING (project_id, panel)
        LEFT JOIN (
            SELECT project_id, count(*) AS members FROM {moment.of(MEMBERSHIP)} i WHERE membership = 2
            GROUP BY project_id
        ) m USING (project_id)
        LEFT JOIN {moment.of(COURSES)} c USING (project_id)
    )"""
