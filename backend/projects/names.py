"""The enumerations of the contracts, as the API names them; their places are the contracts' numbers."""

from typing import Literal

Kind = Literal[
    "intellectual_property", "startup", "investment", "business", "public_private_partnership", "university",
    "social", "development", "urbanist", "charity", "creative_industry",
]  # fmt: skip
Stage = Literal[
    "request", "idea", "premoderation", "assessment", "expertise", "team", "design", "acceleration",
    "financing", "implementation", "completed",
]  # fmt: skip
Pause = Literal["author", "moderator"]
Form = Literal["donation", "reward", "loan", "share"]
Source = Literal["crowd", "private", "fund", "state", "national_programme"]

KINDS: tuple[Kind, ...] = (
    "intellectual_property", "startup", "investment", "business", "public_private_partnership", "university",
    "social", "development", "urbanist", "charity", "creative_industry",
)  # fmt: skip
STAGES: tuple[Stage, ...] = (
    "request", "idea", "premoderation", "assessment", "expertise", "team", "design", "acceleration",
    "financing", "implementation", "completed",
)  # fmt: skip
"""The first has the number 1: the contract's 0 is no stage."""
PAUSES: tuple[Pause, ...] = ("author", "moderator")
"""The first has the number 1: 0 is not paused."""
FORMS: tuple[Form, ...] = ("donation", "reward", "loan", "share")
SOURCES: tuple[Source, ...] = ("crowd", "private", "fund", "state", "national_programme")
