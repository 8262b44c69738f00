"""Coverage of what a child needs, in a small country that is worked out by hand."""

from __future__ import annotations

import pytest

from geo.arguments import MOST_REACH_M
from geo.errors import BadInput
from geo.queries.base.reach import Reach
from geo.queries.reach.coverage import Coverage
from geo.queries.reach.coverage_curve import CoverageCurve
from geo.queries.reach.need import Need
from geo.vocabulary import STAGES, AreaLevel, ServiceCategory, Stage
from tests.database.land import square
from tests.geodesy import distance_m
from tests.planning.answers import answer
from tests.planning.documents import CURVE, OF, PAGE, covered

pytestmark = pytest.mark.database

SUMS = ("populationUnder18", "coveredUnder18", "uncoveredUnder18", "coveredPercent")


def of(country, need, metres=None, **more):
    within = {"metres": metres} if metres is not None else more.pop("within")
    return answer(country.connection, OF, need=need, within=within, **more)


def test_without_a_service_coverage_is_0_percent_of_everybody(country):
    found = of(country, {"categories": ["MEDICAL"]}, 1_000_000.0)
    assert (found["total"]["populationUnder18"], found["total"]["coveredUnder18"]) == (150, 0)
    assert found["total"]["coveredPercent"] == 0
    assert covered(found["areas"]) == {"A": (0, 70), "B": (0, 80)}
    both = of(country, {"categories": ["MEDICAL", "LEGAL_AID"]}, 1_000_000.0)
    assert (both["total"]["populationUnder18"], both["total"]["coveredUnder18"]) == (150, 0)


def test_a_service_covers_its_neighbours_across_a_boundary(country):
    country.serve("MEDICAL", 0.030, country.east)
    found = of(country, {"categories": ["MEDICAL"]}, 1_200.0)
    assert covered(found["areas"]) == {"A": (40, 70), "B": (80, 80)}
    assert (found["inLocalities"]["coveredUnder18"], found["elsewhere"]["coveredUnder18"]) == (80, 40)


@pytest.mark.parametrize("others", [[], ["LEGAL_AID"]], ids=["one category", "two"])
def test_what_is_exactly_at_the_reach_is_covered(country, others):
    for category in ("MEDICAL", *others):
        country.serve(category, 0.0)
    far = sorted(row[0] for row in country.rows("SELECT distance_m FROM lakana.access WHERE category = 'MEDICAL'"))
    need = {"categories": ["MEDICAL", *others]}
    told = []
    for metres in (far[1], far[1] * (1 - 1e-12), far[2], far[2] * (1 - 1e-12)):
        found = of(country, need, metres)
        told.append(tuple(found[each]["coveredUnder18"] for each in ("total", "inLocalities", "elsewhere")))
    assert told == [(30, 30, 0), (10, 10, 0), (70, 30, 40), (30, 30, 0)]


def test_a_category_that_nobody_offers_leaves_all_uncovered(country):
    country.serve("MEDICAL", 0.0)
    found = of(country, {"categories": ["MEDICAL", "LEGAL_AID"]}, 1_000_000.0)
    assert (found["total"]["populationUnder18"], found["total"]["coveredUnder18"]) == (150, 0)


def test_all_categories_must_be_within_reach_and_any_of_a_stage(country):
    country.serve("IDENTIFICATION", 0.0)
    country.serve("POLICE_JUSTICE", 0.030)
    step = 1_200.0
    every = of(country, {"categories": ["IDENTIFICATION", "POLICE_JUSTICE"]}, step)
    assert every["total"]["coveredUnder18"] == 0
    any_of = of(country, {"stage": "IDENTIFICATION"}, step)
    assert any_of["total"]["coveredUnder18"] == 150
    alone = of(country, {"categories": ["POLICE_JUSTICE"]}, step)
    assert alone["total"]["coveredUnder18"] == 120
    far = distance_m(0, 0, 0.02, 0)
    assert of(country, {"categories": ["IDENTIFICATION", "POLICE_JUSTICE"]}, far + 1)["total"]["coveredUnder18"] == 60


