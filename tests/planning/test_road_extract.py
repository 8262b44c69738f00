"""A file of OpenStreetMap data becomes a network: where ways meet, how long they are, who may travel along them."""

from __future__ import annotations

import datetime as dt
import gzip
import itertools
import random
import sys

import numpy as np
import osmium
import pytest

from geo.errors import SetupError
from geo.roads import extract
from geo.roads.ways import way_of
from tests.geodesy import distance_m
from tests.planning import drawn

CLASSES = frozenset({"primary", "secondary", "tertiary", "residential", "path", "unclassified", "motorway", "ferry"})
PRIMARY = {"highway": "primary"}


def network_of(tmp_path, ways, places=drawn.PLACES):
    return extract.read(drawn.write(tmp_path, ways, places), CLASSES)


def joined(network):
    return {frozenset((source, target)) for source, target, _, _ in network.edges}


def test_ways_meet_at_shared_nodes_only(tmp_path):
    """Two roads that cross without a node in common (a bridge) do not meet; those with one do."""
    places = {1: (0.0, 0.0), 2: (0.002, 0.0), 3: (0.001, 0.001), 4: (0.001, -0.001), 5: (0.001, 0.0)}
    over = network_of(tmp_path, [([1, 2], PRIMARY), ([3, 4], PRIMARY)], places)
    assert joined(over) == {frozenset((1, 2)), frozenset((3, 4))}
    crossing = network_of(tmp_path, [([1, 5, 2], PRIMARY), ([3, 5, 4], PRIMARY)], places)
    assert joined(crossing) == {frozenset((each, 5)) for each in (1, 2, 3, 4)}


def test_nodes_that_only_bend_a_road_are_no_junctions_until_it_grows_long(tmp_path):
    """A step of 0.001° along the equator is 111 m, so one edge holds four of them."""
    places = {number: (number * 0.001, 0.0) for number in range(1, 8)}
    network = network_of(tmp_path, [(list(range(1, 8)), PRIMARY)], places)
    assert [edge[:2] for edge in network.edges] == [(1, 5), (5, 7)]
    assert network.edges[0][2] == pytest.approx(4 * distance_m(0, 0, 0.001, 0), rel=1e-6)


def test_a_long_step_is_parted_evenly(tmp_path):
    places = {1: (0.0, 12.0), 2: (0.02, 12.01)}
    network = network_of(tmp_path, [([1, 2], PRIMARY)], places)
    whole = distance_m(0, 12, 0.02, 12.01)
    parts = [edge[2] for edge in network.edges]
    assert len(parts) == int(whole // extract.SPACING_M) + 1
    assert max(parts) <= extract.SPACING_M
    assert sum(parts) == pytest.approx(whole, rel=1e-6)
    assert {number for number in network.nodes if number > 0} == {1, 2}
    ends = [edge[:2] for edge in network.edges]
    assert all(one[1] == other[0] for one, other in itertools.pairwise(ends))
    for number, (lon, lat) in network.nodes.items():
        assert lat == pytest.approx(12 + lon / 2), number


@pytest.mark.parametrize("step_m", [499.9, 500.1])
def test_the_boundary_of_a_long_step(tmp_path, step_m):
    east = step_m / distance_m(0, 0, 1, 0)
    network = network_of(tmp_path, [([1, 2], PRIMARY)], {1: (0.0, 0.0), 2: (east, 0.0)})
    # The seven decimals of OpenStreetMap are about a centimetre.
    assert len(network.edges) == (1 if step_m < 500 else 2)


def test_lengths_are_those_of_the_spheroid():
    chance = random.Random(5)
    for size_deg, tolerance in ((0.05, 1e-6), (0.8, 1e-4)):
        for _ in range(200):
            lon, lat = chance.uniform(-180, 180), chance.uniform(-70, 70)
            other = lon + chance.uniform(-size_deg, size_deg), lat + chance.uniform(-size_deg, size_deg)
            [found] = extract.lengths_m(np.array([lon, other[0]]), np.array([lat, other[1]]))
            assert found == pytest.approx(distance_m(lon, lat, *other), rel=tolerance)


def test_a_step_over_the_antimeridian_is_short(tmp_path):
    network = network_of(tmp_path, [([1, 2], PRIMARY)], {1: (179.99, -17.0), 2: (-179.99, -17.0)})
    assert sum(edge[2] for edge in network.edges) == pytest.approx(distance_m(179.99, -17, 180.01, -17), rel=1e-6)
    assert all(abs(lon) >= 179.98 for lon, _ in network.nodes.values())


def test_an_extract_is_cut_at_a_border(tmp_path):
    """Nodes beyond the border are named and have no place: the road ends before them and goes on after them."""
    places = {number: (number * 0.001, 0.0) for number in (1, 2, 5, 6, 8)}
    network = network_of(tmp_path, [(list(range(1, 9)), PRIMARY)], places)
    assert joined(network) == {frozenset((1, 2)), frozenset((5, 6))}


def test_a_loop_that_leads_nowhere_is_left_out_and_a_roundabout_is_not(tmp_path):
    places = {1: (0.0, 0.0), 2: (0.001, 0.0), 3: (0.001, 0.001), 4: (0.002, 0.0)}
    loop = [2, 3, 4, 2]
    network = network_of(tmp_path, [([1, 2], PRIMARY), (loop, PRIMARY)], places)
    assert joined(network) == {frozenset((1, 2))}
    network = network_of(
        tmp_path, [([1, 2], PRIMARY), (loop, PRIMARY | {"junction": "roundabout"}), ([4, 1], PRIMARY)], places
    )
    around = [(source, target, way.backward) for source, target, _, way in network.edges if not way.backward]
    assert sorted(edge[:2] for edge in around) == [(2, 4), (4, 2)]


def way(**tags):
    return way_of(tags.get, CLASSES)


BOTH, WITH, AGAINST, NEVER = (True, True), (True, False), (False, True), (False, False)


@pytest.mark.parametrize(
    ("tags", "driving", "on_foot"),
    [
        ({"highway": "primary"}, BOTH, True),
        ({"highway": "primary", "oneway": "yes"}, WITH, True),
        ({"highway": "primary", "oneway": "1"}, WITH, True),
        ({"highway": "primary", "oneway": "-1"}, AGAINST, True),
        ({"highway": "primary", "oneway": "no"}, BOTH, True),
        ({"highway": "motorway"}, WITH, True),
        ({"highway": "motorway", "oneway": "no"}, BOTH, True),
        ({"highway": "primary", "junction": "roundabout"}, WITH, True),
        ({"highway": "primary", "access": "private", "foot": "yes"}, NEVER, True),
        ({"highway": "primary", "foot": "no"}, BOTH, False),
        ({"highway": "primary", "access": "no", "motor_vehicle": "yes"}, BOTH, False),
        ({"route": "ferry"}, BOTH, True),
    ],
)
def test_who_may_travel_and_which_way(tags, driving, on_foot):
    found = way(**tags)
    assert found is not None
    assert ((found.forward, found.backward), found.on_foot) == (driving, on_foot)


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "construction"},
        {"highway": "primary", "area": "yes"},
        {"highway": "primary", "access": "no"},
        {"route": "bus"},
        {"building": "yes"},
    ],
)
def test_what_is_no_road(tags):
    assert way(**tags) is None


