"""Who may ask for which field: what the schema offers, what ``matrix.txt`` allows, and what the API does."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import httpx
from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    is_introspection_type,
)

from geo.audience import Audience
from tests.attacks.arguments import Values, argument_sets, fresh
from tests.attacks.client import Client, posted
from tests.attacks.operations import SPLIT, Surface, codes, surfaces
from tests.attacks.replay import REFUSALS

GOLDEN = Path(__file__).with_name("matrix.txt")
Allowed = Mapping[str, frozenset[Audience]]
Way = tuple[str, ...]
"""A path from a root field down: names of fields and ``... on Type``."""


def golden(text: str) -> dict[str, frozenset[Audience]]:
    """Read who may ask for what, by ``Type.field``."""
    allowed: dict[str, frozenset[Audience]] = {}
    audiences: frozenset[Audience] = frozenset()
    for line in text.splitlines():
        if line.startswith("["):
            audiences = frozenset(Audience[name] for name in line.strip("[]").split())
        elif line and not line.startswith("#"):
            type_name, _, names = line.partition(":")
            allowed |= {f"{type_name}.{name}": audiences for name in names.split()}
    return allowed


FOR_ALL = frozenset(Audience)
NODES = {
    name.removeprefix("Query.node(").removesuffix(")"): audiences
    for name, audiences in golden(GOLDEN.read_text(encoding="utf-8")).items()
    if name.startswith("Query.node(")
}
"""Whom an id gives a record of a type."""


def offered(schema: GraphQLSchema) -> set[str]:
    """Return every field of the schema, as ``Type.field``."""
    return {
        f"{type_.name}.{name}"
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType) and not is_introspection_type(type_)
        for name in type_.fields
    }


def _steps(schema: GraphQLSchema, field: GraphQLField) -> Iterator[tuple[str, Way]]:
    """Return the types that a field leads to, with what to write between the field and theirs.

    By its id anybody may ask for anything, and gets null where it is not for them: so an id leads to no type that is
    not for everybody.
    """
    inner = get_named_type(field.type)
    if is_composite_type(inner):
        yield inner.name, ()
    if is_abstract_type(inner):
        possible = schema.get_possible_types(inner)
        shared = {each: None for kind in possible for each in kind.interfaces if each is not inner}
        for each in (*possible, *shared):
            if inner.name != "Node" or NODES.get(each.name, FOR_ALL) >= FOR_ALL:
                yield each.name, (f"... on {each.name}",)


def ways(schema: GraphQLSchema, allowed: Allowed | None, audience: Audience) -> dict[str, Way]:
    """Return the shortest way to each type over fields that an audience is allowed; over all where ``allowed`` is None."""
    found: dict[str, Way] = {}
    waiting: deque[tuple[str, Way]] = deque(
        (root.name, ()) for root in (schema.query_type, schema.mutation_type) if root
    )
    while waiting:
        name, way = waiting.popleft()
        if name in found:
            continue
        found[name] = way
        for field, definition in getattr(schema.type_map[name], "fields", {}).items():
            if allowed is None or audience in allowed.get(f"{name}.{field}", ()):
                for inner, between in _steps(schema, definition):
                    waiting.append((inner, (*way, field, *between)))
    return found


def document(schema: GraphQLSchema, way: Way, type_name: str, fields: Sequence[str]) -> tuple[Surface, str]:
    """Return the root field and the selection that lead to fields of one type."""
    written = []
    for field in fields:
        below = get_named_type(schema.type_map[type_name].fields[field].type)  # type: ignore[attr-defined]
        written.append(f"{field} {{ __typename }}" if is_composite_type(below) else field)
    whole = [*way, " ".join(written)]
    root = next(each for each in surfaces(schema) if each.name == whole[0].split(" ")[0])
    selection = whole[-1]
    for step in reversed(whole[:-1]):
        selection = f"{step} {{ {selection} }}"
    return root, selection.removeprefix(root.name)


def asked(
    client: Client, values: Values, audience: Audience, root: Surface, below: str, **chosen: object
) -> httpx.Response:
    """Ask for fields, with the arguments that their root field needs, and others that are chosen."""
    arguments = fresh(argument_sets(root.name, root.field, values)[0][0] | chosen)
    declared = ", ".join(f"${name}: {root.field.args[name].type}" for name in arguments)
    passed = ", ".join(f"{name}: ${name}" for name in arguments)
    text = (
        f"{root.kind} {f'({declared})' if declared else ''} {{ {root.name} {f'({passed})' if passed else ''} {below} }}"
    )
    return client.send(posted(text, arguments), audience)


def verdict(answer: httpx.Response) -> str:
    """Say what came of it: ``allowed``, or the code of the refusal with its status."""
    refused = codes(answer) & REFUSALS
    return f"{min(refused)} {answer.status_code}" if refused else "allowed"


def differences(
    client: Client, schema: GraphQLSchema, allowed: Allowed, values: Values, only: str | None = None
) -> list[str]:
    """Ask for every field as every audience and give what the API does otherwise than the table says.

    Fields of a type that are all allowed are asked for together: one that is refused refuses them all.
    """
    found = []
    for audience in Audience:
        refusal = "UNAUTHENTICATED 401" if audience is Audience.PUBLIC else "FORBIDDEN 403"
        open_ways, all_ways = ways(schema, allowed, audience), ways(schema, None, audience)
        for type_name, fields in groupby(sorted(offered(schema)), lambda name: name.partition(".")[0]):
            if only not in {None, type_name}:
                continue
            way = open_ways.get(type_name, all_ways[type_name])
            may = {
                name.partition(".")[2]: audience in allowed.get(name, ()) and type_name in open_ways for name in fields
            }
            together = [field for field, allows in may.items() if allows and way]  # fields of a root go each by itself
            if together:
                answer = asked(client, values, audience, *document(schema, way, type_name, together))
                if verdict(answer) == "allowed" and not SPLIT & codes(answer):
                    may = {field: allows for field, allows in may.items() if field not in together}
            for field, allows in may.items():
                said = verdict(asked(client, values, audience, *document(schema, way, type_name, [field])))
                if said != ("allowed" if allows else refusal):
                    told = "allowed" if allows else refusal
                    found.append(f"{type_name}.{field} as {audience.name}: {said}, but the table says {told}")
    return found
