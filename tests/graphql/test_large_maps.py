"""10,000 features, as many as one may ask for, are one answer; and maps of more show them by squares."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import text

from api.graphql.compile import response
from geo.database.owner import owner_transaction
from tests.graphql.conftest import UNREAD, talking
from tests.graphql.test_large_answers import AREAS, outlines
from tests.maps.samples import embedded

pytestmark = [pytest.mark.database, pytest.mark.slow]

MANY = """
INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id)
SELECT a.id, 'Clinique juridique de ' || a.name || ' ' || n, 'LEGAL_AID', ST_Project(a.point, n, n), a.area_id, a.source_id
FROM generate_series(1, 10100) AS n, (SELECT * FROM lakana.actor ORDER BY id LIMIT 1) AS a
"""
FEATURES = "query ($first: Int!) { featureCollection(layer: SERVICES, categories: [LEGAL_AID], first: $first) }"


@pytest.fixture(scope="module")
def many(run: Any, copy_seeded: Callable[[], str]) -> Iterator[Callable[..., httpx.Response]]:
    url = copy_seeded()
    with owner_transaction(url) as connection:
        connection.execute(text(UNREAD))
        connection.execute(text("SET LOCAL lakana.bulk = 'on'"))  # without an entry of the log for each
        connection.execute(text(MANY))
    with talking(run, url, timeout_s=60) as send:
        yield send


def test_10_000_services_are_one_answer(many):
    answer = many("POST", "/graphql", json={"query": FEATURES, "variables": {"first": 10_000}})
    collection = orjson.loads(answer.content)["data"]["featureCollection"]
    assert (len(collection["features"]), collection["truncated"]) == (10_000, True)
    # 550 bytes each, with phone, hours and source.
    assert response.MAX_RESPONSE_BYTES < len(answer.content) < 0.6 * response.MAX_MAP_BYTES


def test_lists_beside_them_are_as_small_as_ever(many):
    """Only the answer that is one GeoJSON may be larger than 2 MB."""
    query = f"{{ {AREAS} featureCollection(layer: ACTORS, first: 1) }}"
    fits, large = (many("POST", "/graphql", json={"query": query + outlines(times)}).json() for times in (5, 10))
    assert "errors" not in fits
    assert large["data"] is None
    assert "ask for less: adminAreas by first" in large["errors"][0]["message"]


def test_maps_of_so_many_show_them_by_squares_and_say_so(many):
    page = many("GET", "/maps/coverage.html?category=LEGAL_AID&lang=en")
    assert page.status_code == 200
    assert "Clinique juridique" not in page.text
    assert "Too many to be shown one by one" in page.text
    sites = embedded(page.text)["layers"]["sites"]
    assert all(family == "service" and told["number"] > 0 for _, _, family, told in sites)
    total = many("POST", "/graphql", json={"query": "{ services(categories: [LEGAL_AID]) { totalCount } }"}).json()
    assert sum(told["number"] for *_, told in sites) == total["data"]["services"]["totalCount"]
    assert len(gzip.compress(page.content)) < 1_500_000
    assert many("GET", "/maps/overview.html").status_code == 200
