"""Recommended sites on the seeds of Mali, asked through the API."""

from __future__ import annotations

import itertools
import json

import pytest

from api.graphql.compile.computed_answer import found_for
from api.graphql.compile.response import Refused
from geo import metering
from geo.audience import ANYBODY, Audience, Caller
from geo.coordinates import LonLat
from geo.queries.base.reach import Reach
from geo.queries.planning.siting import Candidates, SiteRecommendations, read
from geo.vocabulary import ServiceCategory, SitingModel
from tests.writes.conftest import Desk

pytestmark = [pytest.mark.database, pytest.mark.slow]

PLANNER = Caller(Audience.PLANNER, "planner one")
ASK = """query ($category: ServiceCategory!, $within: ReachInput!, $model: SitingModel!, $siteCount: Int, $areaCode: AreaCode,
    $candidates: CandidatesInput, $exclude: GeoJSON, $limit: Int) {
  siteRecommendations(category: $category, within: $within, model: $model, siteCount: $siteCount, areaCode: $areaCode,
    candidates: $candidates, exclude: $exclude, timeLimitSeconds: $limit) {
    model status optimalityGapPercent objectiveBefore objectiveAfter populationUnder18 coveredBeforeUnder18 coveredAfterUnder18
    sufficientReachMetres sufficientSiteCount basis reachMetres estimate { mode season } demandPointCount candidateCount excludedCandidateCount dataAsOf { services population incidents loadedOn }
    sites { rank candidateNumber point marginalGainUnder18 coveredUnder18 objective locality { id name } }
    assumptions(language: "en") sources { name } } }"""
COVERED = """SELECT coalesce(sum(d.under_18), 0) FROM lakana.demand_point d
  WHERE EXISTS (SELECT FROM lakana.service s WHERE s.category = %s AND ST_Distance(s.point, d.point) <= %s)
     OR EXISTS (SELECT FROM lakana.locality l WHERE l.id::text = ANY (%s) AND ST_Distance(l.point, d.point) <= %s)"""
SHELTER = {"category": "SAFE_SHELTER", "within": {"metres": 30_000}}
SIKASSO_BOX: list[list[list[float]]] = [[[-7, 10], [-5, 10], [-5, 12.5], [-7, 12.5], [-7, 10]]]


@pytest.fixture(scope="module")
def desk(copy_seeded):
    made = Desk(copy_seeded())
    yield made
    made.close()


def ask(desk, caller=PLANNER, **given):
    return desk.ask(caller, ASK, **(SHELTER | {"model": "MCLP"} | given))


