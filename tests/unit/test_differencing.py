"""Which cells are pinned: against two linear programs for each cell, without any short cut and without the truth."""

from __future__ import annotations

import highspy
import numpy as np
import pytest

from geo.release.differencing import SMALL, Lattice, pinned


def lattice(chance, width, half):
    """A small lattice {all, part, leaf} × {whole, quarter} × {all, type}, with counts told to within ``half``."""
    shape = (int(chance.integers(2, 5)), 2, int(chance.integers(1, 4)))
    counts = chance.poisson(width, shape)
    place, quarter, kind = np.indices(shape).reshape(3, -1)
    part = shape[0] + place // 2
    nation = np.full_like(place, 2 * shape[0])
    cells = [
        (p * 3 + q) * 4 + k
        for p in (place, part, nation)
        for q in (quarter, np.full_like(quarter, 2))
        for k in (kind, np.full_like(kind, 3))
    ]
    _, cell = np.unique(np.concatenate(cells), return_inverse=True)
    leaf = np.tile(np.arange(counts.size), len(cells))
    truth = np.bincount(cell, counts.ravel()[leaf]).astype(int)
    told = np.maximum(truth + chance.integers(-half, half + 1, len(truth)), 0)
    return Lattice(counts.ravel(), np.maximum(told - half, 0), told + half, cell, leaf), truth


def by_two_programs_each(known, truth):
    """Return the small cells whose least and greatest value hold one whole number: HiGHS by its plain interface."""
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", "false")
    leaves = [solver.addVariable(lb=0) for _ in known.counts]
    sums = [solver.qsum(leaves[leaf] for leaf in known.leaf[known.cell == cell]) for cell in range(len(truth))]
    for low, value, high in zip(known.low.tolist(), sums, known.high.tolist(), strict=True):
        solver.addConstr(value >= low)
        solver.addConstr(value <= high)
    found = []
    for cell in np.flatnonzero(truth < SMALL):
        solver.minimize(sums[cell])
        least = solver.getObjectiveValue()
        solver.maximize(sums[cell])
        greatest = solver.getObjectiveValue()
        if np.floor(greatest + 1e-6) - np.ceil(least - 1e-6) < 1:
            found.append(int(cell))
    return found


@pytest.mark.parametrize("half", [0, 1, 2, 4])
def test_the_same_as_two_programs_for_each_cell(half):
    chance = np.random.default_rng(half)
    found = 0
    for _ in range(12):
        known, truth = lattice(chance, 1.5, half)
        expected = by_two_programs_each(known, truth)
        assert pinned(known).tolist() == expected
        found += len(expected)
    # Exact values are all pinned, nearly exact ones in part: the larger the error, the fewer.
    assert found > 0 or half == 4


def test_neighbourhoods_free_no_more_than_the_whole(monkeypatch):
    """The path of large lattices, on small ones."""
    monkeypatch.setattr("geo.release.differencing.NEIGHBOURHOODS", (3, 8))
    chance = np.random.default_rng(5)
    for _ in range(15):
        known, truth = lattice(chance, 1.0, 1)
        assert pinned(known).tolist() == by_two_programs_each(known, truth)


def test_the_interior_point_method_decides_alike(monkeypatch):
    monkeypatch.setattr("geo.release.differencing.SIMPLEX_AT_MOST", 0)
    chance = np.random.default_rng(6)
    for _ in range(15):
        known, truth = lattice(chance, 1.0, 1)
        assert pinned(known).tolist() == by_two_programs_each(known, truth)
