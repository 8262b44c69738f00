"""The answers are right: beside each algorithm stands a slow one that shares nothing with it."""

from __future__ import annotations

import json
import random
from contextlib import closing

import psycopg2
import pytest
from sqlalchemy import text

from geo.audience import Audience
from geo.database.owner import login_url, owner_transaction
from tests.geodesy import distance_m

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def services(rows):
    return rows(
        "SELECT id::text, category::text, ST_X(point::geometry) AS lon, ST_Y(point::geometry) AS lat FROM lakana.service "
        "WHERE NOT confidential"
    )


def test_vincenty_agrees_with_a_published_figure():
    """Flinders Peak to Buninyon, Geoscience Australia, on the nearly equal GRS 80 spheroid: 54,972.271 m."""
    there = (144 + 25 / 60 + 29.52440 / 3600, -(37 + 57 / 60 + 3.72030 / 3600))
    here = (143 + 55 / 60 + 35.38390 / 3600, -(37 + 39 / 60 + 10.15610 / 3600))
    assert distance_m(*there, *here) == pytest.approx(54_972.271, abs=0.01)


NEAREST = """query ($lon: Float!, $lat: Float!, $categories: [ServiceCategory!], $first: Int, $within: ReachInput) {
  nearestServices(origin: {lon: $lon, lat: $lat}, categories: $categories, first: $first, within: $within) {
    distanceMetres service { id category } } }"""


@pytest.mark.parametrize(
    "categories", [None, ["LEGAL_AID"], ["SAFE_SHELTER"], ["MEDICAL", "SAFE_SHELTER", "LEGAL_AID"]]
)
def test_nearest_equals_brute_force(ask, services, categories):
    chance = random.Random(11)
    for _ in range(20):
        lon, lat = chance.uniform(-12, 4), chance.uniform(10, 24)
        measured = sorted(
            (distance_m(lon, lat, each["lon"], each["lat"]), each["id"])
            for each in services
            if categories is None or each["category"] in categories
        )
        measured = [each for each in measured if each[0] <= 1_000_000][:15]
        found = ask(NEAREST, lon=lon, lat=lat, categories=categories, first=15)["data"]["nearestServices"]
        assert len(found) == min(15, len(measured))
        for one, (metres, _) in zip(found, measured, strict=True):
            assert one["distanceMetres"] == pytest.approx(metres, rel=1e-6, abs=1e-3)
        keys = [(one["distanceMetres"], one["service"]["id"]) for one in found]
        assert keys == sorted(keys)


def test_the_distance_is_inclusive(ask):
    at = {"lon": -5.6, "lat": 11.3}
    third = ask(NEAREST, **at, first=3)["data"]["nearestServices"][2]["distanceMetres"]
    assert len(ask(NEAREST, **at, first=100, within={"metres": third})["data"]["nearestServices"]) >= 3
    assert len(ask(NEAREST, **at, first=100, within={"metres": third - 0.001})["data"]["nearestServices"]) == 2


COVERAGE = """query ($category: ServiceCategory!, $metres: Float!, $area: AreaCode) {
  coverage(need: {categories: [$category]}, within: {metres: $metres}, areaCode: $area) {
    total { area { code } populationUnder18 coveredUnder18 uncoveredUnder18 coveredPercent }
    areas { area { scheme code } populationUnder18 coveredUnder18 uncoveredUnder18 coveredPercent } } }"""


@pytest.mark.parametrize("metres", [5_000.0, 30_000.0, 250_000.0])
def test_coverage_equals_brute_force(ask, rows, services, metres):
    sites = [each for each in services if each["category"] == "LEGAL_AID"]
    covered = everybody = 0
    for point in rows(
        "SELECT under_18, ST_X(point::geometry) AS lon, ST_Y(point::geometry) AS lat FROM lakana.demand_point"
    ):
        everybody += point["under_18"]
        # A degree of latitude is over 110 km, so whatever is too far in latitude alone need not be measured.
        near = (each for each in sites if abs(each["lat"] - point["lat"]) * 110_000 <= metres)
        if any(distance_m(point["lon"], point["lat"], each["lon"], each["lat"]) <= metres for each in near):
            covered += point["under_18"]
    total = ask(COVERAGE, category="LEGAL_AID", metres=metres)["data"]["coverage"]["total"]
    assert total["populationUnder18"] == everybody
    assert total["coveredUnder18"] == covered
    assert 0 < covered < everybody


