"""Queries about sites that are tried, and planners' about their saved scenarios."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import strawberry

from api.graphql.compile import prices
from api.graphql.compile.readings import Shape
from api.graphql.declarations import asks
from api.graphql.types.connections import Connection
from api.graphql.types.scenarios import Scenario, ScenarioComparison, SitesTried
from geo.audience import Audience
from geo.queries.planning import scenarios as saved


@strawberry.type
class ScenariosQuery:
    """A part of the root."""

    @asks(saved.Scenarios, Shape.CONNECTION, work=prices.page, reserved=[Audience.PLANNER])
    def scenarios(self) -> Connection[Scenario]:
        """List the scenarios of your organisation or, without one, your own, by name."""

    @asks(saved.SitesTried, Shape.OBJECT, work=prices.sites_tried)
    def sites_tried(self) -> SitesTried:
        """Count the children newly covered and lost if sites of a category were added or closed, beside today.

        By area and in all, with the distances to the nearest service. Nothing is saved and nothing real changes.
        """

    @asks(saved.Comparison, Shape.OBJECT, work=prices.comparison, reserved=[Audience.PLANNER])
    def compare_scenarios(self) -> ScenarioComparison:
        """Count the children newly covered and lost under scenarios, beside what is there today.

        By area and in all, with the distances to the nearest service. Nothing real changes. The same scenario gives the
        same answer until data change, and then says which. Null where none of the scenarios is there.
        """
