"""Limits on what a document may request, priced in one pass before anything runs.

An item of a list costs its fields, nested lists multiply by the size requested, and a root field costs its work
(:mod:`api.graphql.compile.tariff` has the list). The pass visits each fragment once, so its time grows with the
length of the document and not with its expanded size.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInt,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    TypeMetaFieldDef,
    Undefined,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    value_from_ast,
)

from api.graphql.compile import prices, tariff
from api.graphql.compile.asked import Asked
from api.graphql.compile.country_size import Country
from api.graphql.compile.introspection_price import Introspection
from api.graphql.compile.readings import Many, One, Pages, Record, Root, Value, Worked, reading
from api.graphql.compile.reserved import only_by_post, reserved_for
from api.graphql.compile.written_values import has_variable, is_chosen, is_written
from geo.audience import ANYBODY, Audience, Caller
from geo.errors import Forbidden, TooCostly, Unauthenticated

MAX_COST = 5_000
MAX_VALUES = 6_000
"""Values in the variables: 1,000 points have 3,000, 500 counts 3,500. Coercing 24,000 takes 30 ms."""


@dataclass(slots=True)
class Cost:
    """The cost of a part of an operation: its points, and for each list its size times the cost of an item.

    Values of one size, such as a total that is asked for again and again, are one part, so it is worked out once.
    """

    points: float = 0.0
    parts: list[tuple[prices.Size, Cost]] = field(default_factory=list)
    values: dict[prices.Size, Cost] = field(default_factory=dict)

    def add(self, other: Cost, size: prices.Size | float = 1.0) -> None:
        """Add another cost, multiplied by ``size``."""
        if callable(size):
            if other.parts:
                self.parts.append((size, other))
            else:
                self._add_value(size, other.points)
        elif other.parts:
            self.parts.append((lambda _: size, other))
        else:
            self.points += size * other.points

    def _add_value(self, size: prices.Size, points: float) -> None:
        if size not in self.values:
            self.values[size] = Cost()
            self.parts.append((size, self.values[size]))
        self.values[size].points += points

    def of(self, asked: Asked) -> float:
        """Return the points for these arguments; each part is computed once, however many fragments lead to it.

        A negative size or work counts as zero: invalid arguments are refused later, when the question is built.
        """
        if not self.parts:
            return self.points
        known = asked.memo.get(id(self))
        if known is None:
            known = self.points + sum(max(size(asked), 0.0) * part.of(asked) for size, part in self.parts)
            asked.memo[id(self)] = known
        return known


Reckoning = Callable[[Mapping[str, Any], Country], float]


@dataclass
class Price:
    """The cost of an operation as a function of its variables. The document must have passed validation.

    ``reserved`` collects the fields that are not for everybody, with the audiences that they are for; ``writes`` is
    true if one of the fields leaves a trace in the database, ``introspects`` if one is about a type, ``personal``
    if one is given where a child is, or who, and ``private`` if that, what is written, or any other value that a caller
    chose freely stands in the document.
    """

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    reserved: dict[str, frozenset[Audience]] = field(default_factory=dict)
    writes: bool = False
    introspects: bool = False
    personal: bool = False
    private: bool = False
    _introspection: Introspection = field(init=False)
    _fragment_costs: dict[tuple[str, bool], Cost] = field(default_factory=dict)

    def of(self, operation: OperationDefinitionNode) -> Reckoning:
        """Return the function from coerced variables and the country to the operation's cost."""
        self._introspection = Introspection(self.schema, self.fragments, MAX_COST)
        roots: list[_Priced] = []
        root = self.schema.get_root_type(operation.operation)
        self._roots(operation.selection_set, root, roots, set())

        def reckon(variables: Mapping[str, Any], country: Country) -> float:
            return sum(cost.of(Asked(readers, variables, country, table)) for cost, readers, table in roots)

        return reckon

    def _roots(self, selections: SelectionSetNode, root: Any, roots: list[_Priced], seen: set[str]) -> None:
        for each in selections.selections:
            if isinstance(each, FieldNode):
                roots.append(self._root(each, root))
            elif isinstance(each, InlineFragmentNode):
                self._roots(each.selection_set, root, roots, seen)
            elif isinstance(each, FragmentSpreadNode) and each.name.value not in seen:
                seen.add(each.name.value)
                self._roots(self.fragments[each.name.value].selection_set, root, roots, seen)

    def _root(self, node: FieldNode, root: GraphQLObjectType) -> _Priced:
        cost = Cost(tariff.ROOT)
        name = node.name.value
        if name.startswith("__"):
            return self._introspect(cost, node)
        definition = root.fields[name]
        self._note(root, node, definition)
        how = reading(definition)
        size: prices.Size | float = 1.0
        table: str | None = None
        match how:
            case Root(size=size, work=work, table=table):
                cost.add(Cost(1.0), prices.capped(work))
            case Worked(price=price):
                cost.add(Cost(1.0), price)
                self.writes = True  # a mutation, or a query that is written to the audit log
                self.private = self.private or any(is_written(each.value) for each in node.arguments or ())
        row = Cost(tariff.ROW)
        row.add(self._selections(node.selection_set, get_named_type(definition.type)))
        cost.add(row, size)
        return cost, _readers(node, definition), table

    def _introspect(self, cost: Cost, node: FieldNode) -> _Priced:
        counted, selections = self._introspection, node.selection_set
        match node.name.value:
            case "__schema":
                cost.points += counted.of_schema(selections)
            case "__type":
                self.introspects = True
                for each in node.arguments or ():
                    if isinstance(each.value, StringValueNode):  # counted now, where the document is read
                        counted.of_type(selections, each.value.value)
                cost.add(Cost(1.0), lambda asked: counted.of_type(selections, asked.given("name")))
                return cost, _readers(node, TypeMetaFieldDef), None
        return cost, {}, None

    def _selections(
        self, selections: SelectionSetNode | None, parent: GraphQLNamedType, *, shared: bool = False
    ) -> Cost:
        """Return the cost of fields; those of a ``shared`` record are of one to which every row of a list may lead."""
        total = Cost()
        for each in selections.selections if selections else ():
            if isinstance(each, FieldNode):
                self._field(total, each, parent, shared=shared)
            elif isinstance(each, InlineFragmentNode):
                condition = each.type_condition
                narrowed = self.schema.type_map[condition.name.value] if condition else parent
                total.add(self._selections(each.selection_set, narrowed, shared=shared))
            elif isinstance(each, FragmentSpreadNode):
                total.add(self._fragment(each.name.value, shared=shared))
        return total

    def _fragment(self, name: str, *, shared: bool) -> Cost:
        if (name, shared) not in self._fragment_costs:
            fragment = self.fragments[name]
            on = self.schema.type_map[fragment.type_condition.name.value]
            self._fragment_costs[name, shared] = self._selections(fragment.selection_set, on, shared=shared)
        return self._fragment_costs[name, shared]

    def _field(self, total: Cost, node: FieldNode, parent: Any, *, shared: bool) -> None:
        name = node.name.value
        if name == "__typename":
            total.points += tariff.LEAF
            return
        definition: GraphQLField = parent.fields[name]
        self._note(parent, node, definition)
        nested = get_named_type(definition.type)
        how = reading(definition)
        size: prices.Size | float
        if not is_composite_type(nested):
            price = how.price if isinstance(how, Value) else tariff.LEAF
            if shared and isinstance(how, Value) and how.shared_price is not None:
                price = how.shared_price
            total.add(Cost(1.0), price)
            return
        if isinstance(how, Pages):
            total.add(Cost(1.0), self._nested(node, definition, how.work, shared=shared))
            return
        row = Cost(tariff.RECORD if isinstance(how, Record) else tariff.ROW)
        size = how.size if isinstance(how, Many) else 1
        if isinstance(how, Many | One) and how.work is not prices.nothing:
            total.add(Cost(1.0), how.work)
        if node.selection_set:
            row.add(self._selections(node.selection_set, nested, shared=shared or isinstance(how, One | Record)))
        total.add(row, size)

    def _nested(self, node: FieldNode, definition: GraphQLField, work: prices.Size, *, shared: bool) -> prices.Size:
        """Return the price of a list inside a record, whose size its own arguments say."""
        page, readers = Cost(tariff.ROW), _readers(node, definition)
        page.add(Cost(1.0), work)
        page.add(self._selections(node.selection_set, get_named_type(definition.type), shared=shared))

        def price(asked: Asked) -> float:
            known = asked.nested.get(id(page))
            if known is None:
                known = asked.nested[id(page)] = page.of(asked.inside(readers))
            return known

        return price

    def _note(self, parent: GraphQLNamedType, node: FieldNode, definition: GraphQLField) -> None:
        personal = [each for each in node.arguments or () if only_by_post(definition.args[each.name.value])]
        self.personal = self.personal or bool(personal)
        chosen = any(is_written(each.value) for each in personal) or any(
            is_chosen(each.value) for each in node.arguments or ()
        )
        self.private = self.private or chosen
        audiences = reserved_for(definition)
        if audiences is None and parent is self.schema.mutation_type:
            audiences = frozenset()  # a mutation that names no audience is for nobody
        if audiences is not None:
            self.reserved[f"{parent.name}.{node.name.value}"] = audiences


