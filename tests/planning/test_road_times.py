"""Travel times along roads: by hand on a network that is drawn, and against a Dijkstra of the test's own."""

from __future__ import annotations

import random
from itertools import product

import pytest

from geo.database.owner import owner_transaction
from geo.roads import network
from geo.vocabulary import Season, TravelMode
from tests.database.land import Land
from tests.geodesy import distance_m
from tests.planning import drawn
from tests.planning.drawn import PLACES, A, B, C, D, E, F, G, H, K, Roads, metres, minutes, walk_km_h
from tests.planning.road_oracle import expected

pytestmark = pytest.mark.database

MODES = [each.name for each in TravelMode]
SEASONS = [each.name for each in Season]
FAR = (2.0, 12.0)
CLOSE = 1e-6


@pytest.fixture
def url(copy_routed):
    return copy_routed()


@pytest.fixture
def by_hand(url, tmp_path):
    """Demand at the drawn nodes themselves, one medical service at C and one at F."""
    with owner_transaction(url) as connection:
        land = Roads(connection)
        points: dict[int | str, str] = {
            number: land.demand(land.home, *PLACES[number]) for number in (A, B, C, D, G, H, K)
        }
        points["far"] = land.demand(land.home, *FAR)
        services = {C: land.place(*PLACES[C]), F: land.place(*PLACES[F])}
    network.import_roads(url, drawn.write(tmp_path))
    return points, services


def test_the_way_round_a_river(url, by_hand):
    """B and C are 2.2 km apart, and 26 km along the roads: over the bridge between D and E."""
    points, services = by_hand
    known = minutes(url)
    way = metres(B, D) / 55 + metres(D, E) / 65 + metres(E, C) / 40
    assert metres(B, C) < 2_200
    assert metres(B, D, E, C) > 24_000
    assert known[points[B]] == (pytest.approx(way * 0.06, rel=CLOSE), services[C], True, False)
    assert known[points[A]] == (pytest.approx((metres(A, B) / 65 + way) * 0.06, rel=CLOSE), services[C], True, False)
    assert known[points[C]] == (0, services[C], True, False)


def test_a_one_way_road_binds_who_drives_and_not_who_walks(url, by_hand):
    """From G cars go on by H; who walks turns round."""
    points, services = by_hand
    driven = metres(G, H, F) / 25 * 0.06
    assert minutes(url, "CAR")[points[G]][:2] == (pytest.approx(driven, rel=CLOSE), services[F])
    assert minutes(url, "WALK")[points[G]][:2] == (pytest.approx(metres(G, F) / 5 * 0.06, rel=CLOSE), services[F])
    assert minutes(url, "CAR")[points[H]][0] == pytest.approx(metres(H, F) / 25 * 0.06, rel=CLOSE)


def test_rain_makes_roads_slower(url, by_hand):
    points, _ = by_hand
    rainy = metres(G, H, F) / (25 * 0.5) * 0.06
    assert minutes(url, "CAR", "RAINY")[points[G]][0] == pytest.approx(rainy, rel=CLOSE)
    assert minutes(url, "WALK", "RAINY")[points[G]][0] == pytest.approx(metres(G, F) / 3.5 * 0.06, rel=CLOSE)


def test_where_no_road_leads_there_is_no_time(url, by_hand):
    """K lies on a road that leads nowhere, the far one on none at all: two different things."""
    points, _ = by_hand
    for mode, season in product(MODES, SEASONS):
        known = minutes(url, mode, season)
        assert known[points[K]] == (None, None, True, False)
        assert known[points["far"]] == (None, None, True, True)


def test_no_service_no_times(url, by_hand):
    assert minutes(url, category="LEGAL_AID") == {}


@pytest.mark.parametrize("off", [-0.001, 0, 0.001])
def test_exactly_at_the_limit_is_in(url, tmp_path, off):
    """The limit is the distance that PostGIS measures, and a millimetre less or more."""
    with owner_transaction(url) as connection:
        land = Roads(connection)
        point = land.demand(land.home, -0.03, 12.0)
        land.demand(land.home, *PLACES[B])  # otherwise no place is near a road, and the import is refused
        service = land.place(*PLACES[B])
        off_road = land.one(
            "SELECT ST_Distance('POINT(-0.03 12)'::geography, CAST(:node AS geography))",
            node=f"POINT({PLACES[A][0]} {PLACES[A][1]})",
        )
    network.import_roads(url, drawn.write(tmp_path), off_road + off)
    known = minutes(url)[point]
    if off < 0:
        assert known == (None, None, True, True)
    else:
        way = off_road / walk_km_h(url) + metres(A, B) / 65
        assert known == (pytest.approx(way * 0.06, rel=CLOSE), service, True, False)


