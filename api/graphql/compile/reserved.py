"""Fields reserved for some audiences, and arguments for requests by POST: declared in the schema, checked by the guard.

The database enforces the audiences.
"""

from __future__ import annotations

from typing import Any

import strawberry
from graphql import GraphQLArgument, GraphQLField
from strawberry.schema_directive import Location

from geo.audience import WITH_A_KEY, Audience


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="Only these audiences may ask for the field; for anybody else the whole operation is refused.",
)
class ReservedFor:
    """The directive ``@reservedFor``."""

    audiences: list[Audience]


BY_POST = "by post"
EVERYBODY_KNOWN = ReservedFor(audiences=[each for each in Audience if each in WITH_A_KEY])
"""Everybody who authenticates: partners and above."""


def for_whom(description: str, reserved: ReservedFor | None) -> dict[str, Any]:
    """Return how a field says whom it is for: in the directive, and in its description, which introspection shows."""
    if reserved is None:
        return {"description": description}
    names = [each.name for each in Audience if each in reserved.audiences]
    those = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    return {"description": f"{description} Reserved for {those}.", "directives": (reserved,)}


def reserved_for(definition: GraphQLField) -> frozenset[Audience] | None:
    """Return the audiences that a field is reserved for; ``None`` if it is for everybody."""
    declared = getattr(definition.extensions.get("strawberry-definition"), "directives", ())
    return next((frozenset(each.audiences) for each in declared if isinstance(each, ReservedFor)), None)


def only_by_post(argument: GraphQLArgument) -> bool:
    """Tell whether an argument may say where a child is, or who, so that it must stand in no address."""
    declared = argument.extensions.get("strawberry-definition")
    return declared is not None and bool(declared.metadata.get(BY_POST))
