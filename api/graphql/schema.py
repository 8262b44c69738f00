"""The schema: Strawberry's description of the API, for validation, introspection and SDL."""

from __future__ import annotations

from functools import cache
from importlib import resources

import strawberry
from graphql import GraphQLInputObjectType, GraphQLSchema
from strawberry.schema.config import StrawberryConfig

from api.graphql.compile.execution import resolve
from api.graphql.compile.readings import Root, reading
from api.graphql.mutation import Mutation
from api.graphql.query import Query
from api.graphql.types.directory import Organization, ProtectionActor, Service, Shelter
from api.graphql.types.places import AdminArea, Locality
from api.graphql.types.scalars import SCALARS

SDL_FILE = resources.files("api").joinpath("schema.graphql")


@cache
def strawberry_schema() -> strawberry.Schema:
    """Build Strawberry's schema, once a process."""
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        types=[AdminArea, Locality, Organization, ProtectionActor, Service, Shelter],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


@cache
def graphql_schema() -> GraphQLSchema:
    """Return graphql-core's schema behind Strawberry's, which documents are validated against.

    Strawberry tells it nothing of OneOf: it checks that itself, after validation, and does not say where.
    """
    schema = strawberry_schema()._schema  # noqa: SLF001  Strawberry has no public name for it
    for each in schema.type_map.values():
        if isinstance(each, GraphQLInputObjectType):
            each.is_one_of = each.extensions["strawberry-definition"].is_one_of
    return schema


@cache
def sdl() -> str:
    """Print the schema in the schema definition language; ``api/schema.graphql`` is this text."""
    return strawberry_schema().as_str() + "\n"


def compiled_schema() -> GraphQLSchema:
    """Return the schema whose root fields the database answers, in either way of execution."""
    schema = graphql_schema()
    assert schema.query_type is not None  # noqa: S101  ours has one
    for definition in schema.query_type.fields.values():
        if isinstance(reading(definition), Root):
            definition.resolve = resolve
    return schema
