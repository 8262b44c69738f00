"""Which schema type stands for each type of the domain, and which input for each record.

The fields of an input and their descriptions are those that a dataclass of the domain declares (:mod:`geo.arguments`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from functools import cached_property
from types import GenericAlias
from typing import Any, get_args, get_origin, get_type_hints

import strawberry
from strawberry import UNSET
from strawberry.types import get_object_definition
from strawberry.types.arguments import InputContext

from api.graphql.types.inputs.questions import BBoxInput, CandidatesInput, NeedInput, PointInput, ReachInput
from api.graphql.types.scalars import GeoJSON
from api.names import respelt, spelt, worded
from geo.arguments import RowId, declared
from geo.coordinates import BBox, LonLat
from geo.queries.base.reach import Reach
from geo.queries.incidents.hotspots import Neighbourhood
from geo.queries.planning.siting import Candidates
from geo.queries.reach.gaps import GapWeights
from geo.queries.reach.need import Need

OFFERED: dict[Any, Any] = {
    LonLat: PointInput,
    BBox: BBoxInput,
    Reach: ReachInput,
    Need: NeedInput,
    Candidates: CandidatesInput,
    RowId: strawberry.ID,
    Any: GeoJSON,
}
"""The schema's type for each domain type. Any other type, a term or a number, is used as it is."""

STAYS = "What is left out stays as it is; null clears a field, and is refused where the field cannot be empty."


@dataclasses.dataclass(frozen=True)
class Offered:
    """The schema type for a type of the domain."""

    own: Any
    """The type itself, without the list around it and without the mark that it is optional."""
    many: bool
    annotation: Any


def offered(hint: Any) -> Offered:
    """Return the schema type for a type of the domain, without whether it is optional."""
    parts = [each for each in get_args(hint) if each is not type(None)]
    inner = parts[0] if type(None) in get_args(hint) else hint
    many = get_origin(inner) is tuple
    own = get_args(inner)[0] if many else inner
    one = OFFERED.get(own, own)
    return Offered(own, many, GenericAlias(list, (one,)) if many else one)


@dataclasses.dataclass(frozen=True)
class InputField:
    """A field of an input: its type, its description, and its default if it has one."""

    annotation: Any
    words: str
    default: Any = dataclasses.field(default_factory=lambda: dataclasses.MISSING)

    def optional(self) -> InputField:
        """Return the same field, which may be left out."""
        return InputField(self.annotation | None, self.words, None)

    def declared(self) -> Any:
        """Return it as Strawberry declares it; where nothing stands for a value that is left out, it is unset."""
        if self.default is dataclasses.MISSING:
            return strawberry.field(description=self.words)
        if self.default == ():
            return strawberry.field(description=self.words, default_factory=list)
        return strawberry.field(description=self.words, default=UNSET if self.default is None else self.default)


def fields_of(kind: type, *, changing: bool = False) -> dict[str, InputField]:
    """Return the fields of an input by their names, as a dataclass of the domain declares them, new or changing."""
    hints, own = get_type_hints(kind), declared(kind)
    found = {}
    for each in dataclasses.fields(kind):
        if each.name in own:
            one = offered(hints[each.name]).annotation
            annotation = one | None if each.default is None else one
            told = own[each.name]
            words = (told.changing if changing else None) or told.words
            found[worded(each.name)] = InputField(annotation, respelt(words), each.default)
    return found


def input_of(name: str, description: str, fields: Mapping[str, InputField], *, one_of: bool = False) -> type:
    """Make an input."""
    annotations = {each: field.annotation for each, field in fields.items()}
    body = {each: field.declared() for each, field in fields.items()}
    # One that is the default of an argument is hashed.
    body |= {"__annotations__": annotations, "__module__": __name__, "__hash__": object.__hash__}
    made = type(name, (), body)
    found: type = strawberry.input(made, description=description, one_of=one_of)
    return found


class Unread:
    """An input as it was given, which is read when its values are asked for: of a large one, not on the event loop.

    It takes the place of Strawberry's own reading (:func:`unread`), which runs where a resolver is called.
    """

    def __init__(self, type_: type, given: Mapping[str, Any], context: InputContext) -> None:
        self.given = given
        self._type = type_
        self._context = context

    @cached_property
    def values(self) -> Any:
        """The input, as Strawberry reads it."""
        definition = get_object_definition(self._type, strict=True)
        found = {}
        for each in definition.fields:
            name = spelt(each.python_name)
            if name in self.given:
                type_: Any = each.resolve_type(type_definition=definition)
                found[each.python_name] = self._context.convert(self.given[name], type_, name)
        return self._type(**found)


def unread(type_: type) -> type:
    """Have a resolver take an input of this type as :class:`Unread`."""
    get_object_definition(type_, strict=True).from_input = Unread
    return type_


def whole(kind: type, name: str, description: str, *, one_of: bool = False) -> type:
    """Make the input that stands for a dataclass wherever it is part of another input."""
    OFFERED[kind] = input_of(name, description, fields_of(kind), one_of=one_of)
    made: type = OFFERED[kind]
    return made


def input_value(value: Any) -> Any:
    """Return a value of the domain as the schema's input has it, for a default."""
    if not dataclasses.is_dataclass(value):
        return value
    given = {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}
    return OFFERED[type(value)](**{worded(name): each for name, each in given.items() if each is not None})


whole(
    GapWeights,
    "GapWeightsInput",
    "How much each factor of a gap's priority weighs: its exponent. 0 takes a factor out.",
)
whole(
    Neighbourhood,
    "NeighboursInput",
    "Who are neighbours: the nearest places, or all within a distance band.",
    one_of=True,
)


def changes(kind: type, name: str, description: str, without: Collection[str] = ()) -> type:
    """Make the input of an update: the fields of a record, each optional."""
    fields = {each: field.optional() for each, field in fields_of(kind, changing=True).items() if each not in without}
    return input_of(name, f"{description} {STAYS}", fields)


def values_of(given: Any) -> dict[str, Any]:
    """Return the fields of an input that were given; points become :class:`LonLat`."""
    values = {each.name: getattr(given, each.name) for each in dataclasses.fields(given)}
    return {
        name: LonLat(lon=value.lon, lat=value.lat, field=name) if isinstance(value, PointInput) else value
        for name, value in values.items()
        if value is not UNSET
    }
