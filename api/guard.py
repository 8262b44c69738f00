"""How much a document may ask for, priced in one pass before anything runs.

A field costs 1, an item of a list costs its fields, and lists count with the size asked for. The pass visits each
fragment once, so its time grows with the document and not with what the document unfolds to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    is_introspection_type,
)

from api.projection import Many, Root, Worked, reading
from api.types.reserved import reserved_for
from geo.audience import ANYBODY, Audience, Caller
from geo.errors import Forbidden, TooCostly, Unauthenticated

MAX_TOKENS = 1_000
MAX_DEPTH = 10
MAX_ALIASES = 30
MAX_FRAGMENTS = 20
MAX_COST = 5_000
INTROSPECTED = {"types": 50, "fields": 10, "args": 3, "enumValues": 10, "inputFields": 3, "possibleTypes": 5}
"""About how many items the lists of the schema itself have."""
INTROSPECTED_FOR_1 = 40
"""So many values that Python resolves are as dear as one field of a row; the usual whole introspection costs 2,000."""


def check_structure(document: DocumentNode) -> None:
    """Refuse a document with too many fragments or aliases, or that nests too deeply.

    Raises
    ------
    TooCostly
        With the number found and the number allowed.

    """
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    if len(fragments) > MAX_FRAGMENTS:
        raise TooCostly(f"The document has {len(fragments)} fragments; at most {MAX_FRAGMENTS} are allowed.")
    walk = _Walk(fragments)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            walk.aliases += walk.count_aliases(definition.selection_set)
    if walk.aliases > MAX_ALIASES:
        raise TooCostly(f"The document has {walk.aliases} aliases; at most {MAX_ALIASES} are allowed.")
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            depth = walk.depth(definition.selection_set)
            if depth > MAX_DEPTH:
                raise TooCostly(f"The document is {depth} fields deep; at most {MAX_DEPTH} are allowed.")


@dataclass
class _Walk:
    fragments: Mapping[str, FragmentDefinitionNode]
    aliases: int = 0
    depths: dict[str, int] = field(default_factory=dict)

    def count_aliases(self, selections: SelectionSetNode) -> int:
        count = 0
        for each in selections.selections:
            if isinstance(each, FieldNode):
                count += each.alias is not None
            if isinstance(each, FieldNode | InlineFragmentNode) and each.selection_set:
                count += self.count_aliases(each.selection_set)
        return count

    def depth(self, selections: SelectionSetNode) -> int:
        deepest = 0
        for each in selections.selections:
            if isinstance(each, FieldNode):
                nested = each.selection_set if not each.name.value.startswith("__") else None
                deepest = max(deepest, 1 + (self.depth(nested) if nested else 0))
            elif isinstance(each, InlineFragmentNode):
                deepest = max(deepest, self.depth(each.selection_set))
            elif isinstance(each, FragmentSpreadNode):
                deepest = max(deepest, self._fragment_depth(each.name.value))
        return deepest

    def _fragment_depth(self, name: str) -> int:
        if name not in self.depths and name in self.fragments:
            self.depths[name] = 0  # a fragment that spreads itself: validation says so in better words
            self.depths[name] = self.depth(self.fragments[name].selection_set)
        return self.depths.get(name, 0)


Size = Callable[[Mapping[str, Any]], float]


@dataclass
class Price:
    """What an operation costs, as a function of its variables. Built for a document that has passed validation.

    ``reserved`` gathers, as they are met, the fields that are not for everybody, with whom they are for; ``writes``
    tells whether one leaves a trace in the database.
    """

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    reserved: dict[str, frozenset[Audience]] = field(default_factory=dict)
    writes: bool = False
    _fragment_costs: dict[str, float] = field(default_factory=dict)

    def of(self, operation: OperationDefinitionNode) -> Size:
        """Give the function from coerced variables to the operation's cost."""
        terms: list[tuple[Size, float]] = []
        root = self.schema.get_root_type(operation.operation)
        self._root_terms(operation.selection_set, root, terms, set())
        return lambda variables: sum(size(variables) * cost + 1 for size, cost in terms)

    def _root_terms(
        self, selections: SelectionSetNode, root: Any, terms: list[tuple[Size, float]], seen: set[str]
    ) -> None:
        for each in selections.selections:
            if isinstance(each, FieldNode):
                terms.append(self._root_term(each, root))
            elif isinstance(each, InlineFragmentNode):
                self._root_terms(each.selection_set, root, terms, seen)
            elif isinstance(each, FragmentSpreadNode) and each.name.value not in seen:
                seen.add(each.name.value)
                self._root_terms(self.fragments[each.name.value].selection_set, root, terms, seen)

    def _root_term(self, node: FieldNode, root: GraphQLObjectType) -> tuple[Size, float]:
        name = node.name.value
        if name.startswith("__"):
            start = self.schema.type_map["__Schema" if name == "__schema" else "__Type"]
            return (lambda _: 1), self._selections(node.selection_set, start) / INTROSPECTED_FOR_1
        definition = root.fields[name]
        self._note(root, name, definition)
        how = reading(definition)
        match how:
            case Root(row_price=price):
                pass
            case Worked(price=price):
                self.writes = True  # a mutation, or a question that the audit log takes note of
            case _:
                price = 0
        cost = price + self._selections(node.selection_set, get_named_type(definition.type))
        return _size(how, node, definition), cost

    def _selections(self, selections: SelectionSetNode | None, parent: GraphQLNamedType) -> float:
        total = 0.0
        for each in selections.selections if selections else ():
            if isinstance(each, FieldNode):
                total += self._field(each, parent)
            elif isinstance(each, InlineFragmentNode):
                condition = each.type_condition
                narrowed = self.schema.type_map[condition.name.value] if condition else parent
                total += self._selections(each.selection_set, narrowed)
            elif isinstance(each, FragmentSpreadNode):
                total += self._fragment(each.name.value)
        return total

    def _fragment(self, name: str) -> float:
        if name not in self._fragment_costs:
            fragment = self.fragments[name]
            on = self.schema.type_map[fragment.type_condition.name.value]
            self._fragment_costs[name] = self._selections(fragment.selection_set, on)
        return self._fragment_costs[name]

    def _field(self, node: FieldNode, parent: Any) -> float:
        if node.name.value == "__typename":
            return 1
        definition: GraphQLField = parent.fields[node.name.value]
        self._note(parent, node.name.value, definition)
        nested = get_named_type(definition.type)
        if not is_composite_type(nested):
            return 1
        return 1 + _usual_size(definition, nested, node.name.value) * self._selections(node.selection_set, nested)

    def _note(self, parent: GraphQLNamedType, name: str, definition: GraphQLField) -> None:
        audiences = reserved_for(definition)
        if audiences is None and parent is self.schema.mutation_type:
            audiences = frozenset()  # who may write is said for each mutation, or nobody may
        if audiences is not None:
            self.reserved[f"{parent.name}.{name}"] = audiences


