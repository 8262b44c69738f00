"""Values for every argument of the schema, by its type; and by its name where a number or a text says too little.

A new argument of a known type is attacked without anybody touching this. A type that nobody taught it is an error.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, product
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)

from tests.attacks.size import SIZE
from tests.attacks.worlds import Target

NUMBERS: dict[str, list[float]] = {
    "first": [3, 1, 100],
    "level": [1, 2, 0],
    "maxDistanceMetres": [30_000, 1_000, 200_000, 20_000_000],
}
"""Numbers that an argument of this name makes sense with."""
ANY_NUMBER: list[float] = [1, 0, 10, 1_000]
TEXTS = {
    "areaCode": "areaCode",
    "parentCode": "areaCode",
    "after": "endCursor",
    "text": "name",
    "purpose": "purpose",
}
"""The key of answers under which a text argument finds its values, where it is not its own name."""
ANY_TEXT = ["a", "2025-Q4", "Accompagnement d'un enfant vers le foyer"]
KINDS = 6
SCALARS: dict[str, list[Any]] = {
    "Boolean": [True, False],
    "Date": ["2026-01-01", "2025-06-30"],
    "DateTime": ["2026-01-01T00:00:00Z"],
    "UUID": ["00000000-0000-4000-8000-000000000000"],
}


class UntaughtError(Exception):
    """An argument of a type that the attacks have no values for."""

    def __init__(self, name: str, type_: object) -> None:
        super().__init__(
            f"The attacks have no values for an argument {name} of type {type_}: "
            f"teach tests/attacks/arguments.py some, in SCALARS or Values.of."
        )


class Values:
    """What is known of a world: where its targets are, and all ids, codes, names and cursors that answers gave."""

    def __init__(self, targets: Iterable[Target] = ()) -> None:
        self._texts: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._ids: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._points: list[dict[str, float]] = []
        for target in targets:
            self._ids["target"] |= {target.shelter_id: None, target.service_id: None}
            self._texts["name"][target.name] = None
            for place in (target.exact, target.published):
                self._points.append({"lon": round(place.lon, 5), "lat": round(place.lat, 5)})

    def learn(self, answer: Any, type_name: str = "") -> None:
        """Take in the ids, codes, names and cursors of an answer."""
        if isinstance(answer, dict):
            name = answer.get("__typename", type_name)
            for key, value in answer.items():
                if key == "id" and isinstance(value, str):
                    self._ids[name][value] = None
                elif isinstance(value, str) and len(value) < 500:
                    self._texts[key][value] = self._texts[f"{name}.{key}"][value] = None
                else:
                    self.learn(value)
            if "scheme" in answer and "code" in answer:
                code = {f"{answer['scheme']}:{answer['code']}": None}
                # A nation first: it has something of everything.
                self._texts["areaCode"] = (
                    code | self._texts["areaCode"] if answer.get("level") == 0 else self._texts["areaCode"] | code
                )
        elif isinstance(answer, list):
            for each in answer:
                self.learn(each)

    def ids(self, type_name: str) -> list[str]:
        """Give the ids of a type that answers gave."""
        return list(self._ids[type_name])

    def of(self, name: str, argument: GraphQLArgument | GraphQLInputField, answer: str = "") -> list[Any]:
        """Give values for an argument, the likeliest first; ``answer`` is the type that the field answers with.

        Raises
        ------
        UntaughtError
            Where its type is unknown.

        """
        return self._of(name, argument.type, answer)

    def _of(self, name: str, type_: GraphQLInputType, answer: str) -> list[Any]:
        match type_:
            case GraphQLNonNull(of_type=inner):
                return self._of(name, inner, answer)
            case GraphQLList(of_type=inner):
                values = self._of(name, inner, answer)
                return [values[:1], values[:2], []]
            case GraphQLEnumType():
                return list(type_.values)
            case GraphQLInputObjectType():
                return self._objects(type_)[: SIZE.values * 2]
        values = list(self._scalars(name, type_.name, answer))
        if not values:
            raise UntaughtError(name, type_)
        return values

    def _scalars(self, name: str, type_name: str, answer: str) -> Iterator[Any]:
        match type_name:
            case "ID":
                yield from (each for ids in self._ids.values() for each in list(ids)[: SIZE.values])
                yield SCALARS["UUID"][0]
            case "String":
                found = self._texts.get(f"{answer}.{name}") or self._texts.get(TEXTS.get(name, name), {})
                yield from list(found)[: SIZE.values]
                if not found:
                    yield from ANY_TEXT
            case "Int":
                yield from NUMBERS.get(name, ANY_NUMBER)
            case "Float":
                yield from NUMBERS.get(name, ANY_NUMBER)
            case _:
                yield from SCALARS.get(type_name, [])

    def _objects(self, type_: GraphQLInputObjectType) -> list[dict[str, Any]]:
        if {*type_.fields} == {"lon", "lat"}:
            return self._points or [{"lon": -5.66654, "lat": 11.31755}]
        if {*type_.fields} == {"west", "south", "east", "north"}:
            return list(self._boxes())
        fields = {name: self.of(name, each) for name, each in type_.fields.items()}
        needed = {name: fields[name][0] for name, each in type_.fields.items() if is_required_input_field(each)}
        whole = {name: values[0] for name, values in fields.items()}
        return [needed, whole, *(needed | {name: each} for name, values in fields.items() for each in values[1:])]

    def _boxes(self) -> Iterator[dict[str, float]]:
        yield {"west": -12.3, "south": 10.1, "east": 4.3, "north": 25.1}
        for point in self._points:
            for half in (0.01, 0.5):
                yield {
                    "west": point["lon"] - half,
                    "south": point["lat"] - half,
                    "east": point["lon"] + half,
                    "north": point["lat"] + half,
                }


def argument_sets(field: GraphQLField, values: Values) -> Iterator[dict[str, Any]]:
    """Give sets of arguments: the required ones, each other one with each of its values, and all at once."""
    answer = get_named_type(field.type).name
    known = {name: values.of(name, each, answer) for name, each in field.args.items()}
    needed = {
        name: known[name][0] for name, each in field.args.items() if is_required_argument(each) or name == "first"
    }
    yield needed
    for name, choices in known.items():
        yield from (needed | {name: value} for value in choices if needed.get(name) != value)
    optional = [name for name in known if name not in needed]
    for name, other in product(optional, needed.keys() - {"first"}):
        # What goes with one kind of thing only: a category with services.
        yield from (needed | {other: value, name: known[name][0]} for value in known[other][1:KINDS])
    for turn in range(SIZE.together):
        yield {name: each[turn % len(each)] for name, each in known.items()}
    if SIZE.chunks:
        yield from (needed | {name: known[name][0] for name in pair} for pair in combinations(optional, 2))