@pytest.mark.parametrize("area", [None, "ISO-3166-2:ML", "ML03", "ISO-3166-2:ML-3", "ML0301"])
def test_coverage_adds_up(ask, area):
    answer = ask(COVERAGE, category="SAFE_SHELTER", metres=50_000.0, area=area)["data"]["coverage"]
    for each in [answer["total"], *answer["areas"]]:
        assert each["coveredUnder18"] + each["uncoveredUnder18"] == each["populationUnder18"]
        share = each["coveredUnder18"] * 100 / each["populationUnder18"] if each["populationUnder18"] else None
        assert each["coveredPercent"] == pytest.approx(share)
    for field in ("populationUnder18", "coveredUnder18"):
        assert sum(each[field] for each in answer["areas"]) == answer["total"][field]


def test_the_country_is_the_same_in_both_divisions(ask):
    new, old = (
        ask(COVERAGE, category="MEDICAL", metres=20_000.0, area=area)["data"]["coverage"]
        for area in ("COD-AB:MLI", "ISO-3166-2:ML")
    )
    assert {k: v for k, v in new["total"].items() if k != "area"} == {
        k: v for k, v in old["total"].items() if k != "area"
    }
    assert len(new["areas"]) == 20 + 1  # and the land of which no region of today is known
    assert len(old["areas"]) == 9


def test_a_threshold_exactly_on_a_distance_counts_as_covered(ask, rows):
    [row] = rows(
        "SELECT distance_m, under_18 FROM lakana.access WHERE category = 'LEGAL_AID' AND under_18 > 0 "
        "ORDER BY distance_m OFFSET 40 LIMIT 1"
    )
    at = ask(COVERAGE, category="LEGAL_AID", metres=row["distance_m"])["data"]["coverage"]["total"]["coveredUnder18"]
    below = ask(COVERAGE, category="LEGAL_AID", metres=row["distance_m"] * (1 - 1e-12))
    assert at - below["data"]["coverage"]["total"]["coveredUnder18"] == row["under_18"]


def test_coverage_grows_with_the_threshold(ask):
    covered = [
        ask(COVERAGE, category="ALTERNATIVE_CARE", metres=float(metres))["data"]["coverage"]["total"]["coveredUnder18"]
        for metres in (1, 1_000, 10_000, 50_000, 200_000, 1_000_000)
    ]
    assert covered == sorted(covered)
    assert covered[0] < covered[-1]


GAPS = """query ($metres: Float!, $area: AreaCode, $first: Int, $after: String) {
  coverageGaps(need: {categories: [LEGAL_AID]}, within: {metres: $metres}, areaCode: $area, first: $first, after: $after) {
    edges { cursor node { locality { id name } nearestDistanceMetres nearestService { category } uncoveredUnder18
      beyondMetres incidentType incidentCount incidentRatePer100kUnder18 priority } }
    pageInfo { hasNextPage hasPreviousPage endCursor } totalCount uncoveredUnder18 } }"""


@pytest.fixture(scope="module")
def gaps_of(ask):
    """Ask for gaps and give the nodes."""

    def gaps_of(**variables):
        return [edge["node"] for edge in ask(GAPS, **variables)["data"]["coverageGaps"]["edges"]]

    return gaps_of


