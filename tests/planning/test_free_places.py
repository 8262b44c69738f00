"""Children covered as far as shelters have places, the nearest first."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from geo.database import tables
from geo.database.owner import owner_transaction
from geo.errors import BadInput
from geo.queries.base.reach import Reach
from geo.queries.reach.free_places import CoverageByPlaces, assign
from geo.queries.reach.need import Need
from geo.vocabulary import ServiceCategory, Stage
from tests.geodesy import distance_m
from tests.planning.answers import answer

BY_PLACES = """query ($within: ReachInput!, $area: AreaCode, $places: Boolean = true, $level: AreaLevel) {
  coverage(need: {categories: [SAFE_SHELTER]}, within: $within, areaCode: $area, byPlaces: $places, level: $level) {
    total { populationUnder18 coveredUnder18 uncoveredUnder18 coveredPercent }
    areas { area { code } populationUnder18 coveredUnder18 }
    inLocalities { populationUnder18 coveredUnder18 } elsewhere { populationUnder18 coveredUnder18 }
    available availableUsed basis assumptions(language: "en") } }"""

AMOUNTS = st.lists(st.integers(0, 9), min_size=1, max_size=6)


def one_child_at_a_time(order, children, places):
    """The oracle: every child and every place is one of its own, and whoever is next in the order takes the first free."""
    waiting = [(point, number) for point, many in children.items() for number in range(many)]
    free = [(where, number) for where, many in places.items() for number in range(many)]
    taken: dict[tuple[str, str], int] = {}
    for point, where in order:
        while True:
            child = next((each for each in waiting if each[0] == point), None)
            place = next((each for each in free if each[0] == where), None)
            if child is None or place is None:
                break
            waiting.remove(child)
            free.remove(place)
            taken[point, where] = taken.get((point, where), 0) + 1
    return taken


@given(children=AMOUNTS, places=AMOUNTS, chance=st.randoms(use_true_random=False))
def test_assignment_is_that_of_one_child_at_a_time(children, places, chance):
    waiting = {f"p{n}": many for n, many in enumerate(children)}
    free = {f"s{n}": many for n, many in enumerate(places)}
    order = [(point, where) for point in waiting for where in free]
    chance.shuffle(order)
    found = assign(order, waiting, free)
    assert found == one_child_at_a_time(order, waiting, free)
    assert sum(found.values()) <= min(sum(children), sum(places))
    # A longer order only adds: places that were taken stay taken.
    before = assign(order[: len(order) // 2], waiting, free)
    assert before.items() <= found.items()
    # Children and places within reach of each other are never both left over: one of the two is used up.
    for point, where in order:
        left = waiting[point] - sum(n for (p, _), n in found.items() if p == point)
        room = free[where] - sum(n for (_, s), n in found.items() if s == where)
        assert left == 0 or room == 0


def shelter(country, lon, capacity, occupancy):
    service = country.service(country.office, country.nation, lon, 0, category="SAFE_SHELTER", capacity=capacity)
    country.add(tables.shelter, service_id=service, occupancy=occupancy, girls=True, boys=True)
    return service


def by_places(country, metres, **more):
    return answer(country.connection, BY_PLACES, within={"metres": metres}, **more)


@pytest.mark.database
def test_the_nearest_children_get_the_places(country):
    shelter(country, 0.0, capacity=50, occupancy=35)
    found = by_places(country, 1_000_000.0, level="ADM1")
    # 10 children are at the door; 5 of the 20 at the next locality get the rest.
    assert (found["available"], found["availableUsed"], found["total"]["coveredUnder18"]) == (15, 15, 15)
    assert {each["area"]["code"]: each["coveredUnder18"] for each in found["areas"]} == {"A": 15, "B": 0}
    assert found["inLocalities"]["coveredUnder18"] == 15
    assert found["elsewhere"] == {"populationUnder18": 40, "coveredUnder18": 0}
    assert any("free places" in each for each in found["assumptions"])


@pytest.mark.database
def test_a_full_or_overfull_shelter_covers_nobody(country):
    shelter(country, 0.0, capacity=5, occupancy=5)
    shelter(country, 0.0, capacity=5, occupancy=9)
    found = by_places(country, 1_000_000.0)
    assert (found["available"], found["availableUsed"], found["total"]["coveredUnder18"]) == (0, 0, 0)
    assert found["total"]["populationUnder18"] == 150


@pytest.mark.database
def test_without_a_shelter_nobody_is_covered(country):
    found = by_places(country, 1_000_000.0, area="T:B")
    assert (found["available"], found["total"]["populationUnder18"], found["total"]["coveredUnder18"]) == (0, 80, 0)


@pytest.mark.database
def test_the_reach_is_inclusive_and_places_beyond_it_stay_free(country):
    shelter(country, 0.0, capacity=100, occupancy=0)
    far = sorted(row[0] for row in country.rows("SELECT distance_m FROM lakana.access"))[1]
    assert by_places(country, far)["total"]["coveredUnder18"] == 30
    assert by_places(country, far * (1 - 1e-12))["availableUsed"] == 10


@pytest.mark.database
def test_children_of_another_area_take_places_too(country):
    shelter(country, 0.030, capacity=100, occupancy=0)
    found = {
        area: by_places(country, 1_000_000.0, area=area)["total"]["coveredUnder18"] for area in ("T:A", "T:B", None)
    }
    assert found == {"T:A": 20, "T:B": 80, None: 100}


@pytest.mark.database
@pytest.mark.parametrize("seed", range(8))
def test_random_countries_equal_brute_force(country, seed):
    chance = random.Random(seed)
    country.run("UPDATE lakana.demand_point SET under_18 = 0, population = 0")
    points = {
        country.demand(
            country.west, lon := chance.uniform(0, 2), 0, population=99, under_18=(many := chance.randint(0, 12))
        ): (
            lon,
            many,
        )
        for _ in range(12)
    }
    shelters = {}
    for _ in range(5):
        lon, free = chance.uniform(0, 2), chance.randint(0, 15)
        shelters[shelter(country, lon, capacity=free + 7, occupancy=7)] = (lon, free)
    metres = chance.uniform(5_000, 150_000)
    measured = sorted(
        (distance_m(lon, 0, where, 0), point, site)
        for point, (lon, _) in points.items()
        for site, (where, _) in shelters.items()
    )
    expected = one_child_at_a_time(
        [(point, site) for far, point, site in measured if far <= metres],
        {point: many for point, (_, many) in points.items()},
        {site: free for site, (_, free) in shelters.items()},
    )
    found = by_places(country, metres)
    assert found["availableUsed"] == found["total"]["coveredUnder18"] == sum(expected.values())
    assert found["available"] == sum(free for _, free in shelters.values())


@pytest.mark.parametrize(
    "need",
    [Need.all_of([ServiceCategory.MEDICAL]), Need.of_stage(Stage.SUPPORT), Need.all_of([*ServiceCategory][6:8])],
)
def test_only_shelters_have_places(need):
    with pytest.raises(BadInput, match=r"only shelters have places"):
        CoverageByPlaces(need=need, within=Reach(metres=1.0))


@pytest.mark.database
def test_places_are_never_more_than_there_are_and_grow_with_the_reach(ask_partner, seeded_url):
    with owner_transaction(seeded_url) as connection:
        free = connection.scalar(
            text(
                "SELECT sum(greatest(s.capacity - h.occupancy, 0)) FROM lakana.shelter h"
                " JOIN lakana.service s ON s.id = h.service_id WHERE s.point IS NOT NULL"
            )
        )
    told = []
    for metres in (100.0, 5_000.0, 50_000.0, 1_000_000.0):
        found = ask_partner(BY_PLACES, within={"metres": metres})["data"]["coverage"]
        plain = ask_partner(BY_PLACES, within={"metres": metres}, places=False)["data"]["coverage"]
        assert found["available"] == free > 0
        assert plain["available"] is None
        assert found["total"]["coveredUnder18"] <= min(free, plain["total"]["coveredUnder18"])
        assert sum(each["coveredUnder18"] for each in found["areas"]) == found["total"]["coveredUnder18"]
        assert found["total"]["populationUnder18"] == plain["total"]["populationUnder18"]
        told.append(found["availableUsed"])
    assert told == sorted(told)
    assert told[-1] == free
