"""The columns of an exported list: they follow from the fields of its type, so that a new field is a new column.

A row's own fields are columns, and those of its parts (where it stands, its source, its phones) as ``part.field``. Of
another record that it names, such as the actor of a service, it tells what identifies it; that record is in an export
of its own. What is asked with arguments is left out, and so are lists of other records.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from api.exports.hxl import tag_of
from api.graphql.compile.reserved import reserved_for
from geo.audience import Audience
from geo.vocabulary import Locale, has_labels, label

Path = tuple[str, ...]
Cell = str | int | float | bool | dt.date | dt.datetime | None

IDENTIFYING = ("id", "areaCode", "code", "name", "acronym", "kind", "category", "phone")
"""What is told of a record that a row names, as far as its type has it."""
LANGUAGE = "language"
"""The one argument that a field may have and still be a column: the file is in one language."""
DEEPEST = 3
"""Parts of parts of a row."""
BETWEEN = "; "
"""What stands between the values of a list in a cell."""
GEOJSON = "GeoJSON"


class Holds(Enum):
    """What a column holds."""

    TEXT = auto()
    WHOLE = auto()
    NUMBER = auto()
    FLAG = auto()
    DAY = auto()
    MOMENT = auto()


OF_SCALARS = {
    "Int": Holds.WHOLE,
    "Float": Holds.NUMBER,
    "Boolean": Holds.FLAG,
    "Date": Holds.DAY,
    "DateTime": Holds.MOMENT,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export.

    Parameters
    ----------
    path
        The response keys from the row to the value.
    holds
        What it holds; a list, and what stands below one, is text.
    tag
        Its HXL tag, empty where the standard has none for it.
    words
        What it is, as the schema says.
    place
        Where it stands in the value, if that is a point: 0 is the longitude, 1 the latitude.
    terms
        The vocabulary whose labels it tells, if it stands beside a code.

    """

    path: Path
    holds: Holds
    tag: str
    words: str
    place: int | None = None
    terms: type[Enum] | None = None

    @property
    def name(self) -> str:
        """Its name: the path with points between; of a point and of labels what they are."""
        if self.place is not None:
            return ".".join((*self.path[:-1], ("longitude", "latitude")[self.place]))
        return ".".join(self.path) + ("Label" if self.terms else "")

    def value(self, row: Any, locale: Locale) -> Cell:
        """Return its value in a row of an answer; ``None`` where that says null, which is not known and no zero."""
        found = found_at(row, self.path)
        if found is not None and self.place is not None:
            return found["coordinates"][self.place] if found["type"] == "Point" else None
        if self.terms is not None:
            found = _labelled(found, self.terms, locale)
        if isinstance(found, list):
            return BETWEEN.join(_text(each) for each in found if each is not None) or None
        if isinstance(found, dict):
            return _text(found)
        if found is None or self.holds not in READ:
            value: Cell = found
            return value
        return READ[self.holds](found)


READ: dict[Holds, Callable[[str], Cell]] = {
    Holds.DAY: dt.date.fromisoformat,
    Holds.MOMENT: dt.datetime.fromisoformat,
}