def test_gaps_are_the_localities_out_of_reach_by_the_published_formula(gaps_of, rows):
    metres = 20_000.0
    gaps = gaps_of(metres=metres, first=100)
    expected = rows(
        "SELECT count(*) AS n, sum(d.under_18) AS children FROM lakana.demand_point d JOIN lakana.access a "
        "ON a.demand_point_id = d.id WHERE a.category = 'LEGAL_AID' AND d.locality_id IS NOT NULL AND distance_m > :m",
        m=metres,
    )[0]
    assert len(gaps) == expected["n"] > 0
    assert sum(gap["uncoveredUnder18"] for gap in gaps) == expected["children"]
    for gap in gaps:
        assert gap["nearestDistanceMetres"] > metres
        assert gap["nearestService"]["category"] == "LEGAL_AID"
        assert gap["beyondMetres"] == pytest.approx(gap["nearestDistanceMetres"] - metres)
        assert gap["incidentType"] is None, "legal aid answers all types together"
        rate = gap["incidentCount"] * 100_000 / gap["uncoveredUnder18"]
        assert gap["incidentRatePer100kUnder18"] == pytest.approx(rate, abs=0.05)
        formula = gap["uncoveredUnder18"] * (1 + rate / 100) * min(gap["nearestDistanceMetres"] / metres, 10)
        assert gap["priority"] == pytest.approx(formula)
    assert [gap["priority"] for gap in gaps] == sorted((gap["priority"] for gap in gaps), reverse=True)
    assert any(gap["incidentCount"] for gap in gaps)


def test_gaps_stay_inside_their_area(gaps_of):
    inside = gaps_of(metres=10.0, area="ISO-3166-2:ML-3", first=100)
    assert 0 < len(inside) < len(gaps_of(metres=10.0, first=100))


def test_pages_of_gaps_meet_and_their_cursors_are_of_this_list_alone(ask):
    whole = ask(GAPS, metres=20_000.0, first=100)["data"]["coverageGaps"]
    edges, after = [], None
    while True:
        page = ask(GAPS, metres=20_000.0, first=7, after=after)["data"]["coverageGaps"]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert (page["totalCount"], page["uncoveredUnder18"]) == (whole["totalCount"], whole["uncoveredUnder18"])
        edges += page["edges"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert edges == whole["edges"]
    assert len(edges) == whole["totalCount"] > 7
    assert sum(edge["node"]["uncoveredUnder18"] for edge in edges) == whole["uncoveredUnder18"]
    [error] = ask(GAPS, metres=20_001.0, after=after)["errors"]
    assert error["extensions"]["field"] == "after"


def test_gaps_of_all_that_is_needed_are_what_its_coverage_misses(ask, rows):
    """As far as the farthest of them, whose nearest service is the one that is told."""
    asked = """query ($need: NeedInput!) {
      coverage(need: $need, within: {metres: 40000}) { inLocalities { uncoveredUnder18 } }
      coverageGaps(need: $need, within: {metres: 40000}, first: 100) { uncoveredUnder18 totalCount
        edges { node { locality { id } nearestDistanceMetres nearestService { id category } } } } }"""
    far = {
        (each["place"], each["category"]): (each["distance_m"], each["service"])
        for each in rows(
            "SELECT d.locality_id::text AS place, a.category::text, a.distance_m, a.service_id::text AS service"
            " FROM lakana.access a JOIN lakana.demand_point d ON d.id = a.demand_point_id WHERE d.locality_id IS NOT NULL"
        )
    }
    for need, choose in (
        ({"categories": ["MEDICAL", "SAFE_SHELTER", "LEGAL_AID"]}, max),
        ({"stage": "IDENTIFICATION"}, min),
    ):
        told = ask(asked, need=need)["data"]
        assert told["coverageGaps"]["uncoveredUnder18"] == told["coverage"]["inLocalities"]["uncoveredUnder18"] > 0
        for edge in told["coverageGaps"]["edges"]:
            gap = edge["node"]
            categories = need.get("categories", ["IDENTIFICATION", "POLICE_JUSTICE"])
            metres, service = choose(far[gap["locality"]["id"], category] for category in categories)
            assert gap["nearestDistanceMetres"] == pytest.approx(metres)
            assert gap["nearestService"]["id"] == service


def test_gap_areas_of_the_nation_have_the_children_that_coverage_misses(ask):
    told = ask(
        """{ gapAreas(category: IDENTIFICATION, within: {metres: 30000}) {
          areaSquareKilometres leftOutSquareKilometres outlineSquareKilometres uncoveredUnder18 parts { areaSquareKilometres uncoveredUnder18 } }
        coverage(need: {categories: [IDENTIFICATION]}, within: {metres: 30000}) { total { uncoveredUnder18 } } }"""
    )["data"]
    gaps, missed = told["gapAreas"], told["coverage"]["total"]["uncoveredUnder18"]
    assert gaps["uncoveredUnder18"] == missed
    assert 0.99 * missed < sum(part["uncoveredUnder18"] for part in gaps["parts"]) <= missed
    assert sum(part["areaSquareKilometres"] for part in gaps["parts"]) == pytest.approx(
        gaps["areaSquareKilometres"], abs=0.1
    )
    assert 0 < gaps["areaSquareKilometres"] + gaps["leftOutSquareKilometres"] < gaps["outlineSquareKilometres"]


LOCALITY = """query ($name: String!, $area: AreaCode) {
  locality(name: $name, areaCode: $area) { name(language: "fr") en: name(language: "en") } }"""


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        ("SIKASSO", "Sikasso"),
        ("segou", "Ségou"),
        ("Ségou", "Ségou"),
        ("Timbuktu", "Tombouctou"),
        ("nioro-du-sahel", "Nioro"),
    ],
)
def test_a_locality_is_found_by_any_spelling(ask, spelling, name):
    assert ask(LOCALITY, name=spelling)["data"]["locality"]["name"] == name


