"""What planners ask about the scenarios that they have saved."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.projection import Shape
from api.graphql.declarations import After, AreaCode, First, RowId, Within, about, asks, page, within
from api.graphql.types.answers import Connection
from api.graphql.types.scenarios import Scenario, ScenarioComparison
from geo.audience import Audience
from geo.queries.planning import scenarios


@strawberry.type
class ScenariosQuery:
    """A part of the root."""

    @asks(
        lambda given: scenarios.Scenarios(**page(given, 20)),
        Shape.CONNECTION,
        work=prices.page,
        reserved=[Audience.PLANNER],
    )
    def scenarios(self, first: First = 20, after: After = None) -> Connection[Scenario]:
        """List the scenarios of your organisation or, without one, your own, by name."""

    @asks(lambda given: scenarios.Scenario(id=given["id"]), Shape.OBJECT, reserved=[Audience.PLANNER])
    def scenario(self, id: RowId) -> Scenario | None:  # noqa: A002
        """Give one of your scenarios; another's is not found, as one that does not exist."""

    @asks(
        lambda given: scenarios.Comparison(
            scenario_ids=given["scenarioIds"],
            within=within(given),
            area_code=given.get("areaCode"),
            level=given.get("level"),
        ),
        Shape.OBJECT,
        work=prices.comparison,
        reserved=[Audience.PLANNER],
    )
    def compare_scenarios(
        self,
        scenario_ids: Annotated[list[strawberry.ID], about("From 1 to 5 of your scenarios, of one category.")],
        within: Within,
        area_code: AreaCode = None,
        level: Annotated[
            int | None,
            about("The admin level of the parts, 1 to 5; one level down from the area where it is left out."),
        ] = None,
    ) -> ScenarioComparison:
        """Count the children newly covered and lost under scenarios, beside what is there today.

        By area and in all, with the distances to the nearest service. The area is the nation where none is named.
        Nothing real changes. The same scenario gives the same answer until data change, and then says which.
        """
