"""Access scores as the API tells them, beside brute force over the tables."""

from __future__ import annotations

import math
from collections import defaultdict

import orjson
import pytest
from sqlalchemy import text

from geo.audience import ANYBODY
from geo.database.owner import owner_transaction
from geo.errors import BadInput
from geo.queries.base.reach import Reach
from geo.queries.planning.access_scores import AccessScores
from geo.service import Resources
from geo.vocabulary import ServiceCategory
from tests.geodesy import distance_m
from tests.graphql.conftest import ask, ask_as, ask_partner, operations, resources, run  # noqa: F401  fixtures
from tests.planning.documents import under

pytestmark = pytest.mark.database

SCORES = """query ($category: ServiceCategory!, $within: ReachInput!, $decay: Decay, $area: AreaCode, $cells: Boolean,
  $order: ScoreOrder, $first: Int = 50, $after: String) {
  accessScores(category: $category, within: $within, decay: $decay, areaCode: $area, cells: $cells, orderBy: $order,
    first: $first, after: $after) {
    edges { node { locality { id name } adminArea { id } point populationUnder18 capacityPer1000Under18 } }
    pageInfo { hasNextPage endCursor } totalCount basis reachMetres estimate { mode season } serviceCount unreachedServiceCount unknownCapacityCount capacity
    populationUnder18 unservedUnder18 meanCapacityPer1000Under18 assumptions en: assumptions(language: "en") dataAsOf { services population incidents loadedOn }
    sources { name illustrative } } }"""


@pytest.fixture(scope="module")
def rows(seeded_url):
    def rows(sql: str, **values) -> list[dict]:
        with owner_transaction(seeded_url) as connection:
            return [dict(row) for row in connection.execute(text(sql), values).mappings()]

    return rows


@pytest.fixture(scope="module")
def demand(rows, home):
    return rows(
        "SELECT d.id::text, locality_id::text, under_18, ST_X(point::geometry) AS lon, ST_Y(point::geometry) AS lat, "
        "EXISTS (SELECT FROM lakana.area_within w JOIN lakana.admin_area a ON a.id = w.ancestor_id "
        "        WHERE w.area_id = d.area_set_id AND a.scheme || ':' || a.code = :region) AS in_region FROM lakana.demand_point d",
        region=home.region,
    )


@pytest.fixture(scope="module")
def services(rows):
    return rows(
        "SELECT category::text, capacity, ST_X(point::geometry) AS lon, ST_Y(point::geometry) AS lat FROM lakana.service "
        "WHERE point IS NOT NULL"
    )


@pytest.fixture(scope="module")
def all_scores(ask_partner):  # noqa: F811
    def all_scores(**asked) -> tuple[dict, list[dict]]:
        found, after = [], None
        while True:
            answer = under("scores", ask_partner(SCORES, **asked, after=after)["data"]["accessScores"])
            found += answer["scores"]
            if not answer["hasNextPage"]:
                return answer, found
            after = answer["endCursor"]

    return all_scores


def brute_force(demand, sites, metres, weigh) -> dict[str, float]:
    """Add up both steps pair by pair: the score of each demand point by its id."""
    scores: dict[str, float] = defaultdict(float)
    for site in sites:
        far = {each["id"]: distance_m(site["lon"], site["lat"], each["lon"], each["lat"]) for each in demand}
        weight = {key: weigh(each / metres) for key, each in far.items() if each <= metres}
        wanted = sum(each["under_18"] * weight.get(each["id"], 0) for each in demand)
        for key, each in weight.items():
            scores[key] += site["capacity"] * each / wanted if wanted else 0
    return scores