def test_an_unknown_locality_is_not_found(ask):
    assert ask(LOCALITY, name="Atlantis") == {"data": {"locality": None}}


COMPETENT = """query ($at: PointInput!, $kind: ActorKind) { competentActors(at: $at, kind: $kind) {
  basis certain area { areaCode level } actor { name kind jurisdiction { areaCode } } } }"""


def competent(ask, lon: float, lat: float, kind: str | None = None):
    return ask(COMPETENT, at={"lon": lon, "lat": lat}, kind=kind)["data"]["competentActors"]


def told(found):
    return [(each["actor"]["name"], each["area"]["areaCode"], each["basis"], each["certain"]) for each in found]


def test_competent_is_whose_jurisdiction_holds_the_place(ask):
    found = competent(ask, -5.66654, 11.31755)
    levels = [each["area"]["level"] for each in found]
    assert levels == sorted(levels, reverse=True)
    assert {each["area"]["areaCode"] for each in found} == {"COD-AB:ML0301", "COD-AB:ML03", "COD-AB:MLI"}
    assert all(each["area"]["areaCode"] == each["actor"]["jurisdiction"]["areaCode"] for each in found)
    # No outline tells of the cercle of today, but the town's register does.
    assert {each["basis"] for each in found if each["area"]["level"] == "ADM2"} == {"REGISTER"}
    assert {each["basis"] for each in found if each["area"]["level"] != "ADM2"} == {"OUTLINE"}
    assert all(each["certain"] for each in found)
    only = competent(ask, -5.66654, 11.31755, "JUVENILE_JUDGE")
    assert told(only) == [("Juge des enfants · Sikasso", "COD-AB:ML03", "OUTLINE", True)]


def test_far_from_every_town_the_officers_of_the_region_can_be_called_meanwhile(ask):
    """20 km from Koutiala no cercle of today is known: who is competent is one of those of the region, but not which."""
    found = competent(ask, -5.30, 12.45, "CHILD_PROTECTION_OFFICER")
    assert found
    assert {(each["basis"], each["certain"], each["area"]["areaCode"]) for each in found} == {
        ("LEVEL_ABOVE", False, "COD-AB:ML16")
    }
    everybody = competent(ask, -5.30, 12.45)
    assert "CHILD_PROTECTION_OFFICER" in {each["actor"]["kind"] for each in everybody}


def test_the_known_region_comes_before_that_of_an_older_division(ask):
    """2 km inside of Sikasso, nearer to Koutiala's officer, who is in the same region of 2009."""
    found = competent(ask, -5.8764, 12.07795, "CHILD_PROTECTION_OFFICER")
    assert [(each["actor"]["name"].rpartition(" ")[2], each["area"]["areaCode"]) for each in found] == [
        ("Sikasso", "COD-AB:ML03"),
        ("Kadiolo", "COD-AB:ML03"),
    ]


