"""The coverage map where its land out of reach takes too long to work out: it is drawn without."""

from __future__ import annotations

from typing import Any

import pytest

from api.graphql.compile.document_cache import Operations
from api.pages import map_records
from geo.errors import Timeout, Unavailable
from geo.service import Resources
from geo.vocabulary import Locale, ServiceCategory
from maps import coverage

pytestmark = pytest.mark.database


def drawn(resources: Resources, operations: Operations, run: Any, failure: Exception | None) -> Any:
    ask = map_records.asking(operations, resources)

    async def failing(document: str, variables: dict[str, Any]) -> dict[str, Any]:
        if failure is not None and document is map_records.LAND:
            raise failure
        return await ask(document, variables)

    records = run(map_records.coverage(failing, ServiceCategory.MEDICAL, 30_000.0, Locale.EN))
    return records, coverage.draw(records, Locale.EN).html


def test_land_out_of_reach_is_drawn(resources, operations, run):
    records, html = drawn(resources, operations, run, None)
    [land] = records.gap_areas["features"]
    assert land["geometry"]["type"] == "MultiPolygon"
    assert "Land out of reach" in html


def test_a_map_goes_without_land_that_takes_too_long(resources, operations, run):
    records, html = drawn(resources, operations, run, Timeout("too long"))
    assert records.gap_areas["features"] == []
    assert "Land out of reach" not in html
    assert "Localities out of reach" in html


def test_any_other_failure_is_no_map(resources, operations, run):
    with pytest.raises(Unavailable):
        drawn(resources, operations, run, Unavailable("gone"))


def test_a_service_without_a_place_is_on_no_map(resources, operations, run):
    ask, left_out = map_records.asking(operations, resources), []

    async def placeless(document: str, variables: dict[str, Any]) -> dict[str, Any]:
        answer = await ask(document, variables)
        if document is map_records.FEATURES:
            first = answer["features"]["features"][0]
            first["geometry"] = None
            left_out.append(first["id"])
        return answer

    records = run(map_records.coverage(placeless, ServiceCategory.MEDICAL, 30_000.0, Locale.EN))
    assert records.services["features"]
    assert not set(left_out) & {each["id"] for each in records.services["features"]}
    assert coverage.draw(records, Locale.EN).html
