"""Zones: by an oracle that follows the words of the rule, over made-up countries."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import BadInput
from geo.writes.zones import Area, Thresholds, divided

RULE = Thresholds()
KM = 1_000.0


def disc(radius_m):
    return math.pi * radius_m**2


def area(code, parent=None, people=100_000, localities=50, radius_m=50 * KM):
    land = None if radius_m is None else disc(radius_m)
    return Area(id=code, parent_id=parent, code=code, people=people, localities=localities, area_m2=land)


def zones(areas, borders=(), least=RULE):
    shared = {frozenset({a, b}): metres for a, b, metres in borders}
    return [sorted(zone) for zone in divided(areas, shared, areas[0].id, least)]


class Oracle:
    """The rule in other words: every child of an area has a label, and children of one label are one part."""

    def __init__(self, areas, borders):
        self.by_id = {each.id: each for each in areas}
        self.borders = borders
        self.labels = {}

    def zones(self, nation):
        """Follow the rule by hand, everything added up anew each time."""
        children = [each for each in self.by_id.values() if each.parent_id == nation]
        self.labels = {each.id: each.id for each in children}
        parts = set() if any(each.area_m2 is None for each in children) else self.parts()
        if len(parts) < 2:
            return {frozenset({nation})}
        below = [Oracle(self.by_id.values(), self.borders).zones(*part) if len(part) == 1 else {part} for part in parts]
        return set().union(*below)

    def parts(self):
        while small := sorted({each for each in self.labels.values() if self.too_small(each)}, key=self.rank):
            found = [(-metres, min(self.members(other)), other) for other in {*self.labels.values()} - {small[0]}
                     if (metres := self.common(small[0], other)) > 0]  # fmt: skip
            if not found:
                return set()
            for each in self.members(small[0]):
                self.labels[each] = min(found)[2]
        return {frozenset(self.members(label)) for label in self.labels.values()}

    def members(self, label):
        return [each for each in self.labels if self.labels[each] == label]

    def total(self, label, what):
        return sum(getattr(self.by_id[each], what) for each in self.members(label))

    def rank(self, label):
        return self.total(label, "people"), min(self.members(label))

    def too_small(self, label):
        radius = (self.total(label, "area_m2") / math.pi) ** 0.5
        return self.total(label, "people") < 50_000 or self.total(label, "localities") < 20 or radius < 10_000

    def common(self, one, other):
        pairs = [{a, b} for a, b in itertools.product(self.members(one), self.members(other))]
        return sum(metres for a, b, metres in self.borders if {a, b} in pairs)


PEOPLE = st.sampled_from([0, 10_000, 49_999, 50_000, 60_000, 400_000])
LOCALITIES = st.sampled_from([0, 10, 19, 20, 60])
RADIUS = st.sampled_from([5 * KM, 10 * KM, 10.01 * KM, 80 * KM])
SMALL_RADIUS = st.sampled_from([5 * KM, 9.99 * KM, 10 * KM, 80 * KM, 80 * KM, None])


@st.composite
def countries(draw):
    areas = [area("N", people=0, localities=0)]
    borders = []
    for level, most, radius in ((1, 5, RADIUS), (2, 5, RADIUS), (3, 2, SMALL_RADIUS)):
        for parent in [each for each in areas if len(each.code) == level]:
            children = [
                area(f"{parent.code}{number}", parent.id, draw(PEOPLE), draw(LOCALITIES), draw(radius))
                for number in range(draw(st.integers(0, most)))
            ]
            areas += children
            for one, other in itertools.combinations(children, 2):
                metres = draw(st.sampled_from([0, 0, 5_000.0, 5_000.0, 90_000.0]))
                if metres:
                    borders.append((one.id, other.id, metres))
    return areas, borders


@given(countries())
@settings(max_examples=400, deadline=None)
def test_zones_are_those_of_the_rule(country):
    areas, borders = country
    found = zones(areas, borders)
    assert {frozenset(each) for each in found} == Oracle(areas, borders).zones("N")


@given(countries())
@settings(max_examples=400, deadline=None)
def test_zones_are_a_partition_whose_parts_are_all_large_enough(country):
    areas, borders = country
    by_id = {each.id: each for each in areas}
    found = zones(areas, borders)
    leaves = [each for each in areas if not any(other.parent_id == each.id for other in areas)]
    for leaf in leaves:
        above = {leaf.code[:length] for length in range(1, len(leaf.code) + 1)}
        assert sum(bool(above & set(zone)) for zone in found) == 1
    for zone in found:
        if zone != ["N"]:
            members = [by_id[each] for each in zone]
            assert len({each.parent_id for each in members}) == 1
            assert sum(each.people for each in members) >= 50_000
            assert sum(each.localities for each in members) >= 20
            assert sum(each.area_m2 for each in members) >= disc(10 * KM) * (1 - 1e-12)


@given(countries(), st.randoms())
@settings(max_examples=100, deadline=None)
def test_the_order_of_the_rows_does_not_matter(country, chance):
    areas, borders = country
    shuffled = areas[1:]
    chance.shuffle(shuffled)
    assert zones([areas[0], *shuffled], borders) == zones(areas, borders)


def test_the_one_part_that_is_too_small_is_never_what_is_left():
    """As it was: whoever was told by the nation stood in the one region that was too small."""
    areas = [area("N"), area("A", "N"), area("B", "N"), area("C", "N", people=1_000)]
    assert zones(areas, [("B", "C", 10.0), ("A", "C", 9.0)]) == [["A"], ["B", "C"]]


def test_the_longest_border_counts_and_then_the_code():
    areas = [area("N"), area("A", "N"), area("B", "N"), area("C", "N", people=1_000)]
    assert zones(areas, [("B", "C", 10.0), ("A", "C", 10.0)]) == [["A", "C"], ["B"]]


def test_an_island_that_is_too_small_keeps_its_parent_whole():
    areas = [area("N"), area("A", "N"), area("B", "N"), area("C", "N", people=1_000)]
    assert zones(areas, [("A", "B", 10.0)]) == [["N"]]


def test_a_part_without_an_outline_keeps_its_parent_whole():
    areas = [area("N"), area("A", "N"), area("B", "N"), area("A1", "A"), area("A2", "A", radius_m=None)]
    assert zones(areas) == [["A"], ["B"]]


def test_higher_thresholds_make_larger_zones_and_lower_ones_are_refused():
    areas = [area("N"), area("A", "N"), area("B", "N", people=60_000)]
    borders = [("A", "B", 10.0)]
    assert zones(areas, borders) == [["A"], ["B"]]
    assert zones(areas, borders, Thresholds(people=70_000)) == [["N"]]
    for lower in ({"people": 49_999}, {"localities": 19}, {"radius_m": 9_999.9}, {"radius_m": math.nan}):
        with pytest.raises(BadInput, match="too low"):
            Thresholds(**lower)