@pytest.mark.parametrize(
    ("decay", "weigh"),
    [
        ("GAUSSIAN", lambda part: 0.01 ** (part * part)),
        ("STEP", lambda part: 1.0 * (part <= 1)),
        ("ZONES", lambda part: 1 if part <= 1 / 3 else 0.68 if part <= 2 / 3 else 0.22),
        ("LINEAR", lambda part: 1 - part),
    ],
)
def test_scores_equal_brute_force(all_scores, demand, services, decay, weigh):
    shelters = [each for each in services if each["category"] == "SAFE_SHELTER"]
    expected = brute_force(demand, shelters, 60_000, weigh)
    answer, found = all_scores(category="SAFE_SHELTER", within={"metres": 60_000}, decay=decay)
    localities = {each["locality_id"]: each for each in demand if each["locality_id"]}
    assert {each["locality"]["id"] for each in found} == set(localities)
    for each in found:
        mine = localities[each["locality"]["id"]]
        assert each["capacityPer1000Under18"] == pytest.approx(1_000 * expected[mine["id"]], abs=1e-6)
        assert each["populationUnder18"] == mine["under_18"]
        assert each["point"]["coordinates"] == pytest.approx([mine["lon"], mine["lat"]], abs=1e-6)
    children = sum(each["under_18"] for each in demand)
    assert answer["populationUnder18"] == children
    assert answer["unservedUnder18"] == sum(each["under_18"] for each in demand if not expected[each["id"]])
    mean = 1_000 * sum(each["under_18"] * expected[each["id"]] for each in demand) / children
    assert answer["meanCapacityPer1000Under18"] == pytest.approx(mean, abs=1e-6)
    assert answer["capacity"] == sum(each["capacity"] for each in shelters)


def test_children_outside_the_area_share_what_is_inside(all_scores, demand, home):
    whole, _ = all_scores(category="SAFE_SHELTER", within={"metres": 90_000}, cells=True)
    part, found = all_scores(category="SAFE_SHELTER", within={"metres": 90_000}, cells=True, area=home.region)
    inside = [each for each in demand if each["in_region"]]
    assert 0 < part["totalCount"] == len(inside) == len(found) < whole["totalCount"] == len(demand)
    assert part["populationUnder18"] == sum(each["under_18"] for each in inside)
    _, everywhere = all_scores(category="SAFE_SHELTER", within={"metres": 90_000})
    score = {each["locality"]["id"]: each["capacityPer1000Under18"] for each in everywhere}
    assert all(score[each["locality"]["id"]] == each["capacityPer1000Under18"] for each in found if each["locality"])
    assert sum(each["locality"] is None for each in found) == sum(each["locality_id"] is None for each in inside)


def test_pages_come_in_order_whichever_end_is_first(all_scores):
    asked = {"category": "SAFE_SHELTER", "within": {"metres": 100_000}, "first": 13}
    _, up = all_scores(**asked)
    _, down = all_scores(**asked, order="HIGHEST_FIRST")
    scores = [each["capacityPer1000Under18"] for each in up]
    assert scores == sorted(scores)
    assert [each["capacityPer1000Under18"] for each in down] == scores[::-1]
    assert len({each["locality"]["id"] for each in up}) == len(up) == 77


def test_a_service_exactly_at_the_reach_is_in_reach(all_scores, rows):
    [far] = rows(
        "SELECT locality_id::text, distance_m FROM lakana.access a JOIN lakana.demand_point d ON d.id = a.demand_point_id "
        "WHERE category = 'SAFE_SHELTER' AND locality_id IS NOT NULL AND distance_m > 1000 ORDER BY distance_m LIMIT 1 OFFSET 9"
    )
    served = []
    for metres in (far["distance_m"], far["distance_m"] - 0.01):
        _, found = all_scores(category="SAFE_SHELTER", within={"metres": metres}, decay="STEP")
        served.append({each["locality"]["id"] for each in found if each["capacityPer1000Under18"] > 0})
    assert served[0] - served[1] == {far["locality_id"]}