def found_at(row: Any, path: Path) -> Any:
    """Return what stands at a path; below a list the list of what stands in each of its items."""
    for at, key in enumerate(path):
        if isinstance(row, list):
            return [each for item in row for each in _listed(found_at(item, path[at:]))]
        if row is None:
            return None
        row = row.get(key)
    return row


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _labelled(found: Any, terms: type[Enum], locale: Locale) -> Any:
    if isinstance(found, list):
        return [_labelled(each, terms, locale) for each in found]
    return None if found is None else label(terms[found], locale)


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a type is exported: its columns, and the paths of the geometries that a row may stand at, the best first.

    Of several geometries a row has the first that is not null.
    """

    columns: tuple[Column, ...]
    points: tuple[Path, ...]
    outlines: tuple[Path, ...]

    def in_table(self) -> tuple[Column, ...]:
        """Return the columns of a table: a place is its longitude and latitude, and outlines are left out."""
        places = [
            Column(path, Holds.NUMBER, tag_of("", ("longitude", "latitude")[place]), "Degrees, EPSG:4326.", place)
            for path in self.points[:1]
            for place in (1, 0)
        ]
        return (*self.columns, *places)

    def geometry(self, row: Any) -> Any:
        """Return where a row stands, as GeoJSON; ``None`` where that is not known."""
        found = (found_at(row, each) for each in (*self.points, *self.outlines))
        return next((each for each in found if each is not None), None)


@dataclass(frozen=True)
class Reader:
    """Reads what of the types of a schema is exported for an audience."""

    schema: GraphQLSchema
    audience: Audience

    def shown(self, kind: GraphQLNamedType) -> Shown:
        """Return what of a type is exported."""
        columns = tuple(self._fields(kind, (), DEEPEST))
        places = list(self._places(kind, (), parts=True)) or list(self._places_of_records(kind))
        points = tuple(path for path in places if path[-1] == "point")
        return Shown(columns, points, tuple(path for path in places if path[-1] != "point"))

    def about(self, kind: GraphQLNamedType, without: str) -> tuple[Column, ...]:
        """Return what a holder of a list says beside it: all but its sources, and what tells of its pages."""
        left_out = {without, "edges", "pageInfo", "totalCount", "sources"}
        every = self._fields(kind, (), DEEPEST - 1)
        return tuple(each for each in every if each.path[0] not in left_out and each.terms is None)

    def may(self, field: GraphQLField) -> bool:
        """Return whether the audience may ask for a field."""
        reserved = reserved_for(field)
        return reserved is None or self.audience in reserved

    def is_record(self, kind: GraphQLNamedType) -> bool:
        """Return whether a type is one of records, which have an id and are exported by themselves."""
        if isinstance(kind, GraphQLUnionType):
            return True
        return isinstance(kind, GraphQLObjectType) and "Node" in {each.name for each in kind.interfaces}

    def _fields(self, kind: GraphQLNamedType, above: Path, deep: int, *, listed: bool = False) -> Iterator[Column]:
        if not isinstance(kind, GraphQLObjectType) or not deep:
            return
        for name, field in kind.fields.items():
            inner, path = get_named_type(field.type), (*above, name)
            if not self._asked(field) or inner.name == GEOJSON:
                continue
            is_list = is_list_type(get_nullable_type(field.type))
            if is_leaf_type(inner):
                yield from _columns(kind, name, field, path, listed=listed)
            elif self.is_record(inner):
                if not is_list:
                    yield from self._record(inner, path, listed=listed)
            elif (
                isinstance(inner, GraphQLObjectType)
                and "edges" not in inner.fields
                and deep
                and not (is_list and above)
            ):
                yield from self._fields(inner, path, deep - 1, listed=listed or is_list)

    def _asked(self, field: GraphQLField) -> bool:
        return self.may(field) and not field.args.keys() - {LANGUAGE}

    def _record(self, kind: GraphQLNamedType, above: Path, *, listed: bool) -> Iterator[Column]:
        told: set[str] = set()
        for name in IDENTIFYING:
            for each in self._kinds(kind):
                field = each.fields.get(name)
                if field is not None and name not in told and self._asked(field):
                    told.add(name)
                    yield from _columns(each, name, field, (*above, name), listed=listed, terms=False)

    def _kinds(self, kind: GraphQLNamedType) -> tuple[GraphQLObjectType, ...]:
        if isinstance(kind, GraphQLUnionType):
            return tuple(self.schema.get_possible_types(kind))
        return (kind,) if isinstance(kind, GraphQLObjectType) else ()

    def _places(self, kind: GraphQLNamedType, above: Path, *, parts: bool) -> Iterator[Path]:
        for each in self._kinds(kind):
            for name, field in each.fields.items():
                inner, path = get_named_type(field.type), (*above, name)
                if not self._asked(field) or is_list_type(get_nullable_type(field.type)):
                    continue
                if inner.name == GEOJSON:
                    yield path
                elif parts and name == "location":
                    yield from self._places(inner, path, parts=False)

    def _places_of_records(self, kind: GraphQLNamedType) -> Iterator[Path]:
        for each in self._kinds(kind):
            for name, field in each.fields.items():
                inner = get_named_type(field.type)
                if self._asked(field) and self.is_record(inner) and not is_list_type(get_nullable_type(field.type)):
                    yield from self._places(inner, (name,), parts=True)


def _columns(
    kind: GraphQLObjectType, name: str, field: GraphQLField, path: Path, *, listed: bool, terms: bool = True
) -> Iterator[Column]:
    """Return the column of a leaf, and that of its labels where it holds codes and the type tells no labels itself."""
    inner = get_named_type(field.type)
    listed = listed or is_list_type(get_nullable_type(field.type))
    words = " ".join((field.description or "").split())
    holds = Holds.TEXT if listed else OF_SCALARS.get(inner.name, Holds.TEXT)
    yield Column(path, holds, tag_of(kind.name, name), words)
    own = _terms(inner)
    if terms and own is not None and f"{name}Label" not in kind.fields:
        yield Column(path, Holds.TEXT, "", f"The words for it. {words}", terms=own)


def _terms(kind: GraphQLNamedType) -> type[Enum] | None:
    if not isinstance(kind, GraphQLEnumType):
        return None
    terms: type[Enum] = kind.extensions["strawberry-definition"].wrapped_cls
    return terms if has_labels(terms) else None
