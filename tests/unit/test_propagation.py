"""What the rounding tells: by hand on small lattices, and never wrong on many that are drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from geo.release.differencing import pinned
from geo.release.outsider import UNTOLD, Seen, branches, parts
from geo.release.propagation import inferred


def table(published, *, additive, counts=None):
    """A locality with as many quarters of one kind as there are counts but one: the last is the year."""
    many = len(published) - 1
    return Seen(
        counts=np.zeros(many, int) if counts is None else np.array(counts),
        published=np.array(published),
        cell=np.append(np.arange(many), np.full(many, many)),
        leaf=np.tile(np.arange(many), 2),
        locality=np.zeros(many, int),
        kind=np.zeros(many, int),
        quarter=np.arange(many),
        children=np.array([1000.0]),
        branch=np.array([0]),
        additive=np.full(many + 1, additive),
    )


def drawn(chance, additive):
    """Some localities, two quarters, two kinds, and the cells of all their sums, rounded under a key drawn by chance."""
    shape = (int(chance.integers(1, 4)), 2, 2)
    counts = chance.poisson(chance.choice([0.5, 1.5]), shape)
    keys = np.where(counts > 0, chance.random(shape), 0)
    place, quarter, kind = np.indices(shape).reshape(3, -1)
    names = [
        (np.where(p, shape[0], place), np.where(q, 2, quarter), np.where(k, 2, kind))
        for p in (False, True) for q in (False, True) for k in (False, True)
    ]  # fmt: skip
    code = np.concatenate([(p * 3 + q) * 3 + k for p, q, k in names])
    _, cell = np.unique(code, return_inverse=True)
    leaf = np.tile(np.arange(counts.size), len(names))
    truth = np.bincount(cell, counts.ravel()[leaf]).astype(int)
    sums = np.bincount(cell, keys.ravel()[leaf])
    marks = {round(float(each), 9): chance.random() for each in sums}
    u = sums % 1 if additive else np.array([marks[round(float(each), 9)] for each in sums])
    published = truth // 5 * 5 + 5 * (u < truth % 5 / 5)
    nobody = np.zeros(shape[0], int)
    told = np.full(len(truth), additive)
    return Seen(
        counts.ravel(), published, cell, leaf, place, kind, quarter, np.full(shape[0], 1000.0), nobody, told
    )  # fmt: skip


def test_sums_of_keys_bound_a_part_that_was_rounded_up_in_a_whole_that_was_not():
    """Were it 4, the other would be 0, the two u the same, and the whole rounded up as well."""
    bounds = inferred(table([5, 0, 0], additive=True))
    assert (bounds.low[:3].tolist(), bounds.high[:3].tolist()) == ([1, 1, 2], [3, 3, 4])


def test_sets_of_keys_bound_nothing_but_that_something_else_is_there():
    seen = table([5, 0, 0], additive=False)
    bounds = inferred(seen)
    assert bounds.low[:3].tolist() == seen.lattice().low.tolist()
    assert bounds.high[:3].tolist() == seen.lattice().high.tolist()
    # The year less its first quarter is not zero; neither is the year less its second.
    assert bounds.low[3:].tolist() == [1]
    assert bounds.leaf[bounds.cell == 3].tolist() == [1]


def test_what_is_published_alike_adds_nothing():
    seen = table([5, 0, 5], additive=False)
    assert len(inferred(seen).low) == 3 + 1
    assert len(inferred(table([0, 0, 0], additive=False)).low) == 3


@pytest.mark.parametrize("additive", [True, False])
def test_never_wrong(additive):
    chance = np.random.default_rng(11)
    narrowed = 0
    for _ in range(150):
        seen = drawn(chance, additive)
        bounds = inferred(seen)
        truth = bounds.truth()
        assert ((bounds.low <= truth) & (truth <= bounds.high)).all()
        many = len(seen.published)
        narrowed += int(((bounds.high - bounds.low)[:many] < (seen.lattice().high - seen.lattice().low)).sum())
        for cell in pinned(bounds):
            assert bounds.low[cell] <= truth[cell] <= bounds.high[cell]
    assert (narrowed > 0) == additive


def test_parts_are_the_largest_within():
    seen = table([5, 0, 5, 10, 10], additive=False)
    part, whole = parts(seen, seen.told)
    assert sorted(zip(part.tolist(), whole.tolist(), strict=True)) == [(0, 4), (1, 4), (2, 4), (3, 4)]


def test_some_leaves_keep_the_cells_that_count_no_other():
    seen = table([5, 0, 5], additive=False)
    some, cells = seen.within(np.array([True, False]))
    assert cells.tolist() == [0]
    assert (some.cell.tolist(), some.leaf.tolist(), some.published.tolist()) == ([0], [0], [5])
    nothing, none = replace(seen, published=np.full(3, UNTOLD)).within(np.array([True, True]))
    assert (len(nothing.cell), len(none)) == (0, 0)


def test_a_branch_is_the_largest_area_of_few_enough_localities():
    nation = [(number, 0, 0) for number in range(24)]
    regions = [(number, 1 + number // 12, 1) for number in range(24)]
    cercles = [(number, 3 if number < 8 else 4, 2) for number in range(9)]
    found = branches(np.array(nation + regions + cercles), 24).tolist()
    assert len({*found[:8]}) == 1
    assert found[8] not in found[:8]
    # The other localities of the first region, and all of the second, are in no area of 8 or fewer.
    assert all(1 <= found.count(each) <= 8 for each in {*found})