def refused(desk, **given):
    answer = desk.response(PLANNER, ASK, **(SHELTER | {"model": "MCLP"} | given))
    [error] = answer["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT", error
    return error["extensions"]["field"], error["message"]


def ids(answer):
    return [each["locality"]["id"] for each in answer["sites"]]


def covered(desk, chosen, category="SAFE_SHELTER", metres=30_000):
    return desk.one(COVERED, category, metres, list(chosen), metres)


def test_the_figures_are_those_of_the_tables(desk):
    answer = ask(desk, siteCount=3)
    assert answer["status"] == "OPTIMAL"
    assert answer["optimalityGapPercent"] == 0
    assert (answer["basis"], answer["estimate"]) == ("MEASURED", None)
    assert answer["coveredBeforeUnder18"] == answer["objectiveBefore"] == covered(desk, [])
    for rank, site in enumerate(answer["sites"], 1):
        assert site["rank"] == rank
        assert site["coveredUnder18"] == site["objective"] == covered(desk, ids(answer)[:rank])
    gains = [each["marginalGainUnder18"] for each in answer["sites"]]
    assert sum(gains) == answer["coveredAfterUnder18"] - answer["coveredBeforeUnder18"] > 0
    assert answer["populationUnder18"] == desk.one("SELECT sum(under_18) FROM lakana.demand_point")


def test_no_other_two_sites_of_a_region_do_better(desk, home):
    answer = ask(desk, siteCount=2, areaCode=home.region)
    inside = [
        row[0]
        for row in desk.rows(
            "SELECT l.id::text FROM lakana.locality l JOIN lakana.area_within w ON w.area_id = l.area_set_id "
            "WHERE w.ancestor_id = lakana.area_in_force(%s)",
            home.region,
        )
    ]
    assert answer["candidateCount"] == len(inside) > 4
    of_area = (
        "SELECT d.id::text, d.under_18, l.id::text FROM lakana.demand_point d JOIN lakana.area_within w "
        "ON w.area_id = d.area_set_id AND w.ancestor_id = lakana.area_in_force(%s) JOIN lakana.locality l "
        "ON ST_Distance(l.point, d.point) <= 30000 JOIN lakana.access a ON a.demand_point_id = d.id "
        "AND a.category = 'SAFE_SHELTER' AND a.distance_m > 30000"
    )
    rows = [tuple(row) for row in desk.rows(of_area, home.region)]
    best = 0
    for pair in itertools.combinations(inside, 2):
        best = max(best, sum({point: children for point, children, locality in rows if locality in pair}.values()))
    assert answer["coveredAfterUnder18"] - answer["coveredBeforeUnder18"] == best > 0


def test_coverage_agrees_when_the_site_is_built(desk):
    """A service at the recommended place covers, exactly, the children who were promised."""
    answer = ask(desk, siteCount=1, category="LEGAL_AID", within={"metres": 25_000})
    [site] = answer["sites"]
    with_it = (
        "INSERT INTO lakana.service (actor_id, name, category, point, area_id, source_id) "
        "SELECT (SELECT id FROM lakana.actor ORDER BY id LIMIT 1), 'Neuf', 'LEGAL_AID', point, area_id, source_id "
        "FROM lakana.locality WHERE id::text = %s RETURNING id::text"
    )
    new = desk.one(with_it, site["locality"]["id"])
    coverage = "{ coverage(need: {categories: [LEGAL_AID]}, within: {metres: 25000}) { total { coveredUnder18 } } }"
    assert desk.ask(ANYBODY, coverage)["total"]["coveredUnder18"] == site["coveredUnder18"]
    desk.rows("DELETE FROM lakana.service WHERE id::text = %s RETURNING 1", new)


@pytest.mark.parametrize("model", ["MCLP", "P_MEDIAN", "P_CENTER"])
def test_the_same_question_gets_the_same_answer(desk, home, model):
    asked = {"model": model, "siteCount": 4, "areaCode": home.region}  # solved long before its time limit
    assert ask(desk, **asked) == ask(desk, **asked)


def test_the_median_and_the_centre_agree_with_the_distances_of_the_database(desk):
    ways = (
        "SELECT sum(d.under_18 * least(a.distance_m, n.m)), max(least(a.distance_m, n.m)), sum(d.under_18 * a.distance_m), "
        "max(a.distance_m) FROM lakana.demand_point d JOIN lakana.access a ON a.demand_point_id = d.id AND a.category = "
        "'SAFE_SHELTER', LATERAL (SELECT min(ST_Distance(l.point, d.point)) AS m FROM lakana.locality l "
        "WHERE l.id::text = ANY (%s)) n WHERE d.under_18 > 0"
    )
    median, centre = (ask(desk, model=model, siteCount=3) for model in ("P_MEDIAN", "P_CENTER"))
    total, _, before, _ = desk.one(ways, ids(median))
    assert (median["objectiveAfter"], median["objectiveBefore"]) == pytest.approx((total, before), rel=1e-9)
    _, longest, _, before = desk.one(ways, ids(centre))
    assert (centre["objectiveAfter"], centre["objectiveBefore"]) == pytest.approx((longest, before), abs=1e-3)
    assert centre["sufficientReachMetres"] == pytest.approx(longest, abs=2e-3)
    assert centre["objectiveAfter"] < median["objectiveBefore"]


def test_set_covering_says_which_reach_would_do(desk):
    none = ask(desk, model="LSCP", within={"metres": 20_000})
    assert (none["status"], none["sites"], none["objectiveAfter"], none["optimalityGapPercent"]) == (
        "INFEASIBLE",
        [],
        None,
        None,
    )
    would_do = none["sufficientReachMetres"]
    every = ask(desk, model="LSCP", within={"metres": would_do})
    assert (every["status"], every["coveredAfterUnder18"]) == ("OPTIMAL", every["populationUnder18"])
    assert every["objectiveAfter"] == len(every["sites"]) > 0
    assert ask(desk, model="LSCP", within={"metres": would_do - 0.01})["status"] == "INFEASIBLE"


def test_a_category_without_a_service_has_no_distance_before(desk):
    desk.rows("DELETE FROM lakana.service WHERE category = 'FOOD_NUTRITION' RETURNING 1")
    answer = ask(desk, category="FOOD_NUTRITION", model="P_MEDIAN", siteCount=2)
    assert answer["objectiveBefore"] is None
    assert answer["objectiveAfter"] > 0
    assert (answer["coveredBeforeUnder18"], len(answer["sites"])) == (0, 2)


def test_no_site_stands_in_an_excluded_area(desk):
    free = ask(desk, siteCount=5)
    kept = ask(desk, siteCount=5, exclude={"type": "Polygon", "coordinates": SIKASSO_BOX})
    inside = {
        row[0]
        for row in desk.rows(
            "SELECT id::text FROM lakana.locality WHERE ST_X(point::geometry) BETWEEN -7 AND -5 "
            "AND ST_Y(point::geometry) BETWEEN 10 AND 12.5"
        )
    }
    assert kept["excludedCandidateCount"] == len(inside) > 0
    assert not inside & {*ids(kept)}
    assert kept["coveredAfterUnder18"] <= free["coveredAfterUnder18"]


def test_points_are_candidates_by_their_number(desk):
    points = [{"lon": 0.0, "lat": 0.0}, {"lon": -5.5, "lat": 12.5}]
    answer = ask(
        desk, candidates={"points": points}, siteCount=1, within={"metres": 100_000}, category="LIVELIHOODS_CASH"
    )
    [site] = answer["sites"]
    assert (site["candidateNumber"], site["locality"]) == (2, None)
    assert site["point"]["coordinates"] == [-5.5, 12.5]


def test_many_points_with_a_long_reach_hardly_take_the_database_s_time(desk):
    """It compared each of 1,000 points with each demand point: 9 to 15 s, four statements of one planner at a time."""
    points = tuple(LonLat(lon=-4 + 0.075 * (number % 40), lat=17 + 0.16 * (number // 40)) for number in range(1_000))

    async def took(many):
        metering.enter(meter := metering.Meter())
        question = SiteRecommendations(
            category=ServiceCategory.OTHER,
            within=Reach(metres=300_000),
            model=SitingModel.MCLP,
            candidates=Candidates(points=points[:many]),
        )
        found = await found_for(question, PLANNER, desk.resources)
        return len(read({"siting": json.loads(found["siting"])})["candidates"]), meter.database_s

    (_, few_s), (candidates, many_s) = (desk._runner.run(took(many)) for many in (10, 1_000))
    assert candidates == 1_000
    assert 0 < many_s < 5 * few_s + 0.2


def test_candidates_may_be_those_of_a_part(desk, home):
    answer = ask(desk, candidates={"localities": {"areaCode": home.region}}, siteCount=2)
    assert 0 < answer["candidateCount"] < ask(desk, siteCount=2)["candidateCount"]


def test_a_time_of_travel_is_an_estimate_and_says_so(desk):
    minutes = 30_000 / desk.one("SELECT lakana.reach_m('MOTORCYCLE', 'DRY', 1)")
    answer = ask(desk, within={"travel": {"mode": "MOTORCYCLE", "minutes": minutes}})
    assert answer["reachMetres"] == pytest.approx(30_000)
    assert (answer["basis"], answer["estimate"]) == ("ESTIMATE", {"mode": "MOTORCYCLE", "season": "DRY"})
    assert any("ESTIMATE" in each for each in answer["assumptions"])
    assert ids(answer) == ids(ask(desk))


@pytest.mark.parametrize(
    ("given", "field", "reason"),
    [
        ({"siteCount": 0}, "siteCount", "outside 1 to 100"),
        ({"siteCount": 101}, "siteCount", "outside 1 to 100"),
        ({"siteCount": 100}, "siteCount", "more than the 94 candidates"),
        (
            {"siteCount": 3, "candidates": {"points": [{"lon": 0, "lat": 10}]}},
            "siteCount",
            "more than the 1 candidates",
        ),
        ({"siteCount": 3, "model": "LSCP"}, "siteCount", "leave it out"),
        ({"candidates": {"points": []}}, "candidates.points", "1 to 1,000"),
        ({"candidates": {"points": [{"lon": 0, "lat": 100}]}}, "candidates.points.0.lat", "outside -90 to 90"),
        (
            {"siteCount": 1, "candidates": {"points": [{"lon": 2.35, "lat": 48.86}, {"lon": 12.387, "lat": -5.465}]}},
            "candidates.points.1",
            "exchanged, they lie in the country",
        ),
        ({"candidates": {"localities": {"areaCode": "XX"}}}, "candidates.localities.areaCode", ""),
        ({"areaCode": "XX"}, "areaCode", ""),
        ({"within": {"metres": 0}}, "within.metres", "outside"),
        ({"within": {"metres": 1_000_001}}, "within.metres", "outside"),
        ({"limit": 0}, "timeLimitSeconds", "outside 1 to 10"),
        ({"limit": 11}, "timeLimitSeconds", "outside 1 to 10"),
        ({"exclude": {"type": "Point", "coordinates": [0, 0]}}, "exclude", "Polygon"),
        ({"exclude": "here"}, "exclude", "Polygon"),
        ({"exclude": {"type": "Polygon"}}, "exclude.coordinates", "list of rings"),
        (
            {"exclude": {"type": "Polygon", "coordinates": [[[0, 10], [1, 11], [1, 10], [0, 11], [0, 10]]]}},
            "exclude",
            "Self-intersection",
        ),
        (
            {"exclude": {"type": "Polygon", "coordinates": [[[0, 10], [1, 11], [1, 10], [0, 11]]]}},
            "exclude.coordinates.0",
            "not closed",
        ),
        (
            {"exclude": {"type": "Polygon", "coordinates": [[[0, 10], [1, 11], [0, 10]]]}},
            "exclude.coordinates.0",
            "four positions",
        ),
        (
            {"exclude": {"type": "Polygon", "coordinates": [[[0, 10], [1, 95], [1, 10], [0, 10]]]}},
            "exclude.coordinates.0.1.lat",
            "swapped",
        ),
        (
            {"exclude": {"type": "Polygon", "coordinates": [[[y, x] for x, y in SIKASSO_BOX[0]]]}},
            "exclude",
            "swapped",
        ),
        (
            {"exclude": {"type": "Polygon", "coordinates": [[[-20, 5], [10, 5], [10, 30], [-20, 30], [-20, 5]]]}},
            "exclude",
            "all 94 candidates",
        ),
        ({"exclude": {"type": "MultiPolygon", "coordinates": [SIKASSO_BOX] * 11}}, "exclude", "more than 10"),
    ],
)
def test_what_cannot_be_is_refused_by_its_field(desk, given, field, reason):
    found, message = refused(desk, **given)
    assert found == field
    assert reason in message


@pytest.mark.parametrize(
    "caller", [ANYBODY, *(Caller(each, "x") for each in Audience if each.name not in {"PUBLIC", "PLANNER"})]
)
def test_only_planners_ask(desk, caller):
    with pytest.raises(Refused):
        ask(desk, caller)