def test_a_service_off_the_road_is_walked_to_and_one_too_far_is_not_reached(url, tmp_path):
    with owner_transaction(url) as connection:
        land = Roads(connection)
        point = land.demand(land.home, *PLACES[A])
        near, far = land.place(0.04, 11.99), land.place(0.0, 11.9)
    network.import_roads(url, drawn.write(tmp_path))
    way = metres(A, B) / 65 + distance_m(0.04, 11.99, *PLACES[B]) / walk_km_h(url)
    assert minutes(url)[point][:2] == (pytest.approx(way * 0.06, rel=CLOSE), near)
    assert distance_m(*PLACES[A], 0.0, 11.9) > network.MAX_OFF_ROAD_M
    network.import_roads(url, drawn.write(tmp_path), 20_000)
    assert minutes(url, "WALK")[point][1] == near
    with owner_transaction(url) as connection:
        Land(connection).run("DELETE FROM lakana.service WHERE id = CAST(:id AS uuid)", id=near)
    network.refresh(url)
    assert minutes(url, "WALK")[point][:2] == (
        pytest.approx(distance_m(*PLACES[A], 0.0, 11.9) / walk_km_h(url) * 0.06, rel=CLOSE),
        far,
    )


def test_neighbours_off_the_road_walk_to_each_other(url, tmp_path):
    """In one village a kilometre from its road nobody walks to the road and back."""
    with owner_transaction(url) as connection:
        land = Roads(connection)
        point, same = land.demand(land.home, 0.0, 11.99), land.demand(land.home, 0.0005, 11.99)
        land.place(0.0005, 11.99)
    network.import_roads(url, drawn.write(tmp_path))
    between = distance_m(0.0, 11.99, 0.0005, 11.99)
    for mode in MODES:
        assert minutes(url, mode)[point][0] == pytest.approx(between / walk_km_h(url) * 0.06, rel=CLOSE)
        assert minutes(url, mode)[same][0] == 0


def test_ties_break_by_id(url, tmp_path):
    """Two services as far, one each way; and two on one spot."""
    places = {1: (-0.01, 0.0), 2: (0.0, 0.0), 3: (0.01, 0.0)}
    with owner_transaction(url) as connection:
        land = Roads(connection)
        point = land.demand(land.home, 0.0, 0.0)
        ids = [land.place(lon, 0.0) for lon in (-0.01, 0.01, 0.01, -0.01)]
    network.import_roads(url, drawn.write(tmp_path, [([1, 2, 3], {"highway": "primary"})], places))
    for mode in MODES:
        assert minutes(url, mode)[point][1] == min(ids)


# Against an oracle.


def beside(chance):
    refs = chance.choice(drawn.WAYS)[0]
    step = chance.randrange(len(refs) - 1)
    return PLACES[refs[step]], PLACES[refs[step + 1]]


@pytest.fixture(scope="module")
def scattered(copy_routed, tmp_path_factory):
    """Eighty demand points and a dozen services, some on one spot, some off the roads."""
    chance = random.Random(11)
    url = copy_routed()
    with owner_transaction(url) as connection:
        land = Roads(connection)
        for _ in range(20):
            land.demand(land.home, chance.uniform(-0.05, 0.3), chance.uniform(11.9, 12.15))
        for _ in range(60):
            (lon, lat), (other_lon, other_lat) = beside(chance)
            along = chance.random()
            lon, lat = lon + (other_lon - lon) * along, lat + (other_lat - lat) * along
            land.demand(land.home, lon + chance.uniform(-0.01, 0.01), lat + chance.uniform(-0.01, 0.01))
        for number in range(12):
            place = chance.uniform(-0.02, 0.25), chance.uniform(11.94, 12.12)
            for category in ("MEDICAL", "LEGAL_AID")[: 1 + number % 2]:
                land.place(*place, category)
    network.import_roads(url, drawn.write(tmp_path_factory.mktemp("roads")), 3_000)
    return url


@pytest.mark.parametrize("category", ["MEDICAL", "LEGAL_AID"])
@pytest.mark.parametrize(("mode", "season"), list(product(MODES, SEASONS)))
def test_every_time_is_that_of_the_oracle(scattered, mode, season, category):
    known, costs = minutes(scattered, mode, season, category), expected(scattered, mode, season, category)
    assert known.keys() == costs.keys()
    for point, (cost, service, on_roads, _) in known.items():
        assert on_roads
        if costs[point]:
            least = min(costs[point].values())
            assert cost == pytest.approx(least, rel=1e-5, abs=1e-4)
            assert costs[point][service] == pytest.approx(least, rel=1e-5, abs=1e-4)
        else:
            assert (cost, service) == (None, None)
    assert sum(not each for each in costs.values()) > 3
    assert sum(bool(each) for each in costs.values()) > 30
