"""A country of villages: what is asked for a page reads a page, whatever the number of localities."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import psycopg2
import pytest

from api.graphql.compile.computed_answer import binds_of
from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from api.maps.files import map_file
from api.pages.map_choices import Choices
from geo.audience import ANYBODY, Audience, Caller
from geo.database.owner import login_url, owner_transaction
from geo.queries.base.two_step import Computed, statement_of
from geo.queries.incidents.trends import Trends
from geo.service import Resources
from geo.vocabulary import ActorKind, AreaLevel, Locale
from maps import palette
from maps.kinds import MapKind
from tests.benchmarks import scale_counts
from tests.benchmarks.statements import SESSION, job
from tests.maps.samples import embedded
from tests.maps.window import WATCH, Watched, settle, wait_until_drawn

pytestmark = [pytest.mark.database, pytest.mark.slow]

POINTS = 6_000
PLANNER = Caller(Audience.PLANNER, "planner")
QUARTERS = 8
TABLES = ("locality", "reporting", "published_count")


@pytest.fixture(scope="module")
def villages(make_database: Callable[..., str]) -> str:
    """The owner's address of a nation of 6,000 demand points, of which 5,940 are localities."""
    url = make_database()
    scale_counts.make(url, points=POINTS, services=340, actors=4_000, measured_to=("SAFE_SHELTER",))
    return url


@pytest.fixture(scope="module")
def read(villages) -> Iterator[Callable[[Computed], dict[str, Any]]]:
    """What a question needs, and the most rows that one of the large tables gave for it, by the name of the need."""
    connection = psycopg2.connect(login_url(villages, Audience.PUBLIC), options=SESSION)
    connection.autocommit = True

    def read(question: Computed) -> dict[str, Any]:
        found = {}
        for name, rows in question.needs().items():
            statement = statement_of(rows)
            values = statement.values(binds_of(question, ANYBODY))
            called = f"asked ({','.join(['%s'] * len(values))})" if values else "asked"
            with connection.cursor() as cursor:
                cursor.execute(f"PREPARE asked AS {statement.sql}")
                cursor.execute(f"EXECUTE {called}", values)
                [told] = cursor.fetchone() or [None]
                cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING off) EXECUTE {called}", values)
                [[plan]] = cursor.fetchone() or [[None]]
                cursor.execute("DEALLOCATE asked")
            found[name] = json.loads(told), max(_scanned(plan["Plan"]))
        return found

    yield read
    connection.close()


def _scanned(node: dict[str, Any]) -> Iterator[int]:
    if node.get("Relation Name") in TABLES:
        yield int(node["Actual Rows"] * node["Actual Loops"])
    for each in node.get("Plans", ()):
        yield from _scanned(each)


