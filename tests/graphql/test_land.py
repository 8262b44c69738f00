"""The coverage map where its land out of reach takes too long to work out: it is drawn without."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import orjson
import pytest

from api.graphql.compile.document_cache import Operations
from api.pages import map_questions, map_records
from api.pages.map_choices import Choices
from geo.errors import Timeout, Unavailable
from geo.service import Resources
from geo.vocabulary import Locale, ServiceCategory
from maps import coverage
from maps.records import CoverageMap

pytestmark = pytest.mark.database

CHOSEN = Choices(Locale.EN, category=ServiceCategory.MEDICAL, metres=30_000.0)


def read(run: Any, by: map_questions.Public) -> CoverageMap:
    answers = run(map_questions.coverage(by, CHOSEN))
    return map_records.coverage(answers, CHOSEN)


def drawn(resources: Resources, operations: Operations, run: Any, failure: Exception | None) -> Any:
    by = map_questions.public(operations, resources)

    async def failing(document: str, variables: dict[str, Any]) -> bytes:
        if failure is not None and document is map_questions.LAND:
            raise failure
        return await by.ask(document, variables)

    records = read(run, replace(by, ask=failing))
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
    by, left_out = map_questions.public(operations, resources), []

    async def placeless(document: str, variables: dict[str, Any]) -> bytes:
        answer = await by.ask(document, variables)
        if document is map_questions.FEATURES:
            told = orjson.loads(answer)
            first = told["data"]["features"]["features"][0]
            first["geometry"] = None
            left_out.append(first["id"])
            return orjson.dumps(told)
        return answer

    records = read(run, replace(by, ask=placeless))
    assert records.services["features"]
    assert not set(left_out) & {dict[str, Any](**each)["id"] for each in records.services["features"]}
    assert coverage.draw(records, Locale.EN).html