@pytest.mark.parametrize(("town", "region"), [("Zambla", "COD-AB:ML15"), ("Abdel Begrou", "COD-AB:ML14")])
def test_the_region_of_the_register_comes_before_that_of_2009(ask, town, region):
    place = ask("query ($name: String!) { locality(name: $name) { point } }", name=town)["data"]["locality"]["point"]
    lon, lat = place["coordinates"]
    found = competent(ask, lon, lat, "CHILD_PROTECTION_OFFICER")
    assert {each["area"]["areaCode"] for each in found} == {region}


def test_where_no_region_of_today_is_known_that_of_2009_holds_the_place(ask):
    found = competent(ask, -4.2, 18.6, "CHILD_PROTECTION_OFFICER")
    assert {each["area"]["areaCode"] for each in found} == {"ISO-3166-2:ML-6"}


def test_at_the_border_of_a_nation_nobody_is_certain(ask):
    """0.3 km inside: of the other side nothing is known."""
    [judge] = competent(ask, -5.2124, 11.8824, "JUVENILE_JUDGE")
    assert (judge["area"]["areaCode"], judge["certain"]) == ("COD-AB:ML16", False)


@pytest.mark.parametrize(
    ("town", "region", "basis"),
    [
        ("Zambla", "COD-AB:ML15", "REGISTER"),
        ("Abdel Begrou", "COD-AB:ML14", "REGISTER"),
        ("Kalaban Koro", "COD-AB:ML02", "OUTLINE"),
    ],
)
def test_a_town_has_a_juvenile_judge_at_its_own_point(ask, town, region, basis):
    place = ask("query ($name: String!) { locality(name: $name) { point } }", name=town)["data"]["locality"]["point"]
    lon, lat = place["coordinates"]
    [judge] = competent(ask, lon, lat, "JUVENILE_JUDGE")
    assert (judge["area"]["areaCode"], judge["basis"], judge["certain"]) == (region, basis, True)


def test_on_a_border_both_sides_are_told_and_neither_is_certain(ask, seeded_url):
    with owner_transaction(seeded_url) as connection:
        lon, lat = connection.execute(
            text(
                "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointN(ST_GeometryN(ST_CollectionExtract("
                "ST_Intersection(a.geom, b.geom), 2), 1), 1) AS p FROM lakana.admin_area a, lakana.admin_area b "
                "WHERE (a.edition, a.code) = ('v03', 'ML03') AND (b.edition, b.code) = ('v03', 'ML16')) x"
            )
        ).one()
    found = competent(ask, lon, lat, "JUVENILE_JUDGE")
    assert {(each["area"]["areaCode"], each["certain"]) for each in found} >= {
        ("COD-AB:ML03", False),
        ("COD-AB:ML16", False),
    }


def test_near_a_border_both_sides_are_told(ask, seeded_url):
    """30 m inside of one region: outlines are simplified."""
    with owner_transaction(seeded_url) as connection:
        lon, lat = connection.execute(
            text(
                "SELECT ST_X(q::geometry), ST_Y(q::geometry) FROM (SELECT ST_Project(ST_LineInterpolatePoint(line, 0.5)::geography, "
                "30, radians(n)) AS q FROM (SELECT ST_GeometryN(ST_LineMerge(ST_CollectionExtract(ST_Intersection(a.geom, b.geom), 2)), 1) "
                "AS line FROM lakana.admin_area a, lakana.admin_area b WHERE (a.edition, a.code) = ('v03', 'ML03') "
                "AND (b.edition, b.code) = ('v03', 'ML16')) l, generate_series(0, 300, 60) n) x, lakana.admin_area a "
                "WHERE (a.edition, a.code) = ('v03', 'ML03') AND ST_Contains(a.geom, q::geometry) LIMIT 1"
            )
        ).one()
    found = competent(ask, lon, lat, "JUVENILE_JUDGE")
    assert {(each["area"]["areaCode"], each["certain"]) for each in found} == {
        ("COD-AB:ML03", False),
        ("COD-AB:ML16", False),
    }