def test_the_levels_add_up_and_show_what_is_known_of_the_parent_only(country):
    country.serve("MEDICAL", 0.010)
    found = {level: of(country, {"categories": ["MEDICAL"]}, 1.0, level=level) for level in ("ADM0", "ADM1", "ADM2")}
    assert covered(found["ADM0"]["areas"]) == {"N": (20, 150)}
    assert covered(found["ADM1"]["areas"]) == {"A": (20, 70), "B": (0, 80)}
    assert covered(found["ADM2"]["areas"]) == {"AA": (0, 10), "N": (20, 140)}
    inside = of(country, {"categories": ["MEDICAL"]}, 1.0, level="ADM2", area="T:A")
    assert covered(inside["areas"]) == {"AA": (0, 10), "A": (20, 60)}


def test_parts_where_nobody_is_counted_are_named_and_not_left_out_in_silence(country):
    country.area("C", 1, parent_id=country.nation)
    old = country.area("D", 1, parent_id=country.nation)
    country.run("UPDATE lakana.admin_area SET valid_to = '2020-01-01' WHERE id = :id", id=old)
    document = """query ($area: AreaCode, $level: AreaLevel) {
      coverage(need: {categories: [MEDICAL]}, within: {metres: 1}, areaCode: $area, level: $level) {
        total { area { code } SUMS } inLocalities { SUMS } elsewhere { SUMS }
        areas { area { code } } areasNotKnown { code } } }""".replace("SUMS", " ".join(SUMS))
    for level in (None, "ADM1"):
        found = answer(country.connection, document, level=level)
        assert [each["area"]["code"] for each in found["areas"]] == ["A", "B"]
        assert found["areasNotKnown"] == [{"code": "C"}]
        assert found["total"]["populationUnder18"] == 150
    assert answer(country.connection, document, level="ADM0")["areasNotKnown"] == []
    unknown = dict.fromkeys(SUMS)
    assert answer(country.connection, document, area="T:C") == {
        "total": {"area": {"code": "C"}} | unknown,
        "inLocalities": unknown,
        "elsewhere": unknown,
        "areas": [],
        "areasNotKnown": [],
    }


NOBODY = {
    "by places": """coverage(need: {categories: [SAFE_SHELTER]}, within: {metres: 1}, areaCode: "T:C", byPlaces: true) {
      inLocalities { populationUnder18 coveredUnder18 uncoveredUnder18 } elsewhere { populationUnder18 coveredUnder18 } }""",
    "the curve": """coverageCurve(need: {categories: [MEDICAL]}, areaCode: "T:C", distancesMetres: [1]) {
      populationUnder18 points { coveredUnder18 uncoveredUnder18 coveredPercent } }""",
    "gaps": """coverageGaps(need: {categories: [MEDICAL]}, within: {metres: 1}, areaCode: "T:C") { uncoveredUnder18 }""",
    "land": """gapAreas(category: MEDICAL, within: {metres: 1}, areaCode: "T:C") {
      uncoveredUnder18 parts { uncoveredUnder18 } }""",
    "scores": """accessScores(category: MEDICAL, within: {metres: 1}, areaCode: "T:C") {
      populationUnder18 unservedUnder18 meanCapacityPer1000Under18 }""",
    "training": """trainingCoverage(kind: NGO, within: {metres: 1}, areaCode: "T:C") {
      populationUnder18 coveredUnder18 uncoveredUnder18 coveredPercent }""",
    "sites": """siteRecommendations(category: MEDICAL, within: {metres: 1}, areaCode: "T:C", model: MCLP, siteCount: 1,
      candidates: {points: [{lon: 0, lat: 0}]}) {
      populationUnder18 coveredBeforeUnder18 coveredAfterUnder18 objectiveBefore objectiveAfter }""",
}