def test_a_page_of_trends_reads_the_counts_of_its_places_only(read):
    found = read(Trends(level=AreaLevel.LOCALITY, first=20))
    for name, most in {"places": 21, "parts": 21, "cells": 21 * QUARTERS}.items():
        columns, scanned = found[name]
        assert len(next(iter(columns.values()))) <= most
        assert scanned <= 10 * most, name
    assert found["about"][0]["total"] == [POINTS * 99 // 100]


def test_mclp_answers_for_the_nation_and_says_that_it_was_thinned(villages):
    """Through the API: 5,940 candidates, of which each may be compared with each below 3,000."""
    document = """{ siteRecommendations(category: SAFE_SHELTER, within: {metres: 30000}, model: MCLP, siteCount: 5) {
      status optimalityGapPercent candidateCount thinning { candidateSquareCount demandSquareCount squareRadiusMetres }
      coveredBeforeUnder18 coveredAfterUnder18 sites { marginalGainUnder18 locality { name } } assumptions(language: EN) } }"""
    resources = Resources(villages, 2)
    operation = Operations(compiled_schema()).get(document, None)
    try:
        body = asyncio.run(operation.answer(operation.variables({}), PLANNER, resources)).body
    finally:
        resources.close()
    answer = json.loads(body)["data"]["siteRecommendations"]
    assert answer["candidateCount"] == POINTS * 99 // 100
    assert 0 < answer["thinning"]["candidateSquareCount"] <= answer["candidateCount"]
    assert 0 <= answer["optimalityGapPercent"] < 5
    gained = sum(each["marginalGainUnder18"] for each in answer["sites"])
    assert gained == answer["coveredAfterUnder18"] - answer["coveredBeforeUnder18"] > 0
    assert any(each.startswith("There are too many candidates") for each in answer["assumptions"])


@pytest.fixture(scope="module")
def maps(villages) -> dict[str, str]:
    """Both maps of the nation, as files."""
    return {each.value: map_file(villages, each, Choices(Locale.EN)) for each in (MapKind.OVERVIEW, MapKind.COVERAGE)}


def test_a_map_of_too_many_actors_shows_how_many_stand_in_a_square(maps, villages):
    sites = embedded(maps["overview"])["layers"]["sites"]
    numbers = {family: 0 for _, _, family, _ in sites}
    for _, _, family, told in sites:
        numbers[family] += told.get("number", 1)
    with owner_transaction(villages) as connection:
        kinds = connection.exec_driver_sql("SELECT kind::text, count(*) FROM lakana.actor GROUP BY kind").all()
    expected: Counter[str] = Counter()
    for kind, number in kinds:
        expected[palette.FAMILY_OF[ActorKind[kind]]] += number
    assert numbers == expected | {"shelter": 20}
    assert len(sites) < 3_000 + 20
    assert "Too many to be shown one by one" in maps["overview"]


def test_a_map_of_too_many_localities_shows_published_counts_of_areas(maps, villages):
    counts = embedded(maps["overview"])["layers"]["counts"]
    with owner_transaction(villages) as connection:
        published = connection.exec_driver_sql(
            "SELECT a.name_fr, p.count FROM lakana.published_count p JOIN lakana.admin_area a ON a.id = p.area_id "
            "WHERE p.current AND p.level = 'ADM2' AND p.period = '2025' AND p.incident_type IS NULL"
        ).all()
    shown = {each["properties"]["name"]: each["properties"]["count"] for each in counts}
    assert shown == {name: f"{count:,}" if count else "0–4" for name, count in published}
    assert "Too many localities" in maps["overview"]


def test_a_few_sites_are_drawn_one_by_one(maps):
    sites = embedded(maps["coverage"])["layers"]["sites"]
    assert len(sites) == 20
    assert all("number" not in told for *_, told in sites)
    assert "Too many" not in maps["coverage"]


def test_neither_map_is_large(maps):
    assert all(len(gzip.compress(page.encode())) < 1_500_000 for page in maps.values())


@pytest.mark.browser
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)], ids=["desk", "phone"])
def test_squares_are_drawn_in_silence(maps, browser, size, tmp_path):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
    context.add_init_script(WATCH)
    watched = Watched(context.new_page())
    watched.page.on("console", lambda message: watched.complaints.append(message.text))
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    file = tmp_path / "map.html"
    file.write_text(maps["overview"], encoding="utf-8", newline="")
    watched.page.goto(file.as_uri())
    wait_until_drawn(watched.page)
    settle(watched.page)
    rings = watched.page.locator(".lakana-ring text").all_text_contents()
    assert sum(map(int, rings)) == 4_001 + 20 - watched.page.locator(".lakana-site").count()
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    if size[0] > size[1]:
        assert "Too many to be shown one by one" in _card_of_a_square(watched.page)
    watched.assert_quiet()
    context.close()


def _card_of_a_square(page: Any) -> str:
    return str(
        page.evaluate("""() => {
        const site = lakana_sites.getLayers().find(each => each.lakana.properties.number > 1);
        lakana_sites.fire('click', {layer: site, latlng: site.getLatLng(), originalEvent: new Event('click')});
        return lakana_sites.getPopup().getElement().textContent;
    }""")
    )


def test_gaps_do_not_read_all_returns_for_each_locality(villages):
    """They did: 2.4 s for 8,000 localities, and 15 s for 20,000."""
    asked = job(
        "{ coverageGaps(need: {categories: [SAFE_SHELTER]}, within: {metres: 50000}) { edges { node { incidentStatus } } } }",
        {},
    )
    with closing(psycopg2.connect(login_url(villages, Audience.PUBLIC), options=SESSION)) as connection:
        cursor = connection.cursor()
        cursor.execute(f"PREPARE asked AS {asked.statement.sql}")
        places = f"({','.join(['%s'] * len(asked.values))})"
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON, TIMING off) EXECUTE asked{places}", asked.values)
        [[plan]] = cursor.fetchone() or [[None]]
        cursor.execute("SELECT count(*) FROM lakana.reporting")
        [returns] = cursor.fetchone() or [0]
    looked_up = [
        node for node in _nodes(plan["Plan"]) if node.get("Relation Name") == "reporting" and node["Actual Loops"]
    ]
    read = [(node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"] for node in looked_up]
    assert looked_up
    assert sum(read) <= 2 * returns


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for each in node.get("Plans", ()):
        yield from _nodes(each)
