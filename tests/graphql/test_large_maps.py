"""10,000 features, as many as one may ask for, are one answer; and maps of more are drawn."""

from __future__ import annotations

import re
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
    assert response.MAX_RESPONSE_BYTES < len(answer.content) < response.MAX_MAP_BYTES / 2


def test_lists_beside_them_are_as_small_as_ever(many):
    """Only the answer that is one GeoJSON may be larger than 2 MB."""
    query = f"{{ {AREAS} featureCollection(layer: ACTORS, first: 1) }}"
    fits, large = (many("POST", "/graphql", json={"query": query + outlines(times)}).json() for times in (5, 10))
    assert "errors" not in fits
    assert large["data"] is None
    assert "ask for less: adminAreas by first" in large["errors"][0]["message"]


@pytest.mark.parametrize("most", [response.MAX_MAP_BYTES, 2_000_000], ids=["all", "too large for all"])
def test_maps_of_so_many_are_drawn(many, monkeypatch, most):
    """With fewer of them where all would be too large."""
    monkeypatch.setattr(response, "MAX_MAP_BYTES", most)
    page = many("GET", f"/maps/coverage.html?category=LEGAL_AID&metres={most / 100:g}")
    assert page.status_code == 200
    drawn = len(set(re.findall(r"Clinique juridique de [^\"]* (\d+)\"", page.text)))
    assert 9_900 < drawn <= 10_000 if most > 2_000_000 else 2_000 < drawn <= 3_000
    assert many("GET", f"/maps/overview.html?lang={'en' if most > 2_000_000 else 'fr'}").status_code == 200
