"""Changes of planners' scenarios; nothing that is in the directory changes with them."""

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.declarations import OfRow, Version, about, writes
from api.graphql.types.inputs.scenarios import NewScenario, ScenarioChanges, scenario_values
from geo.audience import Audience
from geo.writes.scenarios import CreateScenario, RetireScenario, UpdateScenario
from geo.writes.write import Write


@strawberry.type
class ScenariosMutation:
    """A part of the root."""

    @writes(Audience.PLANNER, price=prices.write_each("scenario", "changes", prices.CHANGE))
    def create_scenario(
        self,
        scenario: Annotated[NewScenario, about("The scenario.")],
    ) -> Write:
        """Save a scenario. It belongs to the organisation of who saves it or, without one, to who saves it."""
        return CreateScenario(values=scenario_values(scenario))

    @writes(Audience.PLANNER, price=prices.write_each("changes", "changes", prices.CHANGE))
    def update_scenario(
        self,
        id: OfRow,  # noqa: A002
        expected_version: Version,
        changes: Annotated[ScenarioChanges, about("What to change.")],
    ) -> Write:
        """Change some fields of a scenario; the list of its changes is given whole."""
        return UpdateScenario(id=id, expected_version=expected_version, values=scenario_values(changes))

    @writes(Audience.PLANNER)
    def retire_scenario(
        self,
        id: OfRow,  # noqa: A002
        expected_version: Version,
    ) -> Write:
        """Take a scenario away."""
        return RetireScenario(id=id, expected_version=expected_version)
