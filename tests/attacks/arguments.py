"""Values for every argument of the schema, by its type; and by its name where a number or a text says too little.

A new argument of a known type is attacked without anybody touching this. A type that nobody taught it is an error.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations, count, product
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
    is_required_argument,
    is_required_input_field,
)

from tests.attacks.size import SIZE
from tests.attacks.worlds import Target

NUMBERS: dict[str, list[float]] = {
    "first": [3, 1, 100],
    "distancesMetres": [30_000, 1_000, 200_000],
    "distanceMetres": [150_000, 30_000],
    "simplifyMetres": [1_000, 0, 10_000],
    "metres": [30_000, 1_000, 200_000, 1_000_000],
    "minutes": [60, 5, 600],
    "nearest": [6, 1, 50],
    "permutations": [99, 999],
    "children": [1, 0, 10],
    "incidents": [1, 0, 10],
    "distance": [1, 0, 10],
    "minimumAgeMonths": [0, 72],
    "maximumAgeMonths": [215, 155],
    "age": [9, 0, 17],
    "ageMonths": [110, 0, 215],
    "forAgeMonths": [110, 0, 215],
    "verifiedWithinDays": [3_650, 1],
    "people": [7],
    "hours": [72, 1],
    "capacity": [20, 0],
    "siteCount": [3, 1],
    "timeLimitSeconds": [5, 1],
}
"""Sensible numbers for arguments of these names."""
ANY_NUMBER: list[float] = [1, 0, 10, 1_000]
TEXTS: dict[str, list[str]] = {
    "purpose": ["Accompagnement d'un enfant vers le foyer"],
    "phone": ["+22300001234"],
    "openingHours": ["24/7"],
    "url": ["https://example.org/"],
    "period": ["2025-Q4", "2026-Q1", "2025"],
    "during": ["2025-Q4", "2025"],
}
"""Sensible texts for arguments of these names."""
ANY_TEXT = ["a", "2025-Q4", "Kalan yoro"]
SAME = {
    "parentCode": "areaCode",
    "jurisdictionCode": "areaCode",
    "serviceAreaCode": "areaCode",
    "after": "endCursor",
    "text": "name",
    "search": "name",
}
"""The key in answers that gives values for a text argument, if it is not the argument's own name."""
TURNS = {"SERVICES": -1}
"""Order of an enumeration's values: first the one with the most arguments."""
LISTS = {"categories": [["SAFE_SHELTER"], ["CASE_MANAGEMENT", "SAFE_SHELTER"], []], "languages": [["bm", "fr"], []]}
"""Sensible lists for arguments of these names."""
GOES_WITH: dict[str, dict[str, dict[str, Any]]] = {
    "mapLink": {
        "category": {"kind": "COVERAGE"},
        "distanceMetres": {"kind": "COVERAGE"},
        "period": {"kind": "OVERVIEW"},
        "level": {"kind": "HOTSPOTS", "level": "ADM1"},
        "incidentType": {"kind": "HOTSPOTS"},
        "sector": {"kind": "PRESENCE"},
        "actorKind": {"kind": "TRAINING"},
        "localityCode": {"kind": "PATHWAY"},
        "siteCount": {"kind": "SITES"},
        "scenarioId": {"kind": "SCENARIO"},
    }
}
"""By root field: what an argument is given with, where the field takes it for one kind of thing only."""
FRESH = {"idempotencyKey"}
"""Arguments that need a new value each time."""
SCALARS: dict[str, list[Any]] = {
    "Boolean": [True, False],
    "Date": ["2026-01-01", "2025-06-30"],
    "DateTime": ["2026-01-01T00:00:00Z"],
    "GeoJSON": [
        {"type": "Polygon", "coordinates": [[[-6.0, 11.0], [-5.0, 11.0], [-5.0, 12.0], [-6.0, 12.0], [-6.0, 11.0]]]},
    ],
    "Language": ["en", "fr", "bm"],
    "UUID": ["00000000-0000-4000-8000-000000000000"],
}
KINDS = 6
LONGEST_TEXT = 500
_numbers = count(1)


