"""The plans of the statements that the server sends, among 100,000 services: indexes are used, nothing is read in full."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest

from api.operations import Operations
from geo import database
from geo.audience import Audience
from geo.database import login_url
from seeds import mali
from tests.benchmarks.statements import SESSION, job

pytestmark = [pytest.mark.database, pytest.mark.slow]

SERVICES = 100_000


@pytest.fixture(scope="module")
def plan(make_database: Callable[[], str], operations: Operations) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Give the nodes of the plan by which a document's one root field is answered, with the rows that each gave."""
    url = make_database()
    database.upgrade(url)
    mali.seed(url, services=SERVICES)
    connection = psycopg2.connect(login_url(url, Audience.PUBLIC), options=SESSION)
    connection.autocommit = True

    def explained(document: str, **variables: Any) -> list[dict[str, Any]]:
        asked = job(document, variables)
        places = f"({','.join(['%s'] * len(asked.values))})"
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
            cursor.execute(f"PREPARE asked AS {asked.statement.sql}")
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING off) EXECUTE asked{places}", asked.values)
            row = cursor.fetchone()
        assert row
        return list(_nodes(row[0][0]["Plan"]))

    yield explained
    connection.close()


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _indexes(nodes: list[dict[str, Any]]) -> set[str]:
    return {node["Index Name"] for node in nodes if "Index Name" in node and node["Actual Loops"]}


def _assert_no_service_is_read_in_vain(nodes: list[dict[str, Any]], most: int) -> None:
    for node in nodes:
        if node.get("Relation Name") == "service":
            assert node["Node Type"] != "Seq Scan", json.dumps(node, indent=1)
            assert node["Actual Rows"] * node["Actual Loops"] <= most
            assert node.get("Rows Removed by Filter", 0) == 0


@pytest.mark.parametrize("category", [None, "LEGAL_AID"])
@pytest.mark.parametrize("place", [(-8.0, 12.65), (-3.0, 22.0), (100.0, -40.0)], ids=["town", "desert", "far"])
def test_nearest_walks_a_gist_index(plan, place, category):
    lon, lat = place
    nodes = plan(
        "query ($at: PointInput!, $category: ServiceCategory) {"
        " nearestServices(origin: $at, category: $category, first: 10) { distanceMetres service { name } } }",
        at={"lon": lon, "lat": lat},
        category=category,
    )
    expected = {"service_point_idx", "service_category_point_idx"}
    assert _indexes(nodes) & expected
    _assert_no_service_is_read_in_vain(nodes, most=50)


def test_a_box_is_read_by_its_gist_index(plan):
    nodes = plan(
        "query ($box: BBoxInput!) { services(bbox: $box, first: 100) { edges { node { name } } } }",
        box={"west": -6.0, "south": 11.0, "east": -5.7, "north": 11.3},
    )
    assert "service_planar_idx" in _indexes(nodes)


def test_a_page_of_the_whole_list_reads_no_more_than_itself(plan):
    nodes = plan("{ services(first: 10) { edges { node { name } } } }")
    _assert_no_service_is_read_in_vain(nodes, most=50)


def test_the_next_page_starts_at_its_cursor(plan, operations):
    cursor = "WyJzZXJ2aWNlIDUwMDAiLCAiMDAwMDAwMDAtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAwIl0="
    nodes = plan(
        "query ($after: String) { services(first: 10, after: $after) { edges { node { name } } } }", after=cursor
    )
    _assert_no_service_is_read_in_vain(nodes, most=50)


def test_a_text_is_counted_by_its_trigrams(plan):
    nodes = plan('{ services(text: "caïlcédrat") { totalCount } }')
    assert "service_name_part_idx" in _indexes(nodes)


def test_coverage_reads_the_distances_of_one_category(plan):
    nodes = plan("{ coverage(category: LEGAL_AID, maxDistanceMetres: 20000) { total { coveredPercent } } }")
    assert "access_coverage_idx" in _indexes(nodes)
    assert not [node for node in nodes if node.get("Relation Name") == "service" and node["Actual Loops"]]
