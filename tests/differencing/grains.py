"""What a release would tell of a drawn year: it tries one grain after the other, and tells the first that passes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geo.release.cells import GRAINS, Detail
from geo.release.grain import CANDIDATES
from geo.release.guessing import Score, scores
from geo.release.outsider import UNTOLD, Seen
from geo.vocabulary import Grain
from tests.differencing.conftest import EFFORT
from tests.differencing.outsider import Lattice


def coarser(lattice: Lattice, seen: Seen, grain: Grain) -> Seen:
    """Tell what is told at this grain."""
    pairs = np.unique(np.stack([seen.cell, seen.locality[seen.leaf]]), axis=1)
    few = np.bincount(pairs[0], minlength=len(seen.published)) < 3
    tells = GRAINS[grain]
    told = [
        (tells.of_localities if fine else tells.of_areas)["-" not in period]
        >= (Detail.ALL_TYPES if kind is None else Detail.BY_TYPE)
        for fine, (_, _, period, kind) in zip(few, lattice.cells, strict=True)
    ]
    return seen.publishing(np.where(told, seen.published, UNTOLD))


def sampled(seen: Seen) -> Score:
    """Score the sampler over all small leaves and cells, as a release does."""
    [*_, found] = scores(seen, EFFORT)
    return found


def until_one_passes(lattice: Lattice, seen: Seen) -> Iterator[tuple[Grain, Score]]:
    """Attack what a release would try after the first grain, up to the one that passes."""
    for grain in CANDIDATES[1:]:
        found = sampled(coarser(lattice, seen, grain))
        yield grain, found
        if found.passes():
            return
