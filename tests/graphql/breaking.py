"""What a new schema breaks of a released one, apart from what has been deprecated for a year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from graphql import (
    REMOVE,
    BreakingChange,
    GraphQLSchema,
    Visitor,
    build_ast_schema,
    build_schema,
    get_directive_values,
    is_interface_type,
    is_object_type,
    parse,
    visit,
)
from graphql.type import GraphQLDeprecatedDirective
from graphql.utilities import find_breaking_changes

NOTICE = dt.timedelta(days=365)


def breaking(released: str, now: str, today: dt.date) -> list[BreakingChange]:
    """Return what breaks between two schemas in SDL.

    A reason of ``@deprecated`` begins with its day: ``2026-11-29: use areaCode``. A year later its field, argument,
    value or input field may go, and with it the types that only it leads to.
    """
    return find_breaking_changes(_reachable(_kept(released, today)), build_schema(now))


def _kept(released: str, today: dt.date) -> GraphQLSchema:
    """Return a schema without what may go."""

    class Ended(Visitor):
        def enter(self, node: Any, *_: Any) -> Any:
            if not hasattr(node, "directives"):
                return None
            deprecated = get_directive_values(GraphQLDeprecatedDirective, node)
            if deprecated is None:
                return None
            return REMOVE if dt.date.fromisoformat(deprecated["reason"][:10]) + NOTICE <= today else None

    return build_ast_schema(visit(parse(released), Ended()))


def _reachable(schema: GraphQLSchema) -> GraphQLSchema:
    """Return a schema without the types that nothing leads to: its roots, and what implements an interface."""
    implementing = [each for each in schema.type_map.values() if is_object_type(each) and each.interfaces]
    kept = GraphQLSchema(query=schema.query_type, mutation=schema.mutation_type, directives=schema.directives)
    reached = [each for each in implementing if any(name.name in kept.type_map for name in each.interfaces)]
    assert all(is_interface_type(each) for type_ in reached for each in type_.interfaces)
    return GraphQLSchema(
        query=schema.query_type, mutation=schema.mutation_type, types=reached, directives=schema.directives
    )
