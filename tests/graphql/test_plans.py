"""The plans of the statements that the server sends, among 10,000 services: indexes are used, nothing is read in full."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
import pytest

from api.graphql.compile.document_cache import Operations
from geo.audience import Audience
from geo.database.owner import login_url, owner_transaction
from geo.queries.base.cursor import encode, list_of
from geo.queries.directory.records import Services
from seeds import seeding
from tests.benchmarks.statements import SESSION, job
from tests.graphql.conftest import UNREAD

pytestmark = [pytest.mark.database, pytest.mark.slow]

SERVICES = ORGANIZATIONS = 10_000
ORGANIZED = f"""
ALTER TABLE lakana.organization DISABLE TRIGGER USER;
INSERT INTO lakana.organization (name, acronym, kind, source_id)
SELECT 'Association ' || md5(n::text), upper(left(md5((-n)::text), 8)), 'NGO', s.id
FROM (SELECT id FROM lakana.source LIMIT 1) s, generate_series(1, {ORGANIZATIONS}) n;
ALTER TABLE lakana.organization ENABLE TRIGGER USER;
INSERT INTO lakana.training_organizer SELECT t.id, o.id
FROM (SELECT id FROM lakana.training_event LIMIT 1) t, lakana.organization o WHERE o.name LIKE 'Association %%';
ANALYZE lakana.organization, lakana.training_organizer
"""


@pytest.fixture(scope="module")
def plan(copy_seeded: Callable[[], str], operations: Operations) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Return the nodes of the plan by which a document's one root field is answered, with the rows that each gave."""
    url = copy_seeded()
    with owner_transaction(url) as owned:
        owned.exec_driver_sql(UNREAD)
    seeding.seed(url, services=SERVICES)
    with owner_transaction(url) as owned:
        owned.exec_driver_sql(ORGANIZED)
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

    explained.url = url  # type: ignore[attr-defined]
    yield explained
    connection.close()


@pytest.fixture
def nested(plan) -> Iterator[Callable[..., list[dict[str, Any]]]]:
    """Return the nodes of all plans inside of a function, which only the owner's session can be made to tell."""
    connection = psycopg2.connect(plan.url, options=SESSION)
    connection.autocommit = True

    def explained(call: str, values: tuple[Any, ...]) -> list[dict[str, Any]]:
        with connection.cursor() as cursor:
            cursor.execute(
                "LOAD 'auto_explain'; SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on;"
                "SET auto_explain.log_nested_statements = on; SET auto_explain.log_format = json;"
                "SET auto_explain.log_timing = off; SET client_min_messages = log"
            )
            connection.notices.clear()
            cursor.execute(call, values)
            cursor.fetchall()
        told = [json.loads(each[each.index("{") :]) for each in connection.notices if "plan:" in each]
        return [node for each in told for node in _nodes(each["Plan"])]

    explained.url = plan.url  # type: ignore[attr-defined]
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
def test_nearest_walks_a_gist_index(nested, place, category):
    """The spots by the index of chords, the services of each by an index that has them in the order of their ids."""
    nodes = nested(
        "SELECT * FROM lakana.nearest_services(ST_MakePoint(%s, %s)::geography, %s, 10, 1000000)", (*place, category)
    )
    walked = [node for node in nodes if node.get("Relation Name") == "service_spot" and "Order By" in node]
    if place[0] < 90:
        assert {node["Index Name"] for node in walked} == {
            "service_spot_category_geocentric_idx" if category else "service_spot_geocentric_idx"
        }
        assert "service_spot_idx" in _indexes(nodes)
    assert sum(node["Actual Rows"] for node in walked) <= 50
    _assert_no_service_is_read_in_vain(nodes, most=50)


def test_the_nearest_of_a_category_walks_as_many_spots_as_are_asked_for(plan):
    """And four more; each names its service, which is read by its id."""
    document = (
        "{ nearestServices(origin: {lon: -8.0, lat: 12.65}, categories: [LEGAL_AID], first: 10) { service { id } } }"
    )
    nodes = plan(document)
    [walk] = [node for node in nodes if node.get("Index Name") == "service_spot_category_geocentric_idx"]
    assert "Order By" in walk
    assert walk["Actual Rows"] == 14
    assert "service_spot_idx" not in _indexes(nodes)
    _assert_no_service_is_read_in_vain(nodes, most=10)


def test_from_afar_no_spot_is_walked(plan):
    nodes = plan("{ nearestServices(origin: {lon: 100, lat: -40}, categories: [LEGAL_AID]) { service { id } } }")
    assert "service_spot_category_geocentric_idx" not in _indexes(nodes)