def fresh(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments with those new that must be another each time."""
    return {
        name: f"attack-{next(_numbers)}" if name in FRESH else fresh(value) if isinstance(value, dict) else value
        for name, value in arguments.items()
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
            self._ids["Shelter"][target.shelter_id] = self._ids["Service"][target.service_id] = None
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
                elif key == "areaCode":
                    self._codes(value, answer.get("level"))
                elif isinstance(value, str) and len(value) < LONGEST_TEXT:
                    self._texts[key][value] = self._texts[f"{name}.{key}"][value] = None
                else:
                    self.learn(value)
        elif isinstance(answer, list):
            for each in answer:
                self.learn(each)

    def _codes(self, code: str, level: str | None) -> None:
        """Take in the code of an area: nations first, because they have some of everything. Localities have no level."""
        known = self._texts["areaCode"]
        if level is not None:
            self._texts["areaCode"] = {code: None} | known if level == "ADM0" else known | {code: None}

    def ids(self, type_name: str) -> list[str]:
        """Return the ids of a type that answers gave."""
        return list(self._ids[type_name])

    def of(self, name: str, argument: GraphQLArgument | GraphQLInputField, within: str = "") -> list[Any]:
        """Return values for an argument, the likeliest first; ``within`` names the field or input that it is part of.

        Raises
        ------
        UntaughtError
            Where its type is unknown.

        """
        return self._of(name, argument.type, within)

    def _of(self, name: str, type_: GraphQLInputType, within: str) -> list[Any]:
        match type_:
            case GraphQLNonNull(of_type=inner):
                return self._of(name, inner, within)
            case GraphQLList(of_type=inner):
                values = self._of(name, inner, within)
                return LISTS.get(name, [values[:1], values[:2], []])
            case GraphQLEnumType():
                return sorted(type_.values, key=lambda value: TURNS.get(value, 0))
            case GraphQLInputObjectType():
                return self._objects(type_)[: SIZE.values * 2]
        values = self._scalars(name, type_.name, within)
        if not values:
            raise UntaughtError(name, type_)
        return values

    def _scalars(self, name: str, type_name: str, within: str) -> list[Any]:
        match type_name:
            case "ID":
                return self._identities(f"{within} {name}".lower())
            case "String" | "AreaCode" | "Period":
                if within.startswith("Create") and name == "name":
                    return [f"Attaque {next(_numbers)}"]
                part_of = within.rpartition(" ")[2]
                # A computed list has its own kind of cursor.
                its_answer = f"{part_of[:1].upper()}{part_of[1:]}.{SAME.get(name, name)}"
                own = self._texts.get(f"{part_of}.{name}") or self._texts.get(its_answer)
                found = [*(own or self._texts.get(SAME.get(name, name), {}))]
                return TEXTS.get(name) or found[: SIZE.values] or ANY_TEXT
            case "Int" | "Float":
                return list(NUMBERS.get(name, ANY_NUMBER))
        return SCALARS.get(type_name, [])

    def _identities(self, words: str) -> list[str]:
        """Return ids, those first whose type is spoken of: ``actorId``, ``updateActor`` want a ProtectionActor's."""
        spoken_of = [kind for kind in self._ids if kind and re.split("(?=[A-Z])", kind)[-1].lower() in words]
        kinds = [*spoken_of, *(kind for kind in self._ids if kind not in spoken_of)]
        return [*(each for kind in kinds for each in list(self._ids[kind])[: SIZE.values]), SCALARS["UUID"][0]]

    def _objects(self, type_: GraphQLInputObjectType) -> list[dict[str, Any]]:
        if {*type_.fields} == {"lon", "lat"}:
            return self._points or [{"lon": -5.66654, "lat": 11.31755}]
        if {*type_.fields} == {"west", "south", "east", "north"}:
            return list(self._boxes())
        fields = {name: self.of(name, each, type_.name) for name, each in type_.fields.items()}
        if type_.is_one_of:
            return [{name: value} for name, values in fields.items() for value in values[:1]]
        needed = {name: fields[name][0] for name, each in type_.fields.items() if is_required_input_field(each)}
        whole = {name: values[0] for name, values in fields.items()}
        return [needed, whole, *({**needed, name: values[-1]} for name, values in fields.items())]

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


def argument_sets(
    within: str, field: GraphQLField, values: Values
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the likeliest sets of arguments, the required ones and these with one other; and all further sets.

    These hold each further value, what goes with one kind of thing only, as a category with services, and all at once.
    """
    known = {name: values.of(name, each, within) for name, each in field.args.items()}
    needed = {
        name: known[name][0] for name, each in field.args.items() if is_required_argument(each) or name == "first"
    }
    optional = [name for name in known if name not in needed]
    together = GOES_WITH.get(within.partition(" ")[0], {})
    likely = [needed, *(needed | {name: known[name][0]} | together.get(name, {}) for name in optional)]
    further = [needed | {name: value} for name, choices in known.items() for value in choices[1:]]
    for name, other in product(optional, needed.keys() - {"first"}):
        further += (needed | {other: value, name: known[name][0]} for value in known[other][1:KINDS])
    further += ({name: each[turn % len(each)] for name, each in known.items()} for turn in range(SIZE.together))
    if SIZE.chunks:
        further += (needed | {name: known[name][0] for name in pair} for pair in combinations(optional, 2))
    return likely, further
