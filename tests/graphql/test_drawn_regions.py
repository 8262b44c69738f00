"""The maps draw the regions that people live in, and no region and no child is missing beside them."""

from __future__ import annotations

import gzip

import pytest
from shapely import union_all
from shapely.geometry import shape

from api.pages import map_questions, map_records
from api.pages.map_choices import Choices
from geo.vocabulary import Locale
from maps import palette
from maps.borders import land_left
from tests.maps import samples

CHOSEN = Choices(Locale.FR)

pytestmark = pytest.mark.database

REGIONS = """
SELECT a.code, a.name_fr, ST_AsText(a.geom) IS NOT NULL AS outlined, p.under_18
FROM lakana.admin_area a JOIN lakana.area_population p ON p.area_id = a.id AND p.year = 2022
WHERE a.scheme = 'COD-AB' AND a.level = 1 AND a.valid_to IS NULL
"""


@pytest.fixture(scope="module")
def regions(rows):
    return {row["code"]: row for row in rows(REGIONS)}


@pytest.fixture(scope="module")
def overview(run, operations, resources):
    return map_records.overview(
        run(map_questions.overview(map_questions.public(operations, resources), CHOSEN)), CHOSEN
    )


@pytest.fixture(scope="module")
def coverage(run, operations, resources):
    by = map_questions.public(operations, resources)
    return map_records.coverage(run(map_questions.coverage(by, CHOSEN)), CHOSEN)


@pytest.mark.parametrize("name", ["overview", "coverage"])
def test_each_region_in_force_is_drawn_or_named(request, name, regions):
    records = request.getfixturevalue(name)
    drawn = {each["properties"]["code"] for each in records.regions["features"]}
    named = {each["code"] for each in records.others if each["code"]}
    assert drawn == {code for code, row in regions.items() if row["outlined"]}
    assert {regions[code]["name_fr"] for code in named} == {"Tombouctou", "Taoudénit"}
    assert drawn | named == set(regions)


def test_the_map_leaves_no_hole(overview):
    land = land_left(overview.regions, overview.frame.nation)
    drawn = [shape(each["geometry"]) for each in overview.regions["features"]]
    whole = shape(overview.frame.nation)
    assert union_all([*drawn, shape(land)]).symmetric_difference(whole).area < 1e-6
    assert shape(land).area == pytest.approx(whole.area - sum(each.area for each in drawn))


def test_no_child_is_missing_beside_the_map(coverage, regions):
    shown = [*(each["properties"] for each in coverage.regions["features"]), *coverage.others]
    assert sum(each["populationUnder18"] for each in shown) == coverage.population_under_18
    assert sum(each["uncoveredUnder18"] for each in shown) == coverage.uncovered_under_18
    assert coverage.population_under_18 == sum(row["under_18"] for row in regions.values())
    *border, nowhere = coverage.others
    assert [each["populationBasis"] for each in border] == ["TOWNS_ONLY", "TOWNS_ONLY"]
    assert nowhere["name"] is nowhere["code"] is None
    north = {"ML06", "ML09"}
    assert sum(each["populationUnder18"] for each in coverage.others) == pytest.approx(
        sum(regions[code]["under_18"] for code in north), rel=0.02
    )


def test_outlines_and_ground_stand_on_the_page_with_their_sources(http):
    page = http("GET", "/maps/overview.html?lang=fr").text
    assert "COD-AB Mali 2018 (CC BY 4.0). Fond\u00a0: Natural Earth" in page.partition('<aside class="panel">')[0]
    layers = samples.embedded(page)["layers"]
    land = layers["regions"][-1]["properties"]
    assert land["fill"] == palette.UNKNOWN
    assert land["label"] == ["Taoudénit", "Tombouctou", "limite non connue"]
    named = {each["properties"]["label"][0] for each in layers["water"] if not each["properties"]["near"]}
    assert named == {"Niger", "Sénégal", "Bani", "Bafing"}
    assert {"Burkina Faso", "Mauritanie"} <= {
        each["properties"]["label"][0] for each in layers["neighbours"] if "label" in each["properties"]
    }


@pytest.mark.parametrize("path", ["/maps/overview.html", "/maps/coverage.html?category=SAFE_SHELTER&metres=30000"])
def test_a_page_of_the_seeds_keeps_to_its_weight(http, path):
    page = http("GET", path).content
    assert len(page) < 580_000
    assert len(gzip.compress(page, 6)) < 150_000
