"""Where is it? By what else the directory says of it: records that share an id, a word, a number or a day with it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from graphql import GraphQLField, GraphQLNamedType, GraphQLObjectType, GraphQLSchema, get_named_type, is_leaf_type
from graphql.type import is_required_argument

from api.graphql.compile.reserved import reserved_for
from api.graphql.schema import compiled_schema
from geo.audience import Audience
from geo.coordinates import LonLat
from geo.database.owner import owner_transaction
from tests.attacks.client import Client
from tests.attacks.worlds import Target
from tests.geodesy import distance_m

DEEP = 3
PAGES = (100, 25)
OUTLINES = "geometry"
"""They are the same of whoever is in an area, and most of what an answer would hold."""
RARE = 12
"""A piece that more records than this share leads to none of them."""
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
LACKING = "NGO runs nothing"
"""A piece that every target shares with an actor of a kind that runs shelters, if none of its services is published."""
SPAN = 8
"""This many digits of a number reveal its owner."""


@dataclass
class Record:
    """What was said of a thing, in pieces that another thing may have in common with it, and where it stands."""

    id: str
    confidential: bool = False
    place: LonLat | None = None
    pieces: set[str] = field(default_factory=set)


def _may(definition: GraphQLField, audience: Audience) -> bool:
    audiences = reserved_for(definition)
    return audiences is None or audience in audiences


def _selection(type_: GraphQLNamedType, audience: Audience, deep: int) -> str:
    """Select every leaf that an audience may ask for without arguments, down to a depth."""
    chosen = []
    for name, definition in getattr(type_, "fields", {}).items():
        inner = get_named_type(definition.type)
        if not _may(definition, audience) or any(map(is_required_argument, definition.args.values())):
            continue
        if is_leaf_type(inner):
            if name != OUTLINES:
                chosen.append(name)
        elif deep and isinstance(inner, GraphQLObjectType) and (below := _selection(inner, audience, deep - 1)):
            chosen.append(f"{name} {below}")
    return f"{{ {' '.join(chosen)} }}" if chosen else ""


def _lists(schema: GraphQLSchema, audience: Audience) -> Iterator[tuple[str, GraphQLObjectType]]:
    """Return every root field that pages through things, with their type."""
    for name, definition in schema.query_type.fields.items():  # type: ignore[union-attr]
        type_ = get_named_type(definition.type)
        free = not any(map(is_required_argument, definition.args.values()))
        if (
            free
            and _may(definition, audience)
            and "edges" in getattr(type_, "fields", {})
            and "after" in definition.args
        ):
            node = get_named_type(get_named_type(type_.fields["edges"].type).fields["node"].type)
            if isinstance(node, GraphQLObjectType) and "id" in node.fields:
                yield name, node


def _pages(client: Client, audience: Audience, name: str, node: GraphQLObjectType) -> Iterator[dict[str, Any]]:
    deep, size, after = DEEP, PAGES[0], None
    while True:
        document = (
            f"query ($after: String) {{ found: {name}(first: {size}, after: $after) "
            f"{{ edges {{ node {_selection(node, audience, deep)} }} pageInfo {{ hasNextPage endCursor }} }} }}"
        )
        answer = client.ask(document, {"after": after}, audience)
        found = (answer.get("data") or {}).get("found")
        if found is None and (deep, size) != (0, PAGES[-1]):  # so much, or so deep, costs too much
            deep, size = (deep, PAGES[-1]) if size != PAGES[-1] else (deep - 1, PAGES[0])
            continue
        assert found is not None, answer
        yield from (edge["node"] for edge in found["edges"])
        if not found["pageInfo"]["hasNextPage"]:
            return
        after = found["pageInfo"]["endCursor"]


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))


def _pieces(value: Any) -> Iterator[str]:
    """Take what was said apart: ids, days, long numbers, words."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _pieces(each)
    elif isinstance(value, list):
        for each in value:
            yield from _pieces(each)
    elif isinstance(value, str):
        yield from _pieces_of(value)


@cache
def _pieces_of(text: str) -> tuple[str, ...]:
    """Take one text apart; most texts are told of many things, to each audience."""
    text = _fold(text)
    rest = DAY.sub(" ", UUID.sub(" ", text))
    digits = re.sub(r"\D", "", rest)
    spans = (digits[start : start + SPAN] for start in range(len(digits) - SPAN + 1))
    return (*UUID.findall(text), *DAY.findall(text), *spans, *re.findall(r"[^\W\d_]{4,}", rest))


def _beyond_its_zone(value: Any) -> Any:
    """Leave out of what is said of a thing the zone and the areas that a confidential place is told by, known anyway."""
    if isinstance(value, Mapping):
        told = {"zone", "zoneName", "adminArea"} if value.get("precision") == "AREA" else set()
        return {name: _beyond_its_zone(each) for name, each in value.items() if name not in told}
    return [_beyond_its_zone(each) for each in value] if isinstance(value, list) else value


def _place(node: Mapping[str, Any]) -> LonLat | None:
    location = node.get("location") or {}
    if location.get("precision") == "AREA":
        return None
    point = location.get("point") or node.get("point")
    if isinstance(point, Mapping) and point.get("type") == "Point":
        lon, lat = point["coordinates"]
        return LonLat(lon=lon, lat=lat)
    return None


