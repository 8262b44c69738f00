"""Every operation of the schema: each root field, with sets of arguments, selecting every field that it leads to."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, product
from typing import Any

import httpx
import orjson
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    ast_from_value,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
    print_ast,
)

from api.graphql.compile.reserved import reserved_for
from tests.attacks.arguments import Values, argument_sets, fresh
from tests.attacks.client import Request, posted
from tests.attacks.size import SIZE

Path = tuple[str, ...]
Ask = Callable[[Request], httpx.Response]
Exchange = tuple[Request, httpx.Response]
SPLIT = {"TOO_COSTLY", "GRAPHQL_VALIDATION_FAILED"}
"""Refusals of a whole document that a part of it may avoid."""
REFUSED = SPLIT | {"FORBIDDEN", "UNAUTHENTICATED"}
"""Refusals of a whole document; those of an audience are of all documents whose paths have the same hurdles."""
DEEPEST = 9
SHALLOW = 4
"""The length of the paths to what an item of a list says about itself and its place."""


HURDLE = "!"
Write = Callable[[str, GraphQLField], str]
"""Writes a field with its arguments."""


def bare(name: str, _: GraphQLField) -> str:
    """Write a field without arguments."""
    return name


def with_arguments(values: Values, turn: int) -> Write:
    """Write fields with the value of this turn for each of their arguments; each field once, as it stands on many paths."""

    kept: dict[int, str] = {}

    def write(name: str, field: GraphQLField) -> str:
        if id(field) not in kept:
            kept[id(field)] = fresh_text(name, field)
        return kept[id(field)]

    def fresh_text(name: str, field: GraphQLField) -> str:
        given = {each: values.of(each, argument) for each, argument in field.args.items()}
        written = (
            f"{each}: {print_ast(ast)}"
            for each, known in given.items()
            if (ast := ast_from_value(_moment(known[turn % len(known)], field.args[each]), field.args[each].type))
        )
        return f"{name}({', '.join(written)})" if given else name

    return write


def _moment(value: Any, argument: GraphQLArgument) -> Any:
    """Return a value as the schema serialises it: a moment is no text there."""
    return dt.datetime.fromisoformat(value) if value and str(argument.type) == "DateTime" else value


def by_object(_: str, field: GraphQLField) -> str:
    """Write a field so that it is told from those of other types that have the same name."""
    return str(id(field))


def by_type(_: str, field: GraphQLField) -> str:
    """Write a field by the type of its values."""
    return str(get_named_type(field.type))


def marked(name: str, field: GraphQLField) -> str:
    """Write the hurdles of a field: whom it is reserved for, and that it needs an argument. One without has its name."""
    audiences = reserved_for(field)
    hurdles = [each.name for each in sorted(audiences or ())]
    if any(map(is_required_argument, field.args.values())):
        hurdles.append(name)
    return HURDLE + " ".join(hurdles) if hurdles else name


def leaves(schema: GraphQLSchema, type_: GraphQLNamedType, write: Write = bare, above: Path = ()) -> Iterator[Path]:
    """Return the paths to every leaf below a type. A type that stands above already is followed to its own leaves only."""
    if is_leaf_type(type_):
        yield ()
        return
    yield ("__typename",)
    if is_abstract_type(type_):
        for each in schema.get_possible_types(type_):
            yield from ((f"... on {each.name}", *rest) for rest in leaves(schema, each, write, above))
    if isinstance(type_, GraphQLUnionType):
        return
    again, above = type_.name in above, (*above, type_.name)
    for name, field in type_.fields.items():  # type: ignore[attr-defined]
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            yield (write(name, field),)
        elif not again and len(above) < DEEPEST:
            yield from ((write(name, field), *rest) for rest in leaves(schema, inner, write, above))


@cache
def kept_leaves(schema: GraphQLSchema, type_: GraphQLNamedType, write: Write = bare) -> tuple[Path, ...]:
    """Return the same of a way to write that stays as it is: there are 136,000, and each audience asks for them."""
    return tuple(leaves(schema, type_, write))


def written(schema: GraphQLSchema, type_: GraphQLNamedType, path: Path, write: Write) -> Path:
    """Write the fields of one path below a type in another way."""
    steps = []
    for step in path:
        if step.startswith("... on "):
            type_ = schema.type_map[step.removeprefix("... on ")]
            steps.append(step)
        elif step == "__typename":
            steps.append(step)
        else:
            field = type_.fields[step]  # type: ignore[attr-defined]
            type_ = get_named_type(field.type)
            steps.append(write(step, field))
    return tuple(steps)


def selection(paths: Sequence[Path]) -> str:
    """Write paths as a selection set; nothing where a field has none."""
    below: defaultdict[str, list[Path]] = defaultdict(list)
    for path in paths:
        if path:
            below[path[0]].append(path[1:])
    if not below:
        return ""
    return "{ " + " ".join(f"{name} {selection(rest)}" for name, rest in below.items()) + " }"


@dataclass(frozen=True)
class Surface:
    """A root field."""

    schema: GraphQLSchema
    kind: str
    name: str
    field: GraphQLField

    def document(self, paths: Sequence[Path], given: Sequence[str]) -> str:
        """Write the operation that selects these paths, with a variable for each given argument."""
        declared = ", ".join(f"${name}: {self.field.args[name].type}" for name in given)
        passed = ", ".join(f"{name}: ${name}" for name in given)
        return (
            f"{self.kind} {f'({declared})' if declared else ''} "
            f"{{ {self.name} {f'({passed})' if passed else ''} {selection(paths)} }}"
        )

    def requests(
        self, ask: Ask, values: Values, *, shallow: bool = False, alone: bool = False, turn: int = 0, shares: int = 1
    ) -> Iterator[Exchange]:
        """Ask every document with the likely sets of arguments and a share of the further ones; yield the exchanges.

        Paths with the same hurdles go together into one document, as far as the first set shows that it is answered.
        ``shallow`` leaves out what lies deep, and the arguments of nested fields, ``alone`` all sets but the first;
        ``turn`` says which share is asked, of the further sets, and of all but the first where there are ``shares``.
        """
        type_ = get_named_type(self.field.type)
        paths = kept_leaves(self.schema, type_)
        groups = self._groups(deep=not shallow)
        first, *others = self._sets(values, turn=turn, alone=alone, shares=shares)
        together: list[list[int]] = []
        least = next(self._split(ask, paths, [0], first))
        if REFUSED & codes(least[2]):  # refused whatever is selected
            yield least[1:]
            together.append([0])
            others = others if SIZE.chunks else []
        else:
            for part, request, answer in chain.from_iterable(self._split(ask, paths, each, first) for each in groups):
                yield request, answer
                if not REFUSED & codes(answer) - {"GRAPHQL_VALIDATION_FAILED"}:
                    together.append(part)
            yield from self._walk(ask, first)
        parts = together
        if not SIZE.chunks:
            parts = [[place for place in together[0] if len(paths[place]) <= SHALLOW]]
        for arguments, part in product(others, parts):
            yield from (each[1:] for each in self._split(ask, paths, part, arguments))
        for number in () if shallow else range(turn % SIZE.step, SIZE.values, SIZE.step):
            write = with_arguments(values, number)
            for part in together:
                given = [written(self.schema, type_, paths[place], write) for place in part]
                changed = [number for number, place in enumerate(part) if given[number] != paths[place]]
                if changed:  # the others have just been asked
                    yield from (each[1:] for each in self._split(ask, given, changed, first))

    def _sets(self, values: Values, *, turn: int, alone: bool, shares: int) -> list[dict[str, Any]]:
        """Return the sets of arguments that are asked, the likeliest first."""
        within = f"{self.name} {get_named_type(self.field.type).name}"
        [first, *others], further = argument_sets(within, self.field, values)
        if alone:
            return [first]
        others += further[turn % SIZE.step :: SIZE.step]
        others = others[turn % shares :: shares]
        return [first, *(others[: SIZE.writes] if self.kind == "mutation" else others)]

    def _groups(self, *, deep: bool) -> list[list[int]]:
        """Return the places of the paths that have the same hurdles, those without any first.

        Of long paths, in a small round, only the shortest to each field by each field that leads to its type. Nothing
        but ``deep`` looks at outlines, which teach no id, code or name.
        """
        type_ = get_named_type(self.field.type)
        kinds = enumerate(kept_leaves(self.schema, type_, by_type))
        kept = {place for place, path in kinds if len(path) <= SHALLOW and (deep or path[-1:] != ("GeoJSON",))}
        if deep:
            known = enumerate(kept_leaves(self.schema, type_, by_object))
            ways = {
                path if SIZE.deep else path[-2:]: place for place, path in sorted(known, key=lambda each: -len(each[1]))
            }
            kept.update(ways.values())
        groups: defaultdict[frozenset[str], list[int]] = defaultdict(list)
        for place, path in enumerate(kept_leaves(self.schema, type_, marked)):
            if place in kept:
                groups[frozenset(each for each in path if each.startswith(HURDLE))].append(place)
        return list(groups.values())

    def _split(
        self, ask: Ask, paths: Sequence[Path], part: Sequence[int], arguments: dict[str, Any], *, helps: bool = False
    ) -> Iterator[tuple[list[int], Request, httpx.Response]]:
        """Ask for these paths, and for parts of them where all are refused together; ``helps`` if that is known to help."""
        request = self._request(paths, part, arguments)
        answer = ask(request)
        if len(part) > 1 and SPLIT & codes(answer):
            if not helps and SPLIT & codes(ask(self._request([("__typename",)], [0], arguments))):
                yield list(part), request, answer
                return
            half = len(part) // 2
            yield from self._split(ask, paths, part[:half], arguments, helps=True)
            yield from self._split(ask, paths, part[half:], arguments, helps=True)
        else:
            yield list(part), request, answer

    def _request(self, paths: Sequence[Path], part: Sequence[int], arguments: dict[str, Any]) -> Request:
        return posted(self.document([paths[place] for place in part], list(arguments)), fresh(arguments))

    def _walk(self, ask: Ask, arguments: dict[str, Any]) -> Iterator[Exchange]:
        """Ask for the pages of a list, each by the cursor of the one before it with the same other arguments."""
        if "after" not in self.field.args:
            return
        page = [("edges", "cursor"), ("edges", "node", "__typename"), ("pageInfo", "endCursor"), ("totalCount",)]
        arguments = arguments | {"after": None}
        for _ in range(SIZE.pages):
            request = posted(self.document(page, list(arguments)), arguments)
            answer = ask(request)
            yield request, answer
            found = (orjson.loads(answer.content).get("data") or {}).get(self.name) or {}
            arguments["after"] = found.get("pageInfo", {}).get("endCursor")
            if arguments["after"] is None:
                return


def successes(schema: GraphQLSchema) -> frozenset[str]:
    """Return the names of the types that say that a write is done: the first of each mutation's union."""
    assert schema.mutation_type is not None
    unions = (get_named_type(field.type) for field in schema.mutation_type.fields.values())
    return frozenset(each.types[0].name for each in unions if isinstance(each, GraphQLUnionType))


def codes(answer: httpx.Response) -> set[str]:
    """Return the codes of the errors of an answer; megabytes without any are not read."""
    if b'"errors"' not in answer.content:
        return set()
    return {each["extensions"]["code"] for each in orjson.loads(answer.content).get("errors", ())}


def surfaces(schema: GraphQLSchema) -> list[Surface]:
    """Return every root field of queries and mutations."""
    roots: list[tuple[str, GraphQLObjectType | None]] = [
        ("query", schema.query_type),
        ("mutation", schema.mutation_type),
    ]
    assert schema.subscription_type is None, "teach tests/attacks/operations.py to attack subscriptions"
    return [Surface(schema, kind, name, field) for kind, root in roots if root for name, field in root.fields.items()]