_Readers = Mapping[str, Callable[[Mapping[str, Any]], Any]]
_Priced = tuple[Cost, _Readers, str | None]
"""The cost of a root field, the readers of its arguments, and the table that it lists."""


def _readers(node: FieldNode, definition: GraphQLField) -> _Readers:
    """Return a reader for each argument of a field: of a literal, a variable, or the default."""
    given = {each.name.value: each.value for each in node.arguments or ()}
    return {name: _reader(given.get(name), argument) for name, argument in definition.args.items()}


def _reader(value: ValueNode | None, argument: GraphQLArgument) -> Callable[[Mapping[str, Any]], Any]:
    default = _absent(argument.default_value)
    if value is None:
        return lambda _: default
    if isinstance(value, VariableNode):
        variable = value.name.value
        return lambda variables: default if (found := variables.get(variable)) is None else found
    if isinstance(value, IntValueNode) and argument.type is GraphQLInt:
        number = int(value.value)
        return lambda _: number
    if isinstance(value, NullValueNode):
        return lambda _: default
    if not has_variable(value):
        literal = _absent(value_from_ast(value, argument.type))
        return lambda _: literal
    return lambda variables: _absent(value_from_ast(value, argument.type, dict(variables)))


def _absent(value: Any) -> Any:
    return None if value is Undefined else value


