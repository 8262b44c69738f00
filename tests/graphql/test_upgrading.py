"""docs/upgrading.md leads to names that the schema has, and says where each name that is gone went."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from api.graphql.schema import graphql_schema
from geo.queries.directory.features import MapLayer, properties_of

PAGE = (Path(__file__).parents[2] / "docs" / "upgrading.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (?!---|before)(.*) \| (.*) \|$", PAGE, re.MULTILINE)
OF_NO_SCHEMA = re.compile("en|null|Accept|Language|COD|AB|ML.*|v02|Q4|UNAVAILABLE")


def names() -> set[str]:
    found = set(graphql_schema().type_map) | {name for layer in MapLayer for name in properties_of(layer)}
    for each in graphql_schema().type_map.values():
        parts: dict[str, Any] = {**getattr(each, "fields", {}), **getattr(each, "values", {})}
        found |= parts.keys()
        found |= {argument for part in parts.values() for argument in getattr(part, "args", {})}
    return found


def words(cell: str) -> set[str]:
    return {word for code in re.findall(r"`([^`]*)`", cell) for word in re.findall(r"[A-Za-z]\w+", code)}


def test_what_it_leads_to_is_there():
    assert len(ROWS) > 25
    missing = {word for _, now in ROWS for word in words(now)} - names()
    assert {word for word in missing if not OF_NO_SCHEMA.fullmatch(word)} == set()


def test_what_is_gone_is_told():
    known = names()
    once_more = (
        "GEODESIC",
        "WeightsInput",
        "leftOutCount",
        "localitiesBeyond",
        "freePlaces",
        "placesUsed",
        "placesAdded",
        "farthestMetres",
        "sufficientSites",
    )
    for gone in (
        "coverageOf",
        "gapsOf",
        "WriteResult",
        "trainedActors",
        "topics",
        "AddSite",
        "areaKm2",
        "speedKmPerHour",
        "scores",
        *once_more,
    ):
        assert gone in {word for before, _ in ROWS for word in words(before)}
    for gone in ("coverageOf", "gapsOf", "WriteResult", "ReportingLevel", "areaKm2", "speedKmPerHour", *once_more):
        assert gone not in known