@pytest.mark.parametrize("served", [False, True])
@pytest.mark.parametrize("name", NOBODY)
def test_a_sum_over_nobody_is_not_known_and_one_over_no_child_is_0(country, name, served):
    area = country.area("C", 1, parent_id=country.nation, geom=square(-1, -1, 0.5))
    for category in ("MEDICAL", "SAFE_SHELTER") if served else ():
        country.serve(category, 0.0)
    assert {*leaves(answer(country.connection, f"{{ {NOBODY[name]} }}"))} == {None}
    country.demand(area, -0.8, -0.8, population=7, under_18=0)
    country.settled("d", area, -0.7, 0)
    document = f"{{ {NOBODY[name]} }}".replace("coveredPercent", "").replace("meanCapacityPer1000Under18", "")
    assert {*leaves(answer(country.connection, document))} == {0}


def leaves(value):
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        yield value
        return
    for each in value:
        yield from leaves(each)


def test_where_no_child_lives_there_is_no_share(country):
    country.run("UPDATE lakana.demand_point SET under_18 = 0")
    found = of(country, {"categories": ["MEDICAL"]}, 1.0)
    assert (found["total"]["populationUnder18"], found["total"]["coveredPercent"]) == (0, None)
    assert found["inLocalities"]["coveredPercent"] is found["elsewhere"]["coveredPercent"] is None
    curve = answer(country.connection, CURVE, need={"categories": ["MEDICAL"]})
    assert {each["coveredPercent"] for each in curve["points"]} == {None}


def test_an_area_above_whose_level_nothing_is_asked_stands_for_itself(country):
    found = of(country, {"categories": ["MEDICAL"]}, 1.0, level="ADM0", area="T:A")
    assert covered(found["areas"]) == {"A": (0, 70)}
    assert covered(of(country, {"categories": ["MEDICAL"]}, 1.0, level="ADM1", area="T:A")["areas"]) == {"A": (0, 70)}


def test_parts_come_from_another_scheme_where_the_own_has_none(country):
    older = country.area("OLD", 0, scheme="S")
    country.crosswalk(country.west, older)
    found = of(country, {"categories": ["MEDICAL"]}, 1.0, level="ADM2", area="S:OLD")
    assert {(each["area"]["scheme"], each["area"]["code"]) for each in found["areas"]} == {("T", "AA"), ("S", "OLD")}
    assert sum(each["populationUnder18"] for each in found["areas"]) == found["total"]["populationUnder18"] == 70


def test_localities_say_how_far_the_farthest_is(country):
    country.serve("MEDICAL", 0.0)
    country.serve("LEGAL_AID", 0.030)
    need = {"categories": ["MEDICAL", "LEGAL_AID"]}
    exactly = country.one(
        "SELECT max(distance_m) FROM lakana.access a JOIN lakana.demand_point d ON d.id = a.demand_point_id"
        " WHERE d.id = :id",
        id=country.points[1],
    )
    page = answer(country.connection, PAGE, need=need, within={"metres": exactly}, first=10)
    assert (page["basis"], page["reachMetres"], page["estimate"]) == ("MEASURED", exactly, None)
    rows = {edge["node"]["locality"]["name"]: edge["node"] for edge in page["edges"]}
    assert list(rows) == ["a", "b", "c"]
    assert rows["b"]["nearestDistanceMetres"] == pytest.approx(distance_m(0.010, 0, 0.030, 0), abs=0.01)
    assert [each["covered"] for each in rows.values()] == [False, True, False]
    below = answer(country.connection, PAGE, need=need, within={"metres": exactly * (1 - 1e-12)}, first=10)
    assert not any(edge["node"]["covered"] for edge in below["edges"])


def test_a_locality_without_a_service_anywhere_has_no_distance(country):
    page = answer(country.connection, PAGE, need={"stage": "REFERRAL"}, within={"metres": 10.0}, first=1)
    assert page["edges"][0]["node"]["nearestDistanceMetres"] is None
    assert page["edges"][0]["node"]["covered"] is False
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)


