"""The GraphQL documents that an export asks, so that it is answered, priced and guarded as a query is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLNamedType, GraphQLObjectType, GraphQLSchema, GraphQLUnionType, get_named_type

from api.exports.columns import Column, Path, found_at
from api.exports.tables import Table

PAGE = "pageInfo { hasNextPage endCursor }"
SOURCES = "sources { name licence url illustrative }"
Keys = dict[str, Any]
"""What is selected: fields, each with what is selected of it."""


@dataclass(frozen=True)
class Documents:
    """Writes the documents of an export.

    Parameters
    ----------
    schema
        The schema.
    table
        What is exported.
    given
        The names of the arguments of its root field that are given.

    """

    schema: GraphQLSchema
    table: Table
    given: tuple[str, ...]

    def rows(self, paths: Iterable[Path], about: Iterable[Column] = ()) -> str:
        """Return the document of a page of rows with what stands at these paths; of a whole list with what it says."""
        table = self.table
        if table.is_layer:
            return self._document("")
        chosen = _selection(self.schema, table.item, _tree(paths))
        if table.page is not None:
            chosen = f"{{ edges {{ node {chosen} }} {PAGE} }}"
        if len(table.path) > 1:
            beside = "" if table.page is not None else self._beside(about)
            paged = "(first: $first, after: $after)" if table.page is not None else ""
            return self._document(f"{{ {beside} {table.path[1]}{paged} {chosen} }}")
        return self._document(chosen)

    def one(self, paths: Iterable[Path]) -> str:
        """Return the document of one row by its id."""
        chosen = _selection(self.schema, self.table.item, _tree(paths))
        return f"query ($id: ID!) {{ node(id: $id) {{ ... on {self.table.item.name} {chosen} }} }}"

    def about(self, columns: Iterable[Column]) -> str:
        """Return the document of what the holder of a list in pages says beside it, and of how many rows it has."""
        beside = self._beside(columns)
        if len(self.table.path) > 1:
            beside += f" {self.table.path[1]} {{ totalCount }}"
            return self._document(f"{{ {beside} }}", paged=False)
        return self._document(f"{{ {beside} totalCount }}", paged=False)

    def _beside(self, columns: Iterable[Column]) -> str:
        holder = self.table.holder
        assert holder is not None  # noqa: S101  a bare list says nothing beside itself
        inside = _selection(self.schema, holder, _tree(each.path for each in columns))[1:-1] if columns else ""
        return f"{inside} {SOURCES if 'sources' in holder.fields else ''}"

    def _document(self, chosen: str, *, paged: bool = True) -> str:
        table = self.table
        types = {name: str(table.field.args[name].type) for name in self.given}
        passed = {name: f"${name}" for name in self.given}
        if table.page is not None and paged:
            types |= {"first": "Int!" if len(table.path) == 1 else "Int", "after": "String"}
            if len(table.path) == 1:
                passed |= {"first": "$first", "after": "$after"}
        declared = ", ".join(f"${name}: {type_}" for name, type_ in types.items())
        asked = ", ".join(f"{name}: {value}" for name, value in passed.items())
        root = f"{table.path[0]}{f'({asked})' if asked else ''}"
        return f"query {f'({declared}) ' if declared else ''}{{ {root} {chosen} }}"


def rows_of(table: Table, data: Mapping[str, Any]) -> tuple[list[Any], Mapping[str, Any] | None]:
    """Return the rows of an answer, and its page information if it is a page."""
    found = found_at(data, table.path)
    if table.is_layer:
        return (found or {}).get("features", []), None
    if table.page is None:
        return [each for each in found or () if each is not None], None
    return ([], None) if found is None else ([each["node"] for each in found["edges"]], found["pageInfo"])


def _tree(paths: Iterable[Path]) -> Keys:
    tree: Keys = {}
    for path in paths:
        inside = tree
        for key in path:
            inside = inside.setdefault(key, {})
    return tree


def _selection(schema: GraphQLSchema, kind: GraphQLNamedType, tree: Keys) -> str:
    """Write what is selected of a type; of a union of each of its types what that has."""
    if isinstance(kind, GraphQLUnionType):
        parts = []
        for each in schema.get_possible_types(kind):
            own = {key: inside for key, inside in tree.items() if key in each.fields}
            parts.append(f"... on {each.name} {_selection(schema, each, own)}")
        return f"{{ {' '.join(parts)} }}"
    assert isinstance(kind, GraphQLObjectType)  # noqa: S101  only these have fields
    written = (
        f"{key} {_selection(schema, get_named_type(kind.fields[key].type), inside)}" if inside else key
        for key, inside in tree.items()
    )
    return f"{{ {' '.join(written) or '__typename'} }}"