def directory(client: Client, audience: Audience) -> dict[str, Record]:
    """Read everything that an audience can list, and take it apart."""
    records: dict[str, Record] = {}
    for name, type_ in _lists(compiled_schema(), audience):
        for node in _pages(client, audience, name, type_):
            record = records.setdefault(node["id"], Record(node["id"]))
            record.pieces |= {*_pieces(_beyond_its_zone(node))} - {node["id"]}
            if not node.get("services", {"edges": [None]})["edges"]:
                record.pieces.add(f"{node.get('kind')} runs nothing")
            record.confidential |= node.get("confidential") is True
            record.place = record.place or _place(node)
    return records


def linked(records: Mapping[str, Record], target: Target, inside: Mapping[str, str]) -> LonLat | None:
    """Return the place of the record of its zone that has the rarest things in common with a target.

    What names the target by an id of its own says what it says of the target too: entries of a log, proposals.

    Parameters
    ----------
    records
        What :func:`directory` read.
    target
        The target.
    inside
        The zone of each record with a place, by the record's id.

    """
    own = {target.service_id, target.shelter_id}
    said = [each for each in records.values() if each.id in own or each.pieces & own]
    pieces = set().union(*(each.pieces for each in said)) | own | {LACKING}
    public = [
        each for each in records.values() if each.place is not None and not each.confidential and each.id not in own
    ]
    common = Counter(piece for each in public for piece in {*each.pieces, each.id})
    weight = {piece: math.log(len(public) / common[piece]) for piece in pieces if 0 < common[piece] <= RARE}
    score: defaultdict[str, float] = defaultdict(float)
    for each in public:
        if inside.get(each.id) == target.zone_id and (
            shared := ({*each.pieces, each.id} & weight.keys()) - _days(pieces)
        ):
            score[each.id] = sum(weight[piece] for piece in shared)
    if not score:
        return None
    return records[min(score, key=lambda one: (-score[one], one))].place


def _days(pieces: set[str]) -> set[str]:
    # Others have the first day of a quarter by chance.
    return {each for each in pieces if DAY.fullmatch(each) and each[5:] in ("01-01", "04-01", "07-01", "10-01")}


def zones_of(url: str, records: Mapping[str, Record]) -> dict[str, str]:
    """Return the zone of each record that has a place, by its id; outlines are public."""
    placed = [(each.id, each.place.lon, each.place.lat) for each in records.values() if each.place is not None]
    with owner_transaction(url) as connection:
        rows = connection.exec_driver_sql(
            "SELECT one.id, z::text FROM unnest(%s::text[], %s::float8[], %s::float8[]) AS one(id, lon, lat), "
            "lakana.zones_at(ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography) AS z",
            tuple(map(list, zip(*placed, strict=True))),
        )
        return {row[0]: row[1] for row in rows}


def narrowed(
    client: Client, audience: Audience, codes: Sequence[str], target_ids: Sequence[str]
) -> dict[str, list[str]]:
    """Return for each shelter the codes of the areas by which a list of shelters finds it."""
    found: dict[str, list[str]] = {each: [] for each in target_ids}
    for code in codes:
        document = "query ($code: AreaCode!) { shelters(areaCode: $code, first: 100) { edges { node { id } } } }"
        for edge in client.ask(document, {"code": code}, audience)["data"]["shelters"]["edges"]:
            if edge["node"]["id"] in found:
                found[edge["node"]["id"]].append(code)
    return found


def blind_guesses(url: str) -> dict[str, LonLat]:
    """Return for each zone the place that misses least in the median, weighted by people: of those where people live."""
    with owner_transaction(url) as connection:
        rows = connection.exec_driver_sql(
            "SELECT lakana.zone_of(area_id)::text, ST_X(point::geometry), ST_Y(point::geometry), population "
            "FROM lakana.demand_point WHERE lakana.zone_of(area_id) IS NOT NULL"
        ).fetchall()
    living: defaultdict[str, list[tuple[float, float, int]]] = defaultdict(list)
    for zone, *place in rows:
        living[zone].append(tuple(place))
    return {zone: _least_missing(np.array(places, float)) for zone, places in living.items()}


def _least_missing(places: Any) -> LonLat:
    lon, lat, people = np.radians(places[:, 0]), np.radians(places[:, 1]), places[:, 2]
    medians = []
    for one in range(len(places)):
        half = np.sin((lat - lat[one]) / 2) ** 2 + np.cos(lat) * np.cos(lat[one]) * np.sin((lon - lon[one]) / 2) ** 2
        order = np.argsort(half)
        medians.append(half[order][np.searchsorted(np.cumsum(people[order]), people.sum() / 2)])
    best = int(np.argmin(medians))
    return LonLat(lon=float(places[best, 0]), lat=float(places[best, 1]))


def miss_m(target: Target, guess: LonLat) -> float:
    """Return the metres between a guess and where the target really stands."""
    return distance_m(target.exact.lon, target.exact.lat, guess.lon, guess.lat)
