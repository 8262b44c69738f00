"""Changes of planners' scenarios; nothing that is in the directory changes with them."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices, tariff
from api.graphql.mutation.declaration import changed, writes
from api.graphql.types.inputs.scenarios import ScenarioChangesInput, scenario_values
from api.graphql.types.scenarios import Scenario
from geo.audience import Audience
from geo.writes import scenarios
from geo.writes.scenarios import CreateScenario, RetireScenario, UpdateScenario
from geo.writes.write import Write


@strawberry.type
class ScenariosMutation:
    """A part of the root."""

    @writes(
        Audience.PLANNER,
        price=prices.write_each(tariff.CHANGE, "changes"),
        of=CreateScenario,
        new=scenarios.Scenario,
        values=scenario_values,
        gives={"scenario": Scenario},
    )
    def create_scenario(self) -> Write:
        """Save a scenario. It belongs to the organisation of who saves it or, without one, to who saves it.

        200 may be saved for one owner; more are an error UNAVAILABLE.
        """

    @writes(
        Audience.PLANNER,
        price=prices.write_each(tariff.CHANGE, "changes", "changes"),
        of=UpdateScenario,
        takes=changed(ScenarioChangesInput, scenario_values),
        gives={"scenario": Scenario},
    )
    def update_scenario(self) -> Write:
        """Change some fields of a scenario; the list of its changes is given whole."""

    @writes(Audience.PLANNER, of=RetireScenario)
    def retire_scenario(self) -> Write:
        """Take a scenario away."""
