"""What can be exported: every list of the schema, found from how its root fields are declared.

An export is named by the root field, ``services``, or, where the list stands inside of an answer, by the way to it,
``coverage.areas``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from api.exports.columns import GEOJSON, Path
from api.graphql.compile.readings import Root, Shape, reading
from api.graphql.compile.reserved import reserved_for
from api.graphql.schema import compiled_schema
from geo.arguments import MOST_PAGE
from geo.audience import Audience

EDGES = "edges"
BESIDE = frozenset({"sources"})
"""Lists of an answer that tell of the answer itself."""


@dataclass(frozen=True)
class Table:
    """A list that can be exported.

    Parameters
    ----------
    path
        The fields that lead to it, from the root field on.
    field
        The root field.
    holder
        What holds the list, if that says something beside it; ``None`` for a bare list.
    item
        The type of its rows; for a map layer GeoJSON.
    page
        How many rows a page of it has; ``None`` where it comes whole.

    """

    path: Path
    field: GraphQLField
    holder: GraphQLObjectType | None
    item: GraphQLNamedType
    page: int | None

    @property
    def name(self) -> str:
        """The name of the export."""
        return ".".join(self.path)

    @property
    def is_layer(self) -> bool:
        """Whether it is a layer of the map, whose features come as GeoJSON."""
        return self.item.name == GEOJSON

    def reserved(self) -> frozenset[Audience] | None:
        """Return whom it is for; ``None`` for everybody."""
        return reserved_for(self.field)


@cache
def tables() -> Mapping[str, Table]:
    """Return everything that can be exported, by name."""
    schema = compiled_schema()
    root = schema.query_type
    assert root is not None  # noqa: S101  a schema has one
    found = (each for name, field in root.fields.items() for each in _of_root(name, field))
    return {each.name: each for each in found}


def _of_root(name: str, field: GraphQLField) -> Iterator[Table]:
    how, kind = reading(field), get_named_type(field.type)
    if not isinstance(how, Root) or how.shape in {Shape.NODE, Shape.NODES}:
        return
    if how.shape is Shape.JSON or how.shape is Shape.LIST:
        yield Table((name,), field, None, kind, None)
    elif isinstance(kind, GraphQLObjectType):
        if EDGES in kind.fields:
            yield Table((name,), field, kind, _node(kind), how.page)
        if not _is_record(kind):
            yield from _inside(name, field, kind)


def _inside(name: str, field: GraphQLField, kind: GraphQLObjectType) -> Iterator[Table]:
    """Return the lists inside of an answer, but for what tells of the answer itself."""
    for own, each in kind.fields.items():
        inner = get_named_type(each.type)
        if is_leaf_type(inner) or own in BESIDE | {EDGES} or not isinstance(inner, GraphQLObjectType):
            continue
        if EDGES in inner.fields:
            yield Table((name, own), field, kind, _node(inner), MOST_PAGE)
        elif is_list_type(get_nullable_type(each.type)):
            yield Table((name, own), field, kind, inner, None)


def _node(connection: GraphQLObjectType) -> GraphQLNamedType:
    edge = get_named_type(connection.fields[EDGES].type)
    assert isinstance(edge, GraphQLObjectType)  # noqa: S101
    node: GraphQLNamedType = get_named_type(edge.fields["node"].type)
    return node


def _is_record(kind: GraphQLObjectType) -> bool:
    return "Node" in {each.name for each in kind.interfaces}
