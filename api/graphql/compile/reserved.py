"""Which fields are reserved for whom: said in the schema, held by the guard, and by the database in any case."""

from __future__ import annotations

import strawberry
from graphql import GraphQLField
from strawberry.schema_directive import Location

from geo.audience import WITH_A_KEY, Audience


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    description="Only these audiences may ask for the field; for anybody else the whole operation is refused.",
)
class ReservedFor:
    """The directive ``@reservedFor``."""

    audiences: list[Audience]


EVERYBODY_KNOWN = ReservedFor(audiences=[each for each in Audience if each in WITH_A_KEY])
"""Everybody who shows a key: partners and above."""


def reserved_for(definition: GraphQLField) -> frozenset[Audience] | None:
    """Return the audiences that a field is reserved for; ``None`` where everybody may ask for it."""
    declared = getattr(definition.extensions.get("strawberry-definition"), "directives", ())
    return next((frozenset(each.audiences) for each in declared if isinstance(each, ReservedFor)), None)
