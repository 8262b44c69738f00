"""Plans for a country, whose candidates and demand points are thinned, each with a bound that holds for all of them."""

from __future__ import annotations

from dataclasses import dataclass

from geo.siting.model import Plan
from geo.siting.squares import Squares


@dataclass(frozen=True)
class Thinned:
    """A plan that was found on squares; its chosen places and its bound are those of all candidates and demand points.

    Parameters
    ----------
    plan
        The plan.
    candidates, demand
        The squares that they were gathered in.

    """

    plan: Plan
    candidates: Squares
    demand: Squares

    @property
    def apart_m(self) -> float:
        """How far a place is from the middle of its square at most, metres."""
        return float(max(self.candidates.radius_m.max(), self.demand.radius_m.max(initial=0.0)))
