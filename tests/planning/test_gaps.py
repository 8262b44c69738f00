"""Ranked gaps against a brute force in Python: every service measured from every locality, the formula written again."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from geo.database import owner
from geo.errors import BadInput
from geo.queries.base.reach import Reach
from geo.queries.reach.answered_incidents import ANSWERED, answered, answered_together
from geo.queries.reach.gaps import CoverageGaps, GapWeights
from geo.queries.reach.need import Need
from geo.vocabulary import IncidentType, Season, ServiceCategory, TravelMode
from tests.database.land import Land
from tests.geodesy import distance_m
from tests.planning.answers import answer
from tests.planning.towns import CATEGORY, Cells, World

pytestmark = pytest.mark.database

FACTORS = ("children", "incidents", "distance")


@pytest.fixture
def world(empty_url: str) -> Iterator[World]:
    with owner.owner_engine(empty_url).connect() as connection, connection.begin() as transaction:
        yield World(Land(connection))
        transaction.rollback()


def random_cells(chance: random.Random) -> Cells:
    kinds: list[IncidentType | None] = [*IncidentType, None]
    return {kind: 5 * chance.randrange(20) for kind in kinds if chance.random() < 0.6}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("weights", [(1, 1, 1), (0.5, 2, 0), (0, 0, 3), (0, 0, 0), (1.7, 0, 1)])
def test_the_ranking_is_that_of_the_brute_force(world: World, seed: int, weights: tuple[float, float, float]):
    chance = random.Random(seed)
    for _ in range(25):
        place = round(chance.uniform(-3, 3), 3), round(chance.uniform(11, 15), 3)
        world.town(*place, chance.choice((0, 1, 40, 900, 30_000)), random_cells(chance))
    for _ in range(4):
        world.service(chance.uniform(-3, 3), chance.uniform(11, 15))
    world.service(0, 13, ServiceCategory.MEDICAL)
    for metres in (500.0, 60_000.0, 150_000.0):
        found = world.gaps(metres, weights=GapWeights(**dict(zip(FACTORS, weights, strict=True))))
        expected = world.expected(metres, weights)
        assert len(found) == len(expected) > 0
        told = {row["locality_id"]: row["priority"] for row in found}
        assert told == pytest.approx(dict(expected), rel=1e-7)
        assert [row["priority"] for row in found] == sorted(told.values(), reverse=True)


def test_each_part_of_a_gap_is_told(world: World):
    cells = {IncidentType.TRAFFICKING: 10, IncidentType.SMUGGLING: 15, IncidentType.OTHER: 500, None: 600}
    town = world.town(1, 13, 3_000, cells)
    nearest = world.service(1, 12.5)
    [gap] = world.gaps(20_000)
    far = distance_m(1, 13, 1, 12.5)
    assert (gap["locality_id"], gap["service_id"], gap["uncovered_under_18"]) == (town.id, nearest, 3_000)
    assert gap["nearest_distance_m"] == pytest.approx(far, abs=0.01)
    assert gap["beyond_m"] == pytest.approx(far - 20_000, abs=0.01)
    assert (gap["incident_type"], gap["incident_count"], gap["incident_rate"]) == (IncidentType.SMUGGLING, 15, 500.0)
    assert gap["priority"] == pytest.approx(3_000 * (1 + 500 / 100) * far / 20_000)


def test_the_reach_is_inclusive(world: World):
    world.town(1, 13, 10)
    world.service(1, 12.5)
    [far] = world.land.rows("SELECT distance_m FROM lakana.access")[0]
    assert world.gaps(far) == []
    [gap] = world.gaps(math.nextafter(far, 0))
    assert gap["priority"] == pytest.approx(10)
    assert gap["beyond_m"] > 0


def priority(world: World, **weights: float) -> dict[str, float]:
    found = world.gaps(10_000, weights=GapWeights(**weights))
    return {gap["locality_id"]: gap["priority"] for gap in found}


def test_the_priority_grows_with_each_factor(world: World):
    world.service(0, 13)
    more: Cells = {IncidentType.TRAFFICKING: 20}
    least = world.town(0.5, 13, 1_000, {IncidentType.TRAFFICKING: 10})
    children = world.town(0.5, 13, 2_000, more)  # the same rate of incidents
    incidents = world.town(0.5, 13, 1_000, more)
    distance = world.town(0.6, 13, 1_000, {IncidentType.TRAFFICKING: 10})
    found = priority(world)
    assert all(found[each.id] > found[least.id] for each in (children, incidents, distance))
    for name, town in (("children", children), ("incidents", incidents), ("distance", distance)):
        without = priority(world, **{name: 0})
        assert without[town.id] == pytest.approx(without[least.id]), "a weight of 0 takes the factor out"
        with_more = priority(world, **{name: 2})
        assert with_more[town.id] / with_more[least.id] == pytest.approx((found[town.id] / found[least.id]) ** 2)


def test_the_priority_never_falls_where_a_weight_grows(world: World):
    world.service(0, 13)
    for lon, under_18, count in ((0.2, 1, 0), (0.4, 50, 5), (2.9, 70_000, 900)):
        world.town(lon, 13, under_18, {None: count})
    for name in FACTORS:
        steps = [priority(world, **{name: weight}) for weight in (0.0, 0.3, 1.0, 4.0, 10.0)]
        for before, after in pairwise(steps):
            assert all(after[town] >= before[town] for town in before)


def test_ten_reaches_are_the_most(world: World):
    world.service(0, 13)
    near, far = world.town(1.1, 13, 100), world.town(2.9, 13, 100)
    found = priority(world)
    assert found[near.id] == found[far.id] == pytest.approx(1_000)


def test_ties_are_ranked_by_id(world: World):
    world.service(0, 13)
    twins = sorted(world.town(0.5, 13, 70).id for _ in range(6))
    assert [gap["locality_id"] for gap in world.gaps(10_000)] == twins
    assert [gap["locality_id"] for gap in world.gaps(10_000, first=2)] == twins[:2]


def test_unknown_population_and_no_children_are_not_ranked(world: World):
    world.service(0, 13)
    world.land.locality("unknown", world.east, 2, 13)
    world.land.demand(world.east, 2, 14)  # a cell that no locality holds
    world.town(2, 12, 0)
    assert world.gaps(10_000, weights=GapWeights(children=0)) == []


def test_a_category_without_a_service(world: World):
    world.service(0, 13, ServiceCategory.MEDICAL)
    world.town(0, 13, 30, {IncidentType.SMUGGLING: 15})
    [gap] = world.gaps(1_000_000)
    assert gap["nearest_distance_m"] is gap["beyond_m"] is gap["service_id"] is None
    assert gap["priority"] == pytest.approx(30 * (1 + 50_000 / 100) * 10)


def test_all_types_together_where_none_of_its_types_is_told(world: World):
    world.town(0, 13, 1_000, {IncidentType.OTHER: 95, None: 40})
    world.town(1, 13, 1_000, {IncidentType.TRAFFICKING: 0, None: 40})
    world.town(2, 13, 1_000)
    found = {gap["locality_id"]: gap for gap in world.gaps(1_000)}
    together, none_reported, nothing = (found[town.id] for town in world.towns)
    assert (together["incident_type"], together["incident_count"]) == (None, 40)
    assert (none_reported["incident_type"], none_reported["incident_count"]) == (IncidentType.TRAFFICKING, 0)
    assert none_reported["incident_rate"] is None  # 0 to 4 are no rate
    assert (nothing["incident_count"], nothing["incident_rate"]) == (None, None)


def test_a_category_that_answers_all_types(world: World):
    world.town(0, 13, 1_000, {IncidentType.OTHER: 95, None: 40})
    [gap] = world.gaps(1_000, category=ServiceCategory.CASE_MANAGEMENT)
    assert (gap["incident_type"], gap["incident_count"]) == (None, 40)


def test_what_is_needed_answers_what_any_of_it_answers_and_a_pathway_its_own_type(world: World):
    world.town(
        0, 13, 1_000, {IncidentType.TRAFFICKING: 20, IncidentType.CHILD_LABOUR: 35, IncidentType.OTHER: 95, None: 150}
    )
    papers, school, all_ = (ServiceCategory[each] for each in ("CIVIL_DOCUMENTATION", "EDUCATION", "CASE_MANAGEMENT"))
    for need, kind, count in (
        (Need.all_of([papers]), IncidentType.TRAFFICKING, 20),
        (Need.all_of([papers, school]), IncidentType.CHILD_LABOUR, 35),
        (Need.all_of([papers, all_]), None, 150),
        (Need.of_pathway(IncidentType.OTHER), IncidentType.OTHER, 95),
    ):
        [gap] = world.gaps(1_000, need=need)
        assert (gap["incident_type"], gap["incident_count"]) == (kind, count)


def test_only_the_latest_year_counts(world: World):
    town = world.town(0, 13, 1_000, {None: 40}, period="2024")
    assert world.gaps(1_000)[0]["incident_count"] == 40
    world.publish(town.id, None, 5)
    world.publish(town.id, None, 900, period="2025-Q1")
    assert world.gaps(1_000)[0]["incident_count"] == 5


def test_an_area_keeps_its_own(world: World):
    west, east = world.town(-1, 13, 10), world.town(1, 13, 20)
    assert [gap["locality_id"] for gap in world.gaps(1_000, area_code="W")] == [west.id]
    assert [gap["locality_id"] for gap in world.gaps(1_000, area_code="N")] == [east.id, west.id]


def test_a_time_is_an_estimated_distance(world: World):
    world.service(0, 13)
    for lon in (0.05, 0.2, 0.9):
        world.town(lon, 13, 100)
    reach = Reach(minutes=45, mode=TravelMode.MOTORCYCLE, season=Season.RAINY)
    [metres] = world.land.rows("SELECT lakana.reach_m('MOTORCYCLE', 'RAINY', 45)")[0]
    question = CoverageGaps(need=Need.all_of([CATEGORY]), within=reach)
    assert world.ask(question) == world.gaps(metres)
    told = world.land.connection.execute(question.about(), question.binds()).mappings()
    [row] = told
    assert row["reach_m"] == metres
    assert row["basis"] == "ESTIMATE"
    assert "ESTIMATE" in row["assumptions"]
    assert "ESTIMATION" in row["assumptions"]
    measured = replace(question, within=Reach(metres=metres))
    [row] = world.land.connection.execute(measured.about(), measured.binds()).mappings()
    assert "ESTIMATE" not in row["assumptions"]
    assert question.shape() != measured.shape()


def test_the_formula_is_told_in_the_names_of_the_answer_and_gives_its_priorities(world: World):
    world.service(0, 13)
    world.town(0.5, 13, 1_000, {IncidentType.TRAFFICKING: 10})
    world.town(2.5, 13, 70, {})
    document = """{ coverageGaps(need: {categories: [CIVIL_DOCUMENTATION]}, within: {metres: 20000},
        weights: {children: 1.5, incidents: 2, distance: 3}) { reachMetres formula edges { node {
        uncoveredUnder18 incidentRatePer100kUnder18 nearestDistanceMetres priority } } } }"""
    told = answer(world.land.connection, document)
    formula = told["formula"].replace("×", "*").replace("^", "**")
    weights = {"children": 1.5, "incidents": 2, "distance": 3}
    assert len(told["edges"]) == 2
    for each in (edge["node"] for edge in told["edges"]):
        rate = {"incidentRatePer100kUnder18": each["incidentRatePer100kUnder18"] or 0}
        known = each | rate | weights | {"reachMetres": told["reachMetres"], "min": min}
        assert each["priority"] == pytest.approx(eval(formula, {"__builtins__": {}}, known))  # noqa: S307  it is ours


@pytest.mark.parametrize("value", [-0.001, 10.001, math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("name", FACTORS)
def test_a_weight_out_of_bounds_is_refused(name: str, value: float):
    with pytest.raises(BadInput, match="0 to 10") as caught:
        GapWeights(**{name: value})
    assert caught.value.field == f"weights.{name}"
    assert GapWeights(**{name: 0.0})
    assert GapWeights(**{name: 10.0})


@pytest.mark.parametrize("value", [0, -1, 0.0009, 1_000_000.1, math.nan, math.inf])
def test_a_distance_out_of_bounds_is_refused(value: float):
    with pytest.raises(BadInput, match=r"0.001 to 1,000,000 metres") as caught:
        Reach(metres=value)
    assert caught.value.field == "within.metres"
    assert Reach(metres=1_000_000).metres == 1_000_000


def test_the_largest_values_stay_numbers(world: World):
    world.town(0, 13, 1_000_000_000, {None: 2_000_000_000})
    world.town(1, 13, 1, {None: 2_000_000_000})
    most = GapWeights(children=10, incidents=10, distance=10)
    assert all(math.isfinite(gap["priority"]) for gap in world.gaps(0.001, weights=most))


def test_each_category_that_is_singled_out_answers_some_types_and_not_all():
    for category in ServiceCategory:
        types = answered(category)
        assert (types is None) == (category not in ANSWERED)
        assert types is None or 0 < len(types) < len(IncidentType)
    assert answered_together([*ANSWERED]) == tuple(
        each for each in IncidentType if any(each in some for some in ANSWERED.values())
    )