def test_a_box_is_read_by_its_gist_index(plan):
    nodes = plan(
        "query ($box: BBoxInput!) { services(bbox: $box, first: 100) { edges { node { name } } } }",
        box={"west": -6.0, "south": 11.0, "east": -5.7, "north": 11.3},
    )
    assert "service_planar_idx" in _indexes(nodes)


def test_a_page_of_the_whole_list_reads_no_more_than_itself(plan):
    nodes = plan("{ services(first: 10) { edges { node { name } } } }")
    _assert_no_service_is_read_in_vain(nodes, most=50)


def test_a_page_of_several_categories_is_put_together_from_the_first_of_each(plan):
    nodes = plan("{ services(categories: [LEGAL_AID, SAFE_SHELTER, OTHER], first: 10) { edges { node { name } } } }")
    assert "service_category_name_key_id_idx" in _indexes(nodes)
    _assert_no_service_is_read_in_vain(nodes, most=50)


@pytest.mark.parametrize("of", ["", "categories: [LEGAL_AID], ", "categories: [LEGAL_AID, SAFE_SHELTER], "])
def test_what_nobody_verified_for_longest_is_read_in_its_order(plan, of):
    nodes = plan(f"{{ services({of}orderBy: VERIFIED_ON, first: 10) {{ edges {{ node {{ name }} }} }} }}")
    assert f"service_{'category_' if of else ''}verified_idx" in _indexes(nodes)
    _assert_no_service_is_read_in_vain(nodes, most=50)


def test_the_latest_verified_service_of_each_category_is_read_and_no_other(plan):
    asked = "coverage(need: {categories: [LEGAL_AID, MEDICAL]}, within: {metres: 30000})"
    nodes = plan(f"{{ {asked} {{ dataAsOf {{ services population incidents loadedOn }} }} }}")
    assert "service_category_verified_idx" in _indexes(nodes)
    _assert_no_service_is_read_in_vain(nodes, most=2)


def test_the_next_page_starts_at_its_cursor(plan, operations):
    cursor = encode(list_of(Services(first=10)), ("service 5000", "00000000-0000-4000-8000-000000000000"))
    nodes = plan(
        "query ($after: String) { services(first: 10, after: $after) { edges { node { name } } } }", after=cursor
    )
    _assert_no_service_is_read_in_vain(nodes, most=50)


def test_a_text_is_counted_by_its_trigrams(plan):
    nodes = plan('{ services(text: "caïlcédrat") { totalCount } }')
    assert "service_name_part_idx" in _indexes(nodes)


@pytest.mark.parametrize("selected", ["totalCount", "edges { node { name } }"])
def test_an_organisation_is_found_by_the_trigrams_of_its_name_and_acronym(plan, selected):
    nodes = plan(f'{{ organizations(text: "c4ca42", first: 10) {{ {selected} }} }}')
    assert "organization_search_part_idx" in _indexes(nodes)


def test_a_text_that_names_a_place_is_found_by_where_it_stands(plan):
    nodes = plan('{ services(text: "Ndebougou") { totalCount } }')
    assert {"service_stands_in_idx", "service_name_part_idx"} <= _indexes(nodes)


NAMES = 300_000
NAMED = f"""
SELECT setseed(0.5);
ALTER TABLE lakana.locality_name DISABLE TRIGGER USER;
INSERT INTO lakana.locality_name (locality_id, name)
SELECT (SELECT id FROM lakana.locality LIMIT 1), n || ' ' || string_agg(
  (ARRAY['ba','bou','da','fa','ga','gou','ka','kou','ko','la','ma','mba','na','nia','sa','ti','to','ya','za'])[1 + floor(random() * 19)::int], '')
FROM generate_series(1, {NAMES}) n, generate_series(1, 4) GROUP BY n;
ALTER TABLE lakana.locality_name ENABLE TRIGGER USER;
"""


def test_a_place_is_found_among_300_000_names_by_trigrams(nested):
    with owner_transaction(nested.url) as owned:
        owned.exec_driver_sql(NAMED)
        owned.exec_driver_sql("ANALYZE lakana.locality_name")
    nodes = nested("SELECT * FROM lakana.places_called(%s, NULL, 10)", ("koutyala",))
    assert "locality_name_name_part_idx" in _indexes(nodes)
    read = [node for node in nodes if node.get("Relation Name") == "locality_name"]
    assert all(node["Node Type"] != "Seq Scan" for node in read)
    assert 0 < sum(node["Actual Rows"] * node["Actual Loops"] for node in read) < NAMES / 20


def test_coverage_reads_the_distances_of_one_category(plan):
    nodes = plan("{ coverage(need: {categories: [LEGAL_AID]}, within: {metres: 20000}) { total { coveredPercent } } }")
    assert "block_access_pkey" in _indexes(nodes)
    assert not [node for node in nodes if node.get("Relation Name") == "service" and node["Actual Loops"]]
