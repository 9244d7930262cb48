"""Random ways of projects: every step against a model of the rules, then every invariant.

`make test` plays a few, always the same; `make fuzz` plays many, others each time.
"""

import os
from time import time_ns

from tests.contracts.stateful.play import play
from tests.contracts.stateful.projects.invariants import ProjectInvariants

FUZZ = bool(os.environ.get("FUZZ"))
GAMES = int(os.environ.get("GAMES", 100 if FUZZ else 3))
STEPS = int(os.environ.get("STEPS", 200))

REACHED = {
    *("Supported", "Scored", "SentBack", "Pivoted", "PauseChanged", "AuthorChanged", "CourseCompleted"),
    *("ProjectRegistry_SupportedAlready", "ProjectRegistry_TooFewSupporters", "ProjectRegistry_OwnProject"),
    *("ProjectRegistry_Paused", "ProjectRegistry_CityTakesNoPart"),
}


def test_projects(w):
    ProjectInvariants.prepare(w)
    play(ProjectInvariants, GAMES, STEPS, seed=os.environ.get("SEED", str(time_ns()) if FUZZ else "projects"))
    missing = REACHED - set(ProjectInvariants.happened)
    assert not missing, f"the games never came to {missing}"