def test_a_border_and_a_register_tell_of_both_sides(ask):
    """The place lies in Ségou, 1 km from Dioïla, to which the nearest town belongs; Ségou has officers by cercle."""
    found = competent(ask, -6.9149, 12.8492, "CHILD_PROTECTION_OFFICER")
    assert {(each["area"]["areaCode"], each["basis"], each["certain"]) for each in found} == {
        ("COD-AB:ML1304", "REGISTER", False),
        ("COD-AB:ML04", "LEVEL_ABOVE", False),
    }


def test_abroad_near_the_border_the_neighbouring_nation_is_told(ask):
    found = competent(ask, -5.9, 10.0, "CHILD_PROTECTION_OFFICER")
    assert {(each["area"]["areaCode"], each["basis"], each["certain"]) for each in found} == {
        ("COD-AB:MLI", "NATION", False)
    }


@pytest.mark.parametrize(
    "document",
    [
        "localities(first: 3) { edges { node { areaBasis knownAreas { basis area { areaCode } } } } }",
        "services(first: 3) { edges { node { location { areaBasis knownAreas { basis area { areaCode } } } } } }",
        "actors(first: 3) { edges { node { location { areaBasis knownAreas { basis area { areaCode } } } } } }",
        "nearestServices(origin: {lon: -5.66, lat: 11.31}, first: 3) { service { location { areaBasis } } }",
    ],
)
def test_how_an_area_is_known_is_told_of_each_of_a_list(ask, document):
    answer = ask(f"{{ {document} }}")
    assert "errors" not in answer
    assert '"REGISTER"' in json.dumps(answer) or '"OUTLINE"' in json.dumps(answer)


def test_where_one_cannot_be_there_is_still_whom_the_nation_has(ask):
    [committee] = competent(ask, -5.66654, 11.31755, "NATIONAL_COMMITTEE")
    assert (committee["area"]["areaCode"], committee["basis"]) == ("COD-AB:MLI", "OUTLINE")


def test_nobody_is_competent_in_the_ocean(ask):
    assert competent(ask, -30, 0) == []


def test_a_box_holds_its_edges_and_nothing_else(ask, services):
    one = services[0]
    box = {"west": one["lon"], "east": one["lon"], "south": one["lat"], "north": one["lat"]}
    document = "query ($box: BBoxInput!) { services(bbox: $box, first: 100) { edges { node { id } } totalCount } }"
    found = ask(document, box=box)["data"]["services"]
    assert one["id"] in {edge["node"]["id"] for edge in found["edges"]}
    wide = {"west": -8.0, "south": 11.0, "east": -5.0, "north": 13.5}
    expected = sum(-8 <= each["lon"] <= -5 and 11 <= each["lat"] <= 13.5 for each in services)
    assert ask(document, box=wide)["data"]["services"]["totalCount"] == expected > 0


def test_the_whole_earth_is_a_box(ask, services):
    document = "{ services(bbox: {west: -180, south: -90, east: 180, north: 90}) { totalCount } }"
    assert ask(document)["data"]["services"]["totalCount"] == len(services)


def test_text_finds_a_part_of_a_name_without_case_or_accents(ask):
    document = "query ($t: String!) { actors(text: $t) { totalCount } }"
    with_accents, without = (ask(document, t=each)["data"]["actors"]["totalCount"] for each in ("Ségou", "SEGOU"))
    assert with_accents == without > 0
    assert ask(document, t="%")["data"]["actors"]["totalCount"] == 0
    assert ask(document, t="_")["data"]["actors"]["totalCount"] == 0


def test_a_confidential_shelter_stands_in_its_zone(ask):
    document = "{ shelters(first: 100) { edges { node { confidential location { precision radiusMetres locality { name } point zone { radiusMetres point areas { id } } } } } } }"
    shelters = [edge["node"] for edge in ask(document)["data"]["shelters"]["edges"]]
    hidden = [each["location"] for each in shelters if each["confidential"]]
    assert len(hidden) >= 10
    for place in hidden:
        assert place["precision"] == "AREA"
        assert place["radiusMetres"] == place["zone"]["radiusMetres"] >= 10_000
        assert place["point"] == place["zone"]["point"]
        assert place["zone"]["areas"]
        assert place["locality"] is None
    for each in shelters:
        if not each["confidential"]:
            assert each["location"]["precision"] == "EXACT"
            assert each["location"]["radiusMetres"] == 0
            assert each["location"]["zone"] is None