def test_the_date_of_the_data(tmp_path):
    """Extracts say it in their header; who cuts one by hand may leave it out."""
    drawing = drawn.write(tmp_path)
    assert extract.read(drawing, CLASSES).roads_as_of is None
    for said, expected in (
        ("2026-10-01T20:21:22Z", dt.datetime(2026, 10, 1, 20, 21, 22, tzinfo=dt.UTC)),
        ("", None),
    ):
        header = osmium.io.Header()
        header.set("osmosis_replication_timestamp", said)
        with osmium.SimpleWriter(str(tmp_path / "dated.osm.pbf"), header=header, overwrite=True) as writer:
            for each in osmium.FileProcessor(str(drawing)):
                writer.add(each)
        found = extract.read(tmp_path / "dated.osm.pbf", CLASSES)
        assert found.roads_as_of == expected
        assert len(found.edges) == len(extract.read(drawing, CLASSES).edges)


def test_progress_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(extract, "TOLD_EVERY", 2)
    steps = []
    extract.read(drawn.write(tmp_path), CLASSES, lambda step, done, total: steps.append((step, done, total)))
    assert steps == [("roads", number, number) for number in (2, 4, 6, 8)]


def test_a_compressed_file_is_read(tmp_path):
    file = tmp_path / "drawn.osm.gz"
    file.write_bytes(gzip.compress(drawn.osm().encode()))
    assert len(extract.read(file, CLASSES).edges) > len(drawn.WAYS)


@pytest.mark.parametrize(
    ("name", "contents", "told"),
    [
        ("a.osm", b"hello", "no whole file of OpenStreetMap data"),
        ("a.osm", drawn.osm().encode()[:-20], "no whole file of OpenStreetMap data"),
        ("a.osm", b"", "no whole file of OpenStreetMap data"),
        ("a.osm", b"<html><body/></html>", "html"),
        ("a.pdf", b"%PDF-1.7", "no whole file of OpenStreetMap data"),
        ("a.osm.pbf", b"\x00\x00\x00\x0dnot a block at all", "no whole file of OpenStreetMap data"),
        ("a.osm.gz", gzip.compress(drawn.osm().encode())[:-30], "no whole file of OpenStreetMap data"),
        ("a.osm", drawn.osm([([drawn.A, drawn.B], {"building": "yes"})]).encode(), "holds no road"),
        ("a.osm", drawn.osm(places={}).encode(), "holds no road"),
        ("a.osm", drawn.osm(places=drawn.PLACES | {drawn.A: (float("nan"), 12)}).encode(), "coordinate"),
        ("a.osm", drawn.osm().replace(f'node id="{drawn.A}"', f'node id="{2**63 - 1}"').encode(), "illegal id"),
        ("a.osm", drawn.osm([([drawn.A, drawn.B], {"highway": "x" * 2_000})]).encode(), "too long"),
    ],
)
def test_a_bad_file_is_told_in_one_line(tmp_path, name, contents, told):
    file = tmp_path / name
    file.write_bytes(contents)
    with pytest.raises(SetupError, match=told) as caught:
        extract.read(file, CLASSES)
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)


def test_an_absent_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        extract.read(tmp_path / "none.osm", CLASSES)


def test_without_osmium_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "osmium", None)
    with pytest.raises(SetupError, match=r"lakana\[roads\]"):
        extract.read(drawn.write(tmp_path), CLASSES)