def test_the_curve_is_inclusive_at_each_distance(country):
    country.serve("MEDICAL", 0.0)
    far = sorted(row[0] for row in country.rows("SELECT distance_m FROM lakana.access"))
    asked = [far[3] * (1 - 1e-12), far[1], far[3], 0.001]
    found = answer(country.connection, CURVE, need={"categories": ["MEDICAL"]}, metres=asked)
    points = [(each["distanceMetres"], each["coveredUnder18"]) for each in found["points"]]
    assert points == [(0.001, 10), (far[1], 30), (asked[0], 70), (far[3], 150)]
    assert found["populationUnder18"] == 150


def test_the_curve_of_nothing_is_flat(country):
    found = answer(country.connection, CURVE, need={"stage": "SUPPORT"}, area="T:B")
    assert found["populationUnder18"] == 80
    assert [each["coveredUnder18"] for each in found["points"]] == [0] * 20
    assert [each["distanceMetres"] for each in found["points"]] == [5_000.0 * n for n in range(1, 21)]


def test_an_estimate_says_so_and_a_distance_is_measured(country):
    travel = {"mode": "CAR", "minutes": 30.0, "season": "RAINY"}
    found = of(country, {"categories": ["MEDICAL"]}, within={"travel": travel})
    assert found["basis"] == "ESTIMATE"
    assert found["estimate"] == {"mode": "CAR", "season": "RAINY"}
    assert found["assumptions"][0].startswith("ESTIMATION")
    assert found["en"][0].startswith("ESTIMATE")
    measured = of(country, {"categories": ["MEDICAL"]}, 30_000.0)
    assert (measured["basis"], measured["estimate"], measured["reachMetres"]) == ("MEASURED", None, 30_000.0)
    assert not any("ESTIM" in each for each in measured["assumptions"])


@pytest.mark.parametrize(
    ("make", "field", "words"),
    [
        (lambda: Need.all_of([]), "need.categories", "outside 1 to 16"),
        (lambda: Need.all_of(list(ServiceCategory)), "need.categories", "17 categories are outside 1 to 16"),
        (lambda: Need.all_of([ServiceCategory.MEDICAL] * 2), "need.categories", "MEDICAL is named more than once"),
        (lambda: Reach(metres=0.0), "within.metres", "0.001 to 1,000,000"),
        (lambda: Reach(metres=MOST_REACH_M + 1), "within.metres", "at most 1,000 km"),
        (
            lambda: Coverage(need=Need.of_stage(Stage.SUPPORT), within=Reach(metres=1.0), level=AreaLevel.LOCALITY),
            "level",
            "`locality_coverage`",
        ),
        (lambda: CoverageCurve(need=Need.of_stage(Stage.SUPPORT), distances_m=()), "distances_m", "1 to 50"),
        (
            lambda: CoverageCurve(need=Need.of_stage(Stage.SUPPORT), distances_m=tuple(map(float, range(1, 52)))),
            "distances_m",
            "51 distances",
        ),
        (lambda: CoverageCurve(need=Need.of_stage(Stage.SUPPORT), distances_m=(1.0, 0.0)), "distances_m", "0.001"),
        (lambda: CoverageCurve(need=Need.of_stage(Stage.SUPPORT), distances_m=(1.0, 1.0)), "distances_m", "once"),
    ],
)
def test_bad_input_says_what_to_change(make, field, words):
    with pytest.raises(BadInput) as refused:
        make()
    assert refused.value.field == field
    assert words in refused.value.problem


def test_exactly_the_bounds_are_accepted():
    assert len(Need.all_of(list(ServiceCategory)[:16]).groups) == 16
    assert Reach(metres=MOST_REACH_M).metres == MOST_REACH_M
    assert CoverageCurve(need=Need.of_stage(Stage.SUPPORT), distances_m=tuple(map(float, range(1, 51))))


def test_every_category_but_other_belongs_to_one_stage():
    stages = [set(Need.of_stage(stage).categories) for stage in Stage]
    assert (
        set().union(*stages)
        == {each for each in ServiceCategory if STAGES[each]}
        == {*ServiceCategory} - {ServiceCategory.OTHER}
    )
    assert sum(map(len, stages)) == 16
