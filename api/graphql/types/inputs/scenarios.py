"""Inputs to save a scenario."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from strawberry import UNSET

from api.graphql.types.inputs.offered import changes, values_of, whole
from geo.coordinates import LonLat
from geo.writes import scenarios

if TYPE_CHECKING:
    ScenarioChangesInput = Any
else:
    whole(scenarios.AddSite, "AddSiteInput", "A site where there is none.")
    whole(scenarios.CloseService, "CloseServiceInput", "A service that is closed.")
    whole(scenarios.MoveService, "MoveServiceInput", "A service that stands elsewhere.")
    whole(scenarios.ResizeService, "ResizeServiceInput", "A service with another capacity.")
    whole(scenarios.ScenarioChange, "ScenarioChangeInput", "What is changed: one of these.", one_of=True)
    ScenarioChangesInput = changes(
        scenarios.SavedScenario,
        "ScenarioChangesInput",
        "What to change of a scenario. New changes rest on the data of now, or of the base date that is given with "
        "them.",
    )


def scenario_values(given: Any) -> dict[str, Any]:
    """Return the fields that were given; each change becomes its kind and the values of that kind."""
    values = values_of(given)
    if values.get("changes") is not None:
        values["changes"] = [_change(turn, each) for turn, each in enumerate(values["changes"])]
    return values


def _change(turn: int, given: Any) -> dict[str, Any]:
    [(kind, chosen)] = values_of(given).items()
    if hasattr(chosen, "point"):
        # Set before the rest is checked, because making a place checks its degrees.
        field = f"changes.{turn}.{kind}.point"
        place = LonLat(lon=chosen.point.lon, lat=chosen.point.lat, field=field)
        return {"kind": kind.upper(), **values_of(replace(chosen, point=UNSET)), "point": place}
    return {"kind": kind.upper(), **values_of(chosen)}
