"""Hotspots as the API tells them: what is planted is found, what is not published is not zero, areas only list."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from sqlalchemy import text

from geo.audience import ANYBODY
from geo.database.owner import owner_transaction
from geo.service import Resources
from geo.vocabulary import IncidentType
from tests.geodesy import distance_m
from tests.graphql.conftest import ask, ask_as, operations, resources, run  # noqa: F401  fixtures
from tests.mali import HOTSPOTS
from tests.planning.documents import under

pytestmark = pytest.mark.database

ASKED = """query ($level: AreaLevel = LOCALITY, $period: Period = "2025", $type: IncidentType,
  $method: HotspotMethod, $neighbours: NeighboursInput, $permutations: Int, $seed: Int, $area: AreaCode, $first: Int = 50,
  $after: String) {
  hotspots(level: $level, period: $period, incidentType: $type, method: $method, neighbours: $neighbours,
    permutations: $permutations, seed: $seed, areaCode: $area, first: $first, after: $after) {
    edges { node { area { id scheme code name } locality { name } point count populationUnder18 ratePer100kUnder18
      smoothedRatePer100kUnder18 neighbourCount island zScore localMoran pValue qValue hotspotClass classAgreement quadrant } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount testedCount islandCount unstableCount test permutations redraws
    leftOut(first: 100) { totalCount edges { node { locality { name } area { code } reason } } } meanRatePer100kUnder18 leastPValue assumptions dataAsOf { services population incidents loadedOn } sources { illustrative } } }"""
FOUND = [each for each in HOTSPOTS if each is not IncidentType.SMUGGLING]


@pytest.fixture(scope="module")
def hotspots(ask):  # noqa: F811
    def hotspots(**asked) -> dict:
        answer = ask(ASKED, **asked)
        assert "errors" not in answer, answer
        found: dict = under("hotspots", answer["data"]["hotspots"])
        return found

    return hotspots


@pytest.fixture(scope="module")
def whole_of(hotspots):
    """Return an answer with the places of all its pages."""

    def whole_of(**asked) -> dict[str, Any]:
        answer: dict[str, Any] = hotspots(**asked)
        found = answer["hotspots"]
        while answer["hasNextPage"]:
            answer = hotspots(**asked, after=answer["endCursor"])
            found += answer["hotspots"]
        return answer | {"hotspots": found}

    return whole_of


def left_out(answer: dict) -> list[dict]:
    return [each["node"] for each in answer["leftOut"]["edges"]]


def hot(answer: dict) -> set[str]:
    return {each["locality"]["name"] for each in answer["hotspots"] if (each["hotspotClass"] or "").startswith("HOT")}


def stands_out(answer: dict) -> set[str]:
    """Return the places that are hot, or whose class hangs on the rounding while their score is high."""
    unsure = {
        each["locality"]["name"]
        for each in answer["hotspots"]
        if each["hotspotClass"] == "UNSTABLE" and each["zScore"] > 0
    }
    return hot(answer) | unsure


@pytest.mark.parametrize("planted", FOUND, ids=lambda each: each.name)
def test_what_the_seeds_plant_is_found(whole_of, planted):
    answer = whole_of(type=planted.name, permutations=9_999)
    # Koutiala is 100 km from the others of its type, among towns where nothing is planted. Rounding may hide another.
    found, at = hot(answer), {each["locality"]["name"]: each["point"]["coordinates"] for each in answer["hotspots"]}
    assert len(HOTSPOTS[planted] - {"Koutiala"} - stands_out(answer)) <= 1
    # Gi* counts a place with its neighbours, so places beside a hotspot may be hot too; nothing else is.
    for each in found - HOTSPOTS[planted]:
        assert min(distance_m(*at[each], *at[other]) for other in HOTSPOTS[planted]) < 150_000


def test_three_planted_towns_far_from_each_other_are_no_cluster_but_stand_out(whole_of):
    """Kayes, Nioro and Diéma are the nearest to each other, 160 to 250 km away: high each, not together."""
    answer = whole_of(type="SMUGGLING")
    highest = sorted(answer["hotspots"], key=lambda each: -each["smoothedRatePer100kUnder18"])[:3]
    assert {each["locality"]["name"] for each in highest} == HOTSPOTS[IncidentType.SMUGGLING]


def test_nothing_is_found_of_a_type_that_is_planted_nowhere(whole_of):
    for method in ("GETIS_ORD", "LOCAL_MORAN"):
        answer = whole_of(type="SEXUAL_ABUSE", method=method)
        assert {each["hotspotClass"] for each in answer["hotspots"]} == {"NOT_SIGNIFICANT"}


def test_the_defaults_find_trafficking_and_say_how_sure(whole_of):
    answer = whole_of(type="TRAFFICKING")
    by_name = {each["locality"]["name"]: each for each in answer["hotspots"]}
    for name in HOTSPOTS[IncidentType.TRAFFICKING]:
        one = by_name[name]
        assert one["hotspotClass"] in {"HOT_99", "HOT_95", "UNSTABLE"}
        assert (one["hotspotClass"] == "UNSTABLE") is (one["classAgreement"] < 0.8)
        assert one["neighbourCount"] == 6
        assert one["pValue"] >= answer["leastPValue"] == 2 / 10_000
        assert one["pValue"] <= one["qValue"] <= 0.05
        assert one["zScore"] > 3
        assert one["quadrant"] is one["localMoran"] is None


def test_what_has_no_rate_is_listed_apart_and_never_zero(whole_of, seeded_url):
    with owner_transaction(seeded_url) as connection:
        unknown = {*connection.scalars(text("SELECT name_fr FROM lakana.locality WHERE under_18 IS NULL"))}
        known = connection.scalar(text("SELECT count(*) FROM lakana.locality WHERE under_18 > 0"))
    answer = whole_of(type="TRAFFICKING")
    assert {each["locality"]["name"] for each in left_out(answer)} == unknown
    assert {each["reason"] for each in left_out(answer)} == {"NO_POPULATION"}
    assert answer["leftOut"]["totalCount"] == len(unknown) > 0
    assert not unknown & {each["locality"]["name"] for each in answer["hotspots"]}
    assert answer["testedCount"] == answer["totalCount"] == known


def test_a_period_that_is_not_published_leaves_everybody_out(whole_of):
    answer = whole_of(period="2031-Q1")
    assert answer["hotspots"] == []
    assert answer["dataAsOf"] is None
    assert answer["testedCount"] == 0
    assert {each["reason"] for each in left_out(answer)} == {"NOT_PUBLISHED"}
    assert answer["leftOut"]["totalCount"] == 94


def test_those_left_out_come_in_pages_of_one_answer(hotspots, ask):  # noqa: F811
    document = """query ($period: Period!, $first: Int, $after: String) { hotspots(level: LOCALITY, period: $period) {
      leftOut(first: $first, after: $after) { totalCount pageInfo { hasNextPage hasPreviousPage endCursor }
        edges { node { area { name } locality { name } reason } } } } }"""
    found, after = [], None
    while True:
        page = ask(document, period="2031-Q1", first=40, after=after)["data"]["hotspots"]["leftOut"]
        found += page["edges"]
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert found == ask(document, period="2031-Q1", first=100)["data"]["hotspots"]["leftOut"]["edges"]
    assert len(found) == page["totalCount"] == 94
    assert {each["node"]["area"] is None for each in found} == {True}
    [error] = ask(document, period="2032-Q1", after=after)["errors"]
    assert "not a cursor of this list" in error["message"]


def test_suppressing_one_place_leaves_it_out_and_the_others_in(hotspots, copy_seeded, run, operations):  # noqa: F811
    """A cell that a release does not tell is missing: with zero in its place it would be a cold one."""
    url = copy_seeded()
    with owner_transaction(url) as connection:
        connection.execute(
            text(
                "DELETE FROM lakana.published_count WHERE period = '2025' AND incident_type = 'TRAFFICKING' AND locality_id = "
                "(SELECT id FROM lakana.locality WHERE name_fr = 'Kadiolo')"
            )
        )
    its_pools = Resources(url, 1)
    operation = operations.get(ASKED, None)
    body = run(operation.answer(operation.variables({"type": "TRAFFICKING"}), ANYBODY, its_pools)).body
    its_pools.close()
    answer = under("hotspots", orjson.loads(body)["data"]["hotspots"])
    missing = [each for each in left_out(answer) if each["reason"] == "NOT_PUBLISHED"]
    assert [each["locality"]["name"] for each in missing] == ["Kadiolo"]
    assert answer["totalCount"] == hotspots(type="TRAFFICKING")["totalCount"] - 1
    assert "Kadiolo" not in {each["locality"]["name"] for each in answer["hotspots"]}
    assert "Kadiolo" in {each["locality"]["name"] for each in hotspots(type="TRAFFICKING")["hotspots"]}


def test_rates_are_those_that_are_published(whole_of, ask):  # noqa: F811
    counts = ask(
        """{ incidentCounts(level: LOCALITY, period: "2025", incidentType: TRAFFICKING) {
          edges { node { locality { name } count ratePer100kUnder18 } } } }"""
    )["data"]["incidentCounts"]["edges"]
    told = {
        each["node"]["locality"]["name"]: (each["node"]["count"], each["node"]["ratePer100kUnder18"]) for each in counts
    }
    answer = whole_of(type="TRAFFICKING")
    for each in answer["hotspots"]:
        assert told[each["locality"]["name"]] == (each["count"], each["ratePer100kUnder18"])
    children = sum(each["populationUnder18"] for each in answer["hotspots"])
    mean = sum(each["count"] for each in answer["hotspots"]) / children * 100_000
    assert answer["meanRatePer100kUnder18"] == pytest.approx(mean, abs=0.001)


def test_an_area_lists_its_places_and_changes_no_figure(whole_of):
    whole = {each["locality"]["name"]: each for each in whole_of(type="TRAFFICKING")["hotspots"]}
    part = whole_of(type="TRAFFICKING", area="ISO-3166-2:ML-3")
    assert 0 < part["totalCount"] < len(whole)
    assert part["testedCount"] == len(whole)
    for each in part["hotspots"]:
        assert each == whole[each["locality"]["name"]]
    assert hot(part) == set(HOTSPOTS[IncidentType.TRAFFICKING]) | (hot(part) & {"Kolondiéba", "Zambla"})


def test_regions_stand_in_their_outline_or_at_their_localities(whole_of, seeded_url):
    answer = whole_of(level="ADM1", neighbours={"nearest": 3})
    assert {each["area"]["scheme"] for each in answer["hotspots"]} == {"COD-AB"}
    assert answer["testedCount"] == 20
    with owner_transaction(seeded_url) as connection:
        rows = connection.execute(
            text(
                "SELECT a.id::text, coalesce(max(ST_X(a.point::geometry)), avg(ST_X(l.point::geometry))), "
                "coalesce(max(ST_Y(a.point::geometry)), avg(ST_Y(l.point::geometry))) FROM lakana.locality l "
                "JOIN lakana.area_within w USING (area_id) JOIN lakana.admin_area a ON a.id = w.ancestor_id GROUP BY 1"
            )
        )
        middle = {row[0]: (row[1], row[2]) for row in rows}
    for each in answer["hotspots"]:
        assert each["point"]["coordinates"] == pytest.approx(middle[each["area"]["id"]], abs=1e-5)
        assert each["locality"] is None
    assert {each["area"] for each in whole_of()["hotspots"]} == {None}


def test_a_band_has_islands_and_they_are_not_tested(whole_of):
    answer = whole_of(type="TRAFFICKING", neighbours={"distanceMetres": 60_000})
    islands = [each for each in answer["hotspots"] if each["island"]]
    assert 0 < len(islands) == answer["islandCount"]
    assert answer["testedCount"] == answer["totalCount"] - len(islands)
    for each in islands:
        assert each["neighbourCount"] == 0
        assert {each["zScore"], each["pValue"], each["qValue"], each["hotspotClass"]} == {None}
    assert answer["hotspots"][-len(islands) :] == islands  # after all that were tested


def test_the_nation_is_an_island(whole_of):
    answer = whole_of(level="ADM0")
    assert [(each["island"], each["hotspotClass"]) for each in answer["hotspots"]] == [(True, None)]
    assert answer["testedCount"] == 0


def test_local_moran_tells_outliers_from_clusters(whole_of):
    answer = whole_of(type="TRAFFICKING", method="LOCAL_MORAN", neighbours={"nearest": 8}, permutations=9_999)
    kinds = {"HOT": {"HIGH_HIGH"}, "COLD": {"LOW_LOW"}, "OUTLIER": {"HIGH_LOW", "LOW_HIGH"}}
    called = [each for each in answer["hotspots"] if each["hotspotClass"] not in {"NOT_SIGNIFICANT", "UNSTABLE"}]
    assert {each["hotspotClass"].partition("_")[0] for each in called} >= {"HOT"}
    for each in called:
        assert each["quadrant"] in kinds[each["hotspotClass"].partition("_")[0]]
        assert (each["localMoran"] > 0) == (each["quadrant"] in {"HIGH_HIGH", "LOW_LOW"})


def test_a_seed_gives_the_same_answer_and_pages_make_the_whole(hotspots):
    whole = hotspots(type="CHILD_LABOUR", seed=7)
    assert hotspots(type="CHILD_LABOUR", seed=7) == whole
    assert hotspots(type="CHILD_LABOUR", seed=8) != whole
    assert len(whole["hotspots"]) == 50
    found, after = [], None
    while True:
        answer = hotspots(type="CHILD_LABOUR", seed=7, first=30, after=after)
        found += answer["hotspots"]
        assert answer["hasPreviousPage"] is (after is not None)
        if not answer["hasNextPage"]:
            break
        after = answer["endCursor"]
    assert found[:50] == whole["hotspots"]
    assert len({each["locality"]["name"] for each in found}) == len(found) == whole["totalCount"]


def test_every_answer_says_what_it_takes_for_granted(hotspots):
    answer = hotspots()
    assert any("ESTIMATION" in each for each in answer["assumptions"])
    assert (answer["test"], answer["permutations"], answer["redraws"]) == ("PERMUTATIONS", 9_999, 50)
    assert any("par permutations, car" in each for each in answer["assumptions"])
    assert any("UNSTABLE" in each for each in answer["assumptions"])
    assert (answer["dataAsOf"]["population"], answer["dataAsOf"]["services"]) == ("2022-01-01", None)
    assert sorted(each["illustrative"] for each in answer["sources"]) == [False, True]
