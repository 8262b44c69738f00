"""Gap areas against a grid of places, each measured to every service by Vincenty's formula."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence

import pytest
from shapely import Point, Polygon, unary_union

from geo.database import owner
from geo.errors import BadInput
from geo.queries.base.reach import Reach
from geo.queries.reach import gap_areas
from geo.queries.reach.gap_areas import LEAST_PART_M2, MOST_PARTS, GapAreas
from tests.database.land import square
from tests.geodesy import distance_m
from tests.planning.squares import CATEGORY, Country, Place

pytestmark = pytest.mark.database

DEGREE_M = 110_000
"""A little less than the length of a degree of latitude here."""
STEPS = 60


@pytest.fixture
def country(empty_url: str) -> Iterator[Country]:
    with owner.owner_engine(empty_url).connect() as connection, connection.begin() as transaction:
        yield Country(connection)
        transaction.rollback()


def nearest_m(place: Place, services: Sequence[Place]) -> float:
    return min((distance_m(*place, *each) for each in services), default=float("inf"))


def grid(west: float, south: float, side: float, steps: int = STEPS) -> Iterator[Place]:
    """Return the middles of steps × steps cells of a square."""
    for i, j in itertools.product(range(steps), range(steps)):
        yield west + (i + 0.5) / steps * side, south + (j + 0.5) / steps * side


SERVICES: list[Place] = [(0.4, 12.5), (0.55, 12.6), (1.5, 13.4), (1.9, 12.1), (-0.2, 13.0), (2.1, 13.9)]
"""Two of them are close together, two are outside the region."""


@pytest.mark.parametrize("metres", [5_000.0, 30_000.0, 70_000.0])
@pytest.mark.parametrize("tolerance", [0.0, 1_000.0])
def test_a_gap_is_what_no_service_reaches(country: Country, metres: float, tolerance: float):
    country.serve(*SERVICES)
    answer = country.gaps(metres, simplify_m=tolerance)
    moved = answer.whole["tolerance_m"]
    assert moved == min(tolerance, metres / 10)
    outline, region = answer.outline, Polygon([(0, 12), (2, 12), (2, 14), (0, 14)])
    assert answer.whole["valid"]
    assert outline.is_valid
    outside = 0
    for place in grid(0, 12, 2):
        far = nearest_m(place, SERVICES)
        outside += far > metres
        inside = outline.contains(Point(place))
        if far <= metres - moved:
            assert not inside
        border_m = region.exterior.distance(Point(place)) * DEGREE_M
        if far > metres * 1.0004 + moved and border_m > moved:
            assert inside
    assert answer.whole["area_m2"] == pytest.approx(answer.whole["region_m2"] * outside / STEPS**2, rel=0.01)
    for place in answer.vertices():
        assert nearest_m(place, SERVICES) >= metres - moved - 0.5
        assert region.distance(Point(place)) * DEGREE_M <= moved


@pytest.mark.parametrize("metres", [1_000.0, 30_000.0, 300_000.0, 1_000_000.0])
@pytest.mark.parametrize("lat", [0.0, 16.0, 60.0, -45.0])
def test_a_catchment_is_a_circle_on_the_spheroid(country: Country, metres: float, lat: float):
    """Every corner of the hole stands at the reach or just beyond it; planar buffers miss it by up to 0.7 %."""
    half = metres / 50_000
    country.run("UPDATE lakana.admin_area SET geom = NULL WHERE code = 'W'")
    country.run("UPDATE lakana.admin_area SET geom = :geom WHERE code = 'E'", geom=square(-half, lat - half, 2 * half))
    country.serve((0, lat))
    answer = country.gaps(metres, simplify_m=0)
    [hole] = answer.outline.geoms[0].interiors
    assert len(hole.coords) == 129
    far = [distance_m(0, lat, *corner) for corner in hole.coords]
    assert min(far) >= metres * 1.0003 - 0.2
    assert max(far) <= metres * 1.000302 + 0.2
    middles = [((a + c) / 2, (b + d) / 2) for (a, b), (c, d) in itertools.pairwise(hole.coords)]
    assert all(distance_m(0, lat, *middle) >= metres * 0.9995 for middle in middles)


def test_parts_do_not_overlap_and_make_up_the_whole(country: Country):
    country.serve(*[(1 + 0.0, 12 + step / 5) for step in range(11)])  # a wall from south to north
    answer = country.gaps(30_000)
    assert len(answer.parts) == 2
    assert answer.whole["area_m2"] == pytest.approx(sum(part["area_m2"] for part in answer.parts))
    assert [part["area_m2"] for part in answer.parts] == sorted((p["area_m2"] for p in answer.parts), reverse=True)
    assert sum(each.area for each in answer.outlines) == pytest.approx(unary_union(answer.outlines).area)
    assert unary_union(answer.outlines).equals(answer.outline)


def test_children_are_those_of_the_demand_points_beyond_reach(country: Country):
    country.serve(*[(1 + 0.0, 12 + step / 5) for step in range(11)])
    left = [(0.1, 12.5, 11), (0.2, 13.5, 13)]
    right = [(1.9, 13.0, 17)]
    for lon, lat, under_18 in (*left, *right, (1.0, 13.1, 1_000)):
        country.demand(country.east, lon, lat, under_18=under_18, population=2_000)
    country.demand(country.east, -1, 13, under_18=19)  # known to live in the area, but its point lies outside
    country.demand(country.west, 0.3, 13, under_18=500, population=900)  # the reverse
    answer = country.gaps(30_000)
    told = [
        (outline.centroid.x < 1, part["uncovered_under_18"])
        for outline, part in zip(answer.outlines, answer.parts, strict=True)
    ]
    assert sorted(told) == [(False, 17), (True, 24)]
    assert answer.whole["uncovered_under_18"] == 11 + 13 + 17 + 19


@pytest.mark.parametrize("metres", [200_000.0, 1_000_000.0])
def test_nothing_is_left_where_all_is_within_reach(country: Country, metres: float):
    country.serve((1, 13))
    country.demand(country.east, 0.1, 12.1)
    answer = country.gaps(metres)
    assert answer.outline.is_empty
    assert json.loads(answer.whole["json"]) == {"type": "MultiPolygon", "coordinates": []}
    assert (answer.parts, answer.whole["area_m2"], answer.whole["uncovered_under_18"]) == ([], 0, 0)


def test_all_is_left_without_a_service(country: Country):
    country.demand(country.east, 0.1, 12.1)
    country.service(country.office, country.east, 1, 13, category="LEGAL_AID")
    answer = country.gaps(30_000)
    assert answer.whole["area_m2"] == pytest.approx(answer.whole["region_m2"])
    assert answer.parts[0]["uncovered_under_18"] == 55


def test_a_smaller_reach_leaves_more(country: Country):
    country.serve(*SERVICES)
    areas = [country.gaps(metres).whole["area_m2"] for metres in (10_000, 20_000, 40_000, 80_000, 160_000)]
    assert areas == sorted(areas, reverse=True)
    assert areas[0] > areas[-1]


def test_many_pieces_are_cut_to_the_largest(country: Country):
    """Circles on a lattice leave a star between each four, and slivers along the border."""
    country.serve(*[(i / 8, 12 + j / 8) for i, j in itertools.product(range(17), range(17))])
    answer = country.gaps(8_500, simplify_m=100)
    least = min(part["area_m2"] for part in answer.parts)
    assert len(answer.parts) == MOST_PARTS
    assert least >= LEAST_PART_M2
    assert answer.whole["left_out_m2"] > 0
    whole = country.gaps(8_500, simplify_m=0).whole
    beyond = sum(
        nearest_m((lon, lat), [(round(lon * 8) / 8, round(lat * 8) / 8)]) > 8_500
        for lon, lat in grid(0, 12, 2, 4 * STEPS - 7)  # out of step with the lattice
    )
    left = whole["region_m2"] * beyond / (4 * STEPS - 7) ** 2
    assert whole["area_m2"] + whole["left_out_m2"] == pytest.approx(left, rel=0.02)
    assert answer.outline.is_valid


def test_a_sliver_is_left_out_and_stated(country: Country):
    country.run("UPDATE lakana.admin_area SET geom = :geom WHERE code = 'W'", geom=square(-0.009, 12, 0.009))
    country.serve((-1.0, 12.0))
    answer = country.gaps(30_000, code="W")
    assert 0 < answer.whole["left_out_m2"] < LEAST_PART_M2
    assert answer.whole["left_out_m2"] == pytest.approx(answer.whole["region_m2"], rel=1e-3)
    assert answer.outline.is_empty


def test_an_area_without_an_outline_has_children_but_no_gap(country: Country):
    country.area("C", 2, parent_id=country.east)
    country.demand(country.one("SELECT id FROM lakana.admin_area WHERE code = 'C'"), 1, 13, under_18=7)
    answer = country.gaps(30_000, code="C")
    assert answer.whole["json"] is answer.whole["area_m2"] is answer.whole["region_m2"] is None
    assert answer.parts == []
    assert answer.whole["uncovered_under_18"] == 7


def test_too_many_services_are_not_drawn(country: Country, monkeypatch: pytest.MonkeyPatch):
    country.serve(*SERVICES)
    country.demand(country.east, 1, 13, under_18=7)
    monkeypatch.setattr(gap_areas, "MOST_SERVICES", len(SERVICES))
    drawn = country.gaps(30_000)
    assert drawn.parts
    monkeypatch.setattr(gap_areas, "MOST_SERVICES", len(SERVICES) - 1)
    answer = country.gaps(30_000)
    assert answer.whole["json"] is answer.whole["area_m2"] is None
    assert answer.parts == []
    assert answer.whole["region_m2"] == drawn.whole["region_m2"]
    assert answer.whole["uncovered_under_18"] == drawn.whole["uncovered_under_18"]


def test_a_nation_has_the_outline_of_its_other_division(country: Country):
    old = country.area("OLD", 0, scheme="O", geom=square(-2, 12, 4))
    country.crosswalk(country.nation, old)
    country.serve((1, 13))
    country.demand(country.west, -1, 13, under_18=23)
    named, home = (country.gaps(30_000, code=code) for code in ("O:OLD", None))
    assert home.whole["json"] == named.whole["json"]
    assert home.whole["uncovered_under_18"] == named.whole["uncovered_under_18"] == 23


def test_a_region_never_takes_the_outline_of_a_larger_one(country: Country):
    country.crosswalk(new := country.area("NEW", 1, scheme="O"), country.east)
    assert new
    assert country.gaps(30_000, code="O:NEW").whole["json"] is None


def test_a_catchment_crosses_the_antimeridian(country: Country):
    country.run("UPDATE lakana.admin_area SET geom = :geom WHERE code = 'E'", geom=square(179, -18, 1))
    country.run("UPDATE lakana.admin_area SET geom = :geom WHERE code = 'W'", geom=square(-180, -18, 1))
    services = [(-179.9, -17.5), (179.95, -17.9)]
    country.serve(*services)
    for code, west in (("E", 179), ("W", -180)):
        answer = country.gaps(40_000, code=code, simplify_m=0)
        beyond = sum(nearest_m(place, services) > 40_000 for place in grid(west, -18, 1))
        assert 0 < beyond < STEPS**2
        assert answer.whole["area_m2"] == pytest.approx(answer.whole["region_m2"] * beyond / STEPS**2, rel=0.01)


@pytest.mark.parametrize("metres", [5e-324, 1e-12, 1e-7])
def test_a_tolerance_that_a_double_cannot_tell_from_none_is_none(country: Country, metres: float):
    country.serve(*SERVICES)
    assert country.gaps(30_000, simplify_m=metres).whole == country.gaps(30_000, simplify_m=0).whole


def test_the_least_tolerance_is_drawn_at_the_longest_reach(country: Country):
    country.serve((-20.0, 13.0))
    assert country.gaps(1_000_000, simplify_m=gap_areas.LEAST_SIMPLIFY_M).whole["tolerance_m"] == 1e-6


@pytest.mark.parametrize("metres", [-1.0, 100_000.1, float("nan"), float("inf")])
def test_a_tolerance_out_of_bounds_is_refused(metres: float):
    with pytest.raises(BadInput, match="0 to 100,000") as caught:
        GapAreas(category=CATEGORY, within=Reach(metres=30_000), simplify_m=metres)
    assert caught.value.field == "simplify_m"