def reading_price(document: str) -> int:
    """Return the cost of reading a document, which a holder owes once, whether or not it is in the cache."""
    return math.ceil(len(document) * tariff.READING_FOR_100_CHARACTERS / 100)


def parsing_price(text: bytes) -> int:
    """Return the cost of parsing a body or an address, known before it is parsed; that of a usual one is zero."""
    marks = len(text) - len(text.translate(None, tariff.PARSED_MARKS))
    return int(len(text) * tariff.PARSED_FOR_1000_CHARACTERS / 1_000 + marks * tariff.PARSED_MARK)


def variables_price(characters: int, values: int) -> int:
    """Return the cost of coercing variables, refused ones included; a usual number of them is free."""
    return int(max(characters * tariff.VARIABLES_FOR_1000_CHARACTERS / 1_000, values * tariff.VARIABLES_FOR_A_VALUE))


def reckoning_price(fields: int) -> int:
    """Return the cost of reckoning what an operation of so many fields costs, where it is refused for that."""
    return math.ceil(fields * tariff.RECKONED)


def values_in(given: Mapping[str, Any]) -> int:
    """Return how many values the variables hold, before each is coerced; it stops counting above :data:`MAX_VALUES`.

    GeoJSON is coerced in one piece, and its positions have a limit of their own.
    """
    found = len(given)
    waiting: list[Any] = list(given.values())
    while waiting and found <= MAX_VALUES:
        value = waiting.pop()
        parts: list[Any] = value if isinstance(value, list) else []
        if isinstance(value, dict):
            parts = [each for key, each in value.items() if key not in ("coordinates", "geometries")]
        found += len(parts)
        waiting.extend(parts)
    return found


def check_values(given: Mapping[str, Any]) -> None:
    """Refuse variables with more values than any input takes.

    Raises
    ------
    TooCostly
        With the number allowed.

    """
    if values_in(given) > MAX_VALUES:
        raise TooCostly(f"The variables have too many values; at most {MAX_VALUES:,} are allowed. Send less at once.")


def check_audience(reserved: Mapping[str, frozenset[Audience]], caller: Caller) -> None:
    """Refuse an operation with a field that is reserved for other audiences.

    Raises
    ------
    Unauthenticated
        If the caller has sent no key.
    Forbidden
        If the caller is of another audience.

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
        The text states the cost and what to change.

    """
    if not cost <= MAX_COST:  # not a number is no price
        raise TooCostly(
            f"The operation costs {cost:,.0f}; at most {MAX_COST:,} are allowed. Ask for fewer items (first) or fields."
        )