def test_unknown_capacity_counts_as_the_median(all_scores, services):
    offices = [each["capacity"] for each in services if each["category"] == "LEGAL_AID"]
    known = sorted(each for each in offices if each is not None)
    assert None in offices
    assert known
    median = (known[(len(known) - 1) // 2] + known[len(known) // 2]) / 2
    answer, _ = all_scores(category="LEGAL_AID", within={"metres": 50_000})
    assert answer["unknownCapacityCount"] == offices.count(None)
    assert answer["capacity"] == sum(known) + median * offices.count(None)


def test_no_service_at_all_scores_nothing(copy_seeded, run, operations):  # noqa: F811
    url = copy_seeded()
    with owner_transaction(url) as connection:
        connection.execute(text("DELETE FROM lakana.service WHERE category = 'OTHER'"))
    its_pools, operation = Resources(url, 1), operations.get(SCORES, None)
    variables = operation.variables({"category": "OTHER", "within": {"metres": 50_000}})
    answer = orjson.loads(run(operation.answer(variables, ANYBODY, its_pools)).body)["data"]["accessScores"]
    its_pools.close()
    assert answer["serviceCount"] == answer["capacity"] == 0
    assert {each["capacityPer1000Under18"] for each in under("scores", answer)["scores"]} == {0}
    assert answer["unservedUnder18"] == answer["populationUnder18"] > 0
    assert answer["meanCapacityPer1000Under18"] == 0


def test_a_time_is_turned_into_metres_and_said_to_be_an_estimate(all_scores):
    timed, _ = all_scores(category="SAFE_SHELTER", within={"travel": {"mode": "CAR", "minutes": 84}})
    assert timed["reachMetres"] == pytest.approx(84 / 60 * 40_000 / 1.4)
    assert (timed["basis"], timed["estimate"]) == ("ESTIMATE", {"mode": "CAR", "season": "DRY"})
    metres, _ = all_scores(category="SAFE_SHELTER", within={"metres": timed["reachMetres"]})
    assert (metres["basis"], metres["estimate"]) == ("MEASURED", None)
    assert metres["meanCapacityPer1000Under18"] == pytest.approx(timed["meanCapacityPer1000Under18"])
    assert len(timed["en"]) == len(timed["assumptions"]) == len(metres["en"]) + 1
    assert "ESTIMATE" in timed["en"][-2]  # the last one states how many are left out
    assert "ESTIMATION" in timed["assumptions"][-2]


def test_the_answer_names_its_sources(ask_partner):  # noqa: F811
    answer = ask_partner(SCORES, category="SAFE_SHELTER", within={"metres": 1_000})["data"]["accessScores"]
    assert {each["illustrative"] for each in answer["sources"]} == {True, False}
    assert answer["dataAsOf"]["population"] == "2022-01-01"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"within": {"metres": 0}}, "within.metres: 0"),
        ({"within": {"metres": 1_000_000.1}}, "within.metres: 1000000.1"),
        ({"first": 0}, "first: 0 is outside 1 to 50"),
        ({"first": 51}, "first: 51 is outside 1 to 50"),
        ({"area": "COD-AB:XX"}, "no area in force bears the code COD-AB:XX"),
        ({"after": "WzFd"}, "after: not a cursor of this list"),
    ],
)
def test_bad_input_says_what_to_change(ask_partner, wrong, said):  # noqa: F811
    answer = ask_partner(SCORES, **({"category": "SAFE_SHELTER", "within": {"metres": 1_000}, "first": 5} | wrong))
    [error] = answer["errors"]
    assert said in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert answer["data"] == {"accessScores": None}


def test_a_question_is_checked_before_it_is_asked():
    within = Reach(metres=1.0)
    with pytest.raises(BadInput, match="first: 51"):
        AccessScores(category=ServiceCategory.SAFE_SHELTER, within=within, first=51)
    assert AccessScores(category=ServiceCategory.SAFE_SHELTER, within=within, first=50).first == 50
    with pytest.raises(BadInput, match="metres"):
        Reach(metres=math.nan)