def _usual_size(definition: GraphQLField, nested: GraphQLNamedType, name: str) -> int:
    if is_introspection_type(nested):
        return INTROSPECTED.get(name, 1)
    how = reading(definition)
    return how.size if isinstance(how, Many) else 1


def _size(how: Any, node: FieldNode, definition: GraphQLField) -> Size:
    if not isinstance(how, Root):
        return lambda _: 1
    size = how.size
    if not isinstance(size, str):
        return lambda _: size
    default = float(definition.args[size].default_value or 1)
    given = next((each.value for each in node.arguments or () if each.name.value == size), None)
    if isinstance(given, IntValueNode):
        constant = float(given.value)
        return lambda _: max(constant, 0)
    if isinstance(given, VariableNode):
        name = given.name.value
        return lambda variables: max(default if variables.get(name) is None else variables[name], 0)
    return lambda _: default


def check_audience(reserved: Mapping[str, frozenset[Audience]], caller: Caller) -> None:
    """Refuse an operation that asks for a field reserved for others.

    Raises
    ------
    Unauthenticated
        Where the caller has shown no key.
    Forbidden
        Where the caller's audience is another.

    """
    for name, audiences in reserved.items():
        if caller.audience not in audiences:
            those = ", ".join(sorted(each.name for each in audiences)) or "nobody"
            if caller == ANYBODY:
                raise Unauthenticated(f"{name} is reserved for {those}; send a key as Authorization: Bearer.")
            raise Forbidden(f"{name} is reserved for {those}; send a key of theirs, or leave it out.")


def check_cost(cost: float) -> None:
    """Refuse an operation that costs more than 5,000.

    Raises
    ------
    TooCostly
        With the cost, and what to change.

    """
    if cost > MAX_COST:
        raise TooCostly(
            f"The operation costs {cost:,.0f}; at most {MAX_COST:,} are allowed. Ask for fewer items (first) or fields."
        )
