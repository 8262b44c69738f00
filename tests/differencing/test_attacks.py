"""Linear programs, least squares and asking again: nothing small is recovered, and without the rounding it is."""

from __future__ import annotations

import numpy as np
import pytest

from geo.differencing import SMALL, pinned
from tests.differencing.outsider import BASE, COUNTS, OFF_BY, Seen

pytestmark = [pytest.mark.database, pytest.mark.slow]

POINTS = 0.10
"""How much better than guessing the most common value a guess by least squares may be."""


def nearest(truth: np.ndarray) -> np.ndarray:
    """Round to the nearest multiple of 5, as is often done in the place of keys."""
    return BASE * ((truth + BASE // 2) // BASE)


def by_chance(truth: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Round up or down anew at each question."""
    down, rest = np.divmod(truth, BASE)
    return BASE * (down + (chance.random(len(truth)) < rest / BASE))


def accuracy(seen: Seen, guess: np.ndarray) -> float:
    """Give the share of small leaves that a guess has right."""
    small = seen.counts < SMALL
    return float((guess == seen.counts)[small].mean())


def baseline(seen: Seen) -> float:
    small = seen.counts[seen.counts < SMALL]
    return float(np.bincount(small).max() / len(small))


def test_the_whole_lattice_is_there_and_is_rounded(seen):
    places = {(level, place) for level, place, *_ in seen.cells}
    assert len(seen.cells) == len(places) * 5 * 11
    assert len(seen.leaves) == sum(level == "LOCALITY" for level, _ in places) * 4 * 10
    truth = seen.truth()
    assert (np.abs(seen.published - truth) <= OFF_BY).all()
    assert (seen.published % BASE == 0).all()
    assert (seen.published != truth)[truth > 0].mean() > 0.5


def test_no_small_count_is_recovered_by_linear_program(seen, figures):
    small = int(seen.small().sum())
    assert small > 1000
    found = len(pinned(seen.lattice()))
    figures.add(f"linear program, {small:,} of {len(seen.cells):,} cells below 5", f"{found} exact", "0")
    assert found == 0


def test_least_squares_guess_hardly_better_than_the_most_common_value(seen, figures):
    found, simple = accuracy(seen, seen.guess(seen.published)), baseline(seen)
    figures.add(
        f"least squares, {int((seen.counts < SMALL).sum()):,} leaves below 5",
        f"{found:.1%} right, {100 * (found - simple):+.1f} points",
        f"at most {100 * POINTS:+.0f} points above the most common value ({simple:.1%})",
    )
    assert found <= simple + POINTS


def test_the_likeliest_count_behind_each_published_one_is_hardly_better_either(seen, figures):
    """More than the outsider has: of each published value the count that stands behind it most often."""
    small = seen.counts < SMALL
    told, counts = seen.published[seen.leaf_cells()][small], seen.counts[small]
    right = sum(np.bincount(counts[told == value]).max() for value in np.unique(told))
    found, simple = right / len(counts), baseline(seen)
    figures.add(
        "the likeliest count behind each published one",
        f"{found:.1%} right, {100 * (found - simple):+.1f} points",
        f"at most {100 * POINTS:+.0f} points",
    )
    assert found <= simple + POINTS


def test_exact_counts_would_be_recovered(seen, figures):
    truth = seen.truth()
    small = int(seen.small().sum())
    found = len(pinned(seen.lattice(truth, 0)))
    guessed = accuracy(seen, seen.guess(truth, 0))
    figures.add("control: exact counts", f"{found:,} exact, {guessed:.1%} right", "all")
    assert found == small
    assert guessed == 1


def test_rounding_to_the_nearest_would_be_undone(seen, figures):
    told = nearest(seen.truth())
    found = len(pinned(seen.lattice(told, BASE // 2)))
    guessed = accuracy(seen, seen.guess(told, BASE // 2))
    figures.add("control: rounded to the nearest 5", f"{found:,} exact, {guessed:.1%} right", "above 0")
    assert found > 0


@pytest.mark.parametrize("times", [400])
def test_rounding_anew_at_each_question_would_average_out(seen, figures, times):
    chance, truth = np.random.default_rng(3), seen.truth()
    small = truth < SMALL
    mean = sum(by_chance(truth, chance) for _ in range(times)) / times
    found = int((np.rint(mean) == truth)[small].sum())
    figures.add(f"control: rounded anew, mean of {times}", f"{found:,} exact", "nearly all")
    assert found > 0.99 * small.sum()


def test_asking_again_tells_nothing_new(seen, ask, figures):
    levels = ("NATION", "REGION", "CERCLE", "LOCALITY")
    period = seen.leaves[0][1]
    told = {cell: count for cell, count in zip(seen.cells, seen.published, strict=True)}  # noqa: C416
    for level in levels:
        for _ in range(20):
            rows = ask(COUNTS, level=level, period=period, type="TRAFFICKING")["data"]["incidentCounts"]
            assert all(told[level, row["areaCode"], period, "TRAFFICKING"] == row["count"] for row in rows)
    figures.add("asking again, 20 times", "the same counts", "the same")
