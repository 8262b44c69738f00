"""What introspection costs: a price for each value, counted over the schema's types without making the answer.

A mean would not do: a type has 5 fields in the mean, and the one of all queries has 45, each with 4 arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLWrappingType,
    InlineFragmentNode,
    SelectionSetNode,
    is_abstract_type,
)

from api.graphql.compile.document_thread import pause_if_due
from api.graphql.compile.tariff import INTROSPECTED

KEPT_AT_MOST = 2_000
"""Counts that an operation keeps: some 150 bytes each."""
LEADS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "types": ((GraphQLSchema,), "type_map"),
    "directives": ((GraphQLSchema,), "directives"),
    "queryType": ((GraphQLSchema,), "query_type"),
    "mutationType": ((GraphQLSchema,), "mutation_type"),
    "subscriptionType": ((GraphQLSchema,), "subscription_type"),
    "fields": ((GraphQLObjectType, GraphQLInterfaceType), "fields"),
    "interfaces": ((GraphQLObjectType, GraphQLInterfaceType), "interfaces"),
    "enumValues": ((GraphQLEnumType,), "values"),
    "inputFields": ((GraphQLInputObjectType,), "fields"),
    "ofType": ((GraphQLWrappingType,), "of_type"),
    "args": ((GraphQLField, GraphQLDirective), "args"),
    "type": ((GraphQLField, GraphQLArgument, GraphQLInputField), "type"),
}
"""Where each field of introspection leads: from what, and by which attribute."""


class Introspection:
    """Prices selections of one document.

    Parameters
    ----------
    schema
        What is introspected.
    fragments
        The document's.
    most
        Counting stops where the price is higher than this.

    """

    def __init__(self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], most: float) -> None:
        self._schema = schema
        self._fragments = fragments
        self._most = most
        self._known: dict[tuple[int, int | str], float] = {}

    def of_schema(self, selections: SelectionSetNode | None) -> float:
        """Return the price of a selection of ``__schema``."""
        return self._price(selections, self._schema)

    def of_type(self, selections: SelectionSetNode | None, name: object) -> float:
        """Return the price of a selection of ``__type``; nothing if no type has that name."""
        named = self._schema.type_map.get(name) if isinstance(name, str) else None
        return 0.0 if named is None else self._price(selections, named)

    def _price(self, selections: SelectionSetNode | None, of: Any) -> float:
        if selections is None:
            return 0.0
        if len(self._known) > KEPT_AT_MOST:
            self._known.clear()
        return self._walk(selections, of)

    def _walk(self, selections: SelectionSetNode, of: Any) -> float:
        """Return the price of a selection of a part of the schema, worked out once however many ways lead there."""
        key = id(selections), str(of) if isinstance(of, GraphQLWrappingType) else id(of)
        price = self._known.get(key)
        if price is not None:
            return price
        pause_if_due()
        price = 0.0
        for each in selections.selections:
            if price > self._most:
                break
            if isinstance(each, FieldNode):
                price += INTROSPECTED
                if each.selection_set:
                    for part in self._parts(of, each.name.value):
                        price += INTROSPECTED + self._walk(each.selection_set, part)
                        if price > self._most:
                            break
            elif isinstance(each, FragmentSpreadNode):
                price += self._walk(self._fragments[each.name.value].selection_set, of)
            elif isinstance(each, InlineFragmentNode):
                price += self._walk(each.selection_set, of)
        self._known[key] = price
        return price

    def _parts(self, of: Any, name: str) -> Iterable[Any]:
        """Return the parts of a part of the schema that a field of introspection leads to."""
        if name == "possibleTypes":
            return self._schema.get_possible_types(of) if is_abstract_type(of) else ()
        kinds, attribute = LEADS.get(name, ((), ""))
        found: Any = getattr(of, attribute) if isinstance(of, kinds) else None
        if isinstance(found, Mapping):
            return found.values()
        return found if isinstance(found, Sequence) else () if found is None else (found,)
