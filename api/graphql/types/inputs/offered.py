"""Which schema type stands for each type of the domain, and which input for each record.

The fields of an input and their descriptions are those that a dataclass of the domain declares (:mod:`geo.arguments`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import GenericAlias, MappingProxyType
from typing import Any, get_args, get_origin, get_type_hints

import strawberry
from strawberry import UNSET

from api.graphql.types.coverage_of import NeedInput
from api.graphql.types.gaps import GapWeightsInput
from api.graphql.types.scalars import BBoxInput, GeoJSON, PointInput, ReachInput
from api.graphql.types.siting import CandidatesInput
from api.graphql.types.statistics.common import WeightsInput
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
    GapWeights: GapWeightsInput,
    Candidates: CandidatesInput,
    Neighbourhood: WeightsInput,
    RowId: strawberry.ID,
    Any: GeoJSON,
}
"""The schema's type for each domain type. Any other type, a term or a number, is used as it is."""


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


def whole(
    kind: type, name: str, description: str, words: Mapping[str, str] = MappingProxyType({}), *, one_of: bool = False
) -> type:
    """Make the input of a new record, and register it as the schema type of its class.

    Parameters
    ----------
    kind
        The dataclass that declares its fields.
    name, description
        The name and description of the input.
    words
        The description of a field, if it names something that only the schema knows.
    one_of
        Whether exactly one field is to be given.

    """
    hints = get_type_hints(kind)
    annotations, described = {}, {}
    for each in dataclasses.fields(kind):
        own = offered(hints[each.name]).annotation
        needed, listed = each.default is dataclasses.MISSING, each.default == ()
        default: dict[str, Any] = {"default_factory": list} if listed else {} if needed else {"default": UNSET}
        annotations[each.name] = own if needed or listed else own | None
        described[each.name] = strawberry.field(
            description=words.get(each.name) or declared(kind)[each.name].words, **default
        )
    OFFERED[kind] = _made(name, annotations, described, description, one_of=one_of)
    made: type = OFFERED[kind]
    return made


def changes(new: type, name: str, description: str) -> type:
    """Make the input of an update: the fields of a new record, each optional."""
    fields = [each for each in dataclasses.fields(new) if each.init]
    return _made(
        name,
        {each.name: new.__annotations__[each.name] | None for each in fields},
        {each.name: strawberry.field(description=each.description, default=UNSET) for each in fields},  # type: ignore[attr-defined]
        description,
    )


def _made(
    name: str, annotations: Mapping[str, Any], fields: Mapping[str, Any], description: str, *, one_of: bool = False
) -> type:
    made = type(name, (), {"__annotations__": dict(annotations), "__module__": __name__, **fields})
    return strawberry.input(made, description=description, one_of=one_of)


def values_of(given: Any) -> dict[str, Any]:
    """Return the fields of an input that were given; points become :class:`LonLat`."""
    values = {each.name: getattr(given, each.name) for each in dataclasses.fields(given)}
    return {
        name: LonLat(lon=value.lon, lat=value.lat, field=name) if isinstance(value, PointInput) else value
        for name, value in values.items()
        if value is not UNSET
    }
