"""The enumerations of a fund's contract, as the API names them; their places are the contract's numbers."""

from typing import Literal

Phase = Literal["forming", "investing", "harvesting", "winding", "ended", "lapsed"]
Matter = Literal["replace_manager", "replace_appraiser", "extend_life", "wind_up"]

PHASES: tuple[Phase, ...] = ("forming", "investing", "harvesting", "winding", "ended", "lapsed")
MATTERS: tuple[Matter, ...] = ("replace_manager", "replace_appraiser", "extend_life", "wind_up")