def test_counts_are_rounded_and_say_so(ask):
    document = """{ incidentCounts(level: LOCALITY, period: "2025", incidentType: FORCED_BEGGING) {
      edges { node { count countLabel area { id } locality { areaCode } period } } } }"""
    counts = ask(document)["data"]["incidentCounts"]["edges"]
    assert counts
    for each in (edge["node"] for edge in counts):
        assert (each["area"], each["period"]) == (None, "2025")
        assert each["locality"]["areaCode"].startswith("GEONAMES:")
        assert each["count"] % 5 == 0
        assert each["countLabel"] == ("0–4" if each["count"] == 0 else str(each["count"]))


@pytest.mark.parametrize(("sex", "taken"), [("GIRL", "girls"), ("BOY", "boys")])
def test_only_shelters_that_take_a_child_like_this(ask, sex, taken):
    document = "query ($sex: Sex) { shelters(forSex: $sex, first: 100) { totalCount edges { node { girls boys } } } }"
    every, found = (ask(document, sex=given)["data"]["shelters"] for given in (None, sex))
    wanted = [each for each in every["edges"] if each["node"][taken]]
    assert found == {"totalCount": len(wanted), "edges": wanted}
    assert 0 < len(wanted) < every["totalCount"] <= 100


def test_shelters_by_a_part_of_their_name(ask):
    document = "query ($text: String) { shelters(text: $text, first: 100) { edges { node { name } } } }"
    names = [each["node"]["name"] for each in ask(document)["data"]["shelters"]["edges"]]
    part = names[0].split()[-1]
    found = [each["node"]["name"] for each in ask(document, text=f" {part.upper()} ")["data"]["shelters"]["edges"]]
    assert found == [each for each in names if part.lower() in each.lower()]


def test_only_shelters_with_a_place_free(ask):
    free = ask("{ shelters(availableOnly: true, first: 100) { totalCount edges { node { hasPlaces } } } }")["data"][
        "shelters"
    ]
    every = ask("{ shelters { totalCount } }")["data"]["shelters"]["totalCount"]
    assert 0 < free["totalCount"] < every
    assert all(edge["node"]["hasPlaces"] for edge in free["edges"])


NUMBERS = [
    "{ coverage(need: {categories: [SAFE_SHELTER]}, within: {metres: 1}, byPlaces: true) { availableUsed } }",
    "{ accessScores(category: SAFE_SHELTER, within: {metres: 1000}) { capacity } }",
]


@pytest.mark.parametrize("document", NUMBERS)
def test_sums_that_tell_how_many_places_a_shelter_has_are_for_who_shows_a_key(ask, ask_partner, document):
    [error] = ask(document)["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    assert "reserved for" in error["message"]
    assert "errors" not in ask_partner(document)
    assert "errors" not in ask(document.replace("byPlaces: true", "byPlaces: false").replace("SAFE_SHELTER", "MEDICAL"))


def test_the_public_s_login_cannot_read_how_many_places_a_shelter_has(seeded_url):
    connection = psycopg2.connect(login_url(seeded_url, Audience.PUBLIC))
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        for column in ("service.capacity", "service.version", "shelter.occupancy", "shelter.version"):
            table, name = column.split(".")
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                cursor.execute(f"SELECT {name} FROM lakana.{table}")
        cursor.execute(
            "SELECT count(*) FROM lakana.service WHERE category = 'SAFE_SHELTER' AND public_capacity IS NOT NULL"
        )
        assert cursor.fetchone() == (0,)


def test_a_released_period_tells_its_release(ask):
    told = ask("{ releasedPeriods { period releaseNumber revision releasedAt } }")["data"]["releasedPeriods"]
    assert len(told) == 10
    assert all(each["revision"] == 0 for each in told)
    numbers = {each["period"]: each["releaseNumber"] for each in told}
    assert sorted(numbers[period] for period in numbers if len(period) > 4) == list(range(1, 9))
    assert numbers["2024"] == numbers["2024-Q4"]
    assert numbers["2025"] == numbers["2025-Q4"]
