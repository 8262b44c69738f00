"""What the rounding itself tells: whole numbers and keys, carried through the lattice from cell to cell.

A published count p of a cell says of its true count x and its u in [0, 1)::

    x = p                       nothing of u
    x = p - 5 + r, r in 1..4    it was rounded up:    u < r / 5
    x = p + r,     r in 1..4    it was rounded down:  u ≥ r / 5

Two cells of the same non-zero leaves have the same x and u, whatever the rule, and so the same published count. Hence:

* Where a cell and a smaller one inside it are published differently, something that only the larger one counts is not
  zero.
* Under the rule of before, u(parent) = Σ u(children) modulo 1, and bounds of x and u travel together from parents to
  children and back: :func:`_carried` keeps for each cell and each x that it can have the least interval that holds u,
  and narrows it by every way in which a cell is made of others until nothing moves. Zero has u = 0.

What comes of it is handed to the linear programs of :mod:`geo.differencing` as narrower bounds and as further cells.

Source: interval constraint propagation (Davis, "Constraint propagation with interval labels", Artificial Intelligence
32, 1987).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.cell_key import BASE, OFF_BY
from geo.differencing import Lattice
from geo.outsider import Seen, parts

if TYPE_CHECKING:
    from geo.differencing import Integers
    from geo.spheroid import Numbers

WIDTH = 2 * OFF_BY + 1
"""How many values of x a published count leaves, from its ``_least`` upwards."""
MOST_LEAVES = 500
"""Cells of more leaves surely hold something besides a smaller one."""
MOST_PIECES = 24
"""Pieces of a cell: a sum of more tells nothing of one."""
ROUNDS = 60
EXACT = 1e-9

Domain = tuple["Numbers", "Numbers"]
"""For each cell and each x that it can have, from its least: the ends of the interval of u; the lower is above the
upper where x cannot be."""


def inferred(seen: Seen) -> Lattice:
    """Return the lattice with all that the rule tells beside the published counts; its first cells are those seen."""
    lattice = seen.lattice()
    small = seen.told & (seen.sizes <= MOST_LEAVES)
    part, whole = parts(seen, small)
    if seen.additive.any():
        low, high = _carried(seen, part, whole)
        lattice = replace(lattice, low=np.maximum(lattice.low, low), high=np.minimum(lattice.high, high))
    return _with_differences(seen, lattice, part, whole)


def _with_differences(seen: Seen, lattice: Lattice, part: Integers, whole: Integers) -> Lattice:
    """Add what a cell counts and a smaller one does not, where it cannot be zero and this was not clear already."""
    telling = (seen.published[part] != seen.published[whole]) & (lattice.low[whole] - lattice.high[part] < 1)
    part, whole = part[telling], whole[telling]
    if not len(part):
        return lattice
    order = np.argsort(seen.cell, kind="stable")
    starts = np.searchsorted(seen.cell[order], np.arange(len(seen.published) + 1))
    leaves = seen.leaf[order]
    held = [leaves[starts[cell] : starts[cell + 1]] for cell in range(len(seen.published))]
    differences = [np.setdiff1d(held[w], held[p], assume_unique=True) for p, w in zip(part, whole, strict=True)]
    more = np.repeat(np.arange(len(part)) + len(seen.published), [len(each) for each in differences])
    return Lattice(
        lattice.counts,
        np.append(lattice.low, np.ones(len(part), np.int64)),
        np.append(lattice.high, np.full(len(part), np.iinfo(np.int32).max)),
        np.append(lattice.cell, more),
        np.append(lattice.leaf, np.concatenate(differences)),
    )


def _least(published: Integers) -> Integers:
    return np.maximum(published - OFF_BY, 0)


def _carried(seen: Seen, part: Integers, whole: Integers) -> tuple[Integers, Integers]:
    """Return the least and the greatest x of each cell that x and u leave, carried through the lattice."""
    low, high = _first_domains(seen)
    groups = _partitions(seen, part, whole)
    for _ in range(ROUNDS):
        before = low.copy(), high.copy()
        for wholes, pieces in groups:
            _narrow(low, high, wholes, pieces, _least(seen.published))
        if np.array_equal(low, before[0]) and np.array_equal(high, before[1]):
            break
    can = low <= high
    followed = can.any(axis=1)
    least = _least(seen.published) + can.argmax(axis=1)
    greatest = _least(seen.published) + WIDTH - 1 - can[:, ::-1].argmax(axis=1)
    return np.where(followed, least, 0), np.where(followed, greatest, np.iinfo(np.int32).max)


def _first_domains(seen: Seen) -> Domain:
    """Return what each published count says by itself; of a cell that is not followed, that nothing can be."""
    x = _least(seen.published)[:, None] + np.arange(WIDTH)
    missed = x - seen.published[:, None]
    low = np.where(missed > 0, missed / BASE, 0.0)
    high = np.where(x == 0, 0.0, np.where(missed < 0, (missed + BASE) / BASE, 1.0))
    can = (np.abs(missed) <= OFF_BY) & (seen.told & seen.additive)[:, None]
    return np.where(can, low, np.inf), np.where(can, high, -np.inf)


def _partitions(seen: Seen, part: Integers, whole: Integers) -> list[tuple[Integers, Integers]]:
    """Return the ways in which a followed cell is made of others, those of equally many together."""
    followed = seen.told & seen.additive
    across = [_many(seen, values) for values in (seen.quarter, seen.kind, seen.locality)]
    ways: dict[tuple[int, int], list[int]] = defaultdict(list)
    for p, w in zip(part.tolist(), whole.tolist(), strict=True):
        if followed[p] and followed[w]:
            for number, many in enumerate(across):
                if many[p] < many[w]:
                    ways[w, number].append(p)
    found: dict[int, list[list[int]]] = defaultdict(list)
    for (w, _), pieces in ways.items():
        if seen.sizes[pieces].sum() == seen.sizes[w] and len(pieces) <= MOST_PIECES:
            found[len(pieces)].append([w, *pieces])
    grouped = [np.array(rows) for _, rows in sorted(found.items())]
    return [(rows[:, 0], rows[:, 1:]) for rows in grouped]


def _many(seen: Seen, values: Integers) -> Integers:
    """Return how many values the leaves of each cell have."""
    pairs = np.unique(seen.cell * (int(values.max()) + 1) + values[seen.leaf])
    return np.bincount(pairs // (int(values.max()) + 1), minlength=len(seen.published))


def _narrow(low: Numbers, high: Numbers, wholes: Integers, pieces: Integers, least: Integers) -> None:
    """Narrow each whole by its pieces, and each piece by its whole and the others."""
    many = pieces.shape[1]
    domains = [(low[pieces[:, at]], high[pieces[:, at]]) for at in range(many)]
    nothing = np.zeros((len(wholes), 1)), np.zeros((len(wholes), 1))
    left, right = [nothing], [nothing]
    for at in range(many):
        left.append(_sum(left[-1], domains[at]))
        right.append(_sum(right[-1], domains[many - 1 - at]))
    # Of the whole's values counted from its own least, where they stand among the sums of the pieces.
    place = (least[wholes] - least[pieces].sum(axis=1))[:, None] + np.arange(WIDTH)
    _keep(low, high, wholes, _at(left[-1], place), many)
    known = low[wholes][:, None, :], high[wholes][:, None, :]
    for at in range(many):
        others = _at(_sum(left[at], right[many - 1 - at]), place[:, None, :] - np.arange(WIDTH)[:, None])
        possible = (known[0] <= known[1]) & (others[0] <= others[1])
        with np.errstate(invalid="ignore"):
            found = np.where(possible, known[0] - others[1], np.inf), np.where(possible, known[1] - others[0], -np.inf)
        _keep(low, high, pieces[:, at], found, many)


def _sum(one: Domain, other: Domain) -> Domain:
    """Return the domain of a sum: u is not brought back into [0, 1)."""
    many = (
        one[0].shape[1] + WIDTH - 1 if one[0].shape[1] <= other[0].shape[1] else one[0].shape[1] + other[0].shape[1] - 1
    )
    many = one[0].shape[1] + other[0].shape[1] - 1
    low, high = np.full((len(one[0]), many), np.inf), np.full((len(one[0]), many), -np.inf)
    small, large = sorted((one, other), key=lambda each: each[0].shape[1])
    width = large[0].shape[1]
    for x in range(small[0].shape[1]):
        np.minimum(low[:, x : x + width], large[0] + small[0][:, x : x + 1], out=low[:, x : x + width])
        np.maximum(high[:, x : x + width], large[1] + small[1][:, x : x + 1], out=high[:, x : x + width])
    return low, high


def _at(domain: Domain, place: Integers) -> Domain:
    """Return the domain at these places of each row; beyond its ends nothing can be."""
    width = domain[0].shape[1]
    inside = (place >= 0) & (place < width)
    flat = np.clip(place, 0, width - 1).reshape(len(place), -1)
    low, high = (np.take_along_axis(each, flat, axis=1).reshape(place.shape) for each in domain)
    return np.where(inside, low, np.inf), np.where(inside, high, -np.inf)


def _keep(low: Numbers, high: Numbers, cells: Integers, found: Domain, turns: int) -> None:
    """Narrow these cells to what was found of them, u modulo 1; each x may have been found in several ways."""
    least, most = (each if each.ndim == 3 else each[:, :, None] for each in found)  # noqa: PLR2004
    own = low[cells][:, :, None], high[cells][:, :, None]
    new_low, new_high = np.full(own[0].shape[:2], np.inf), np.full(own[0].shape[:2], -np.inf)
    for turn in range(-turns, turns + 1):
        one, two = np.maximum(least + turn, own[0]), np.minimum(most + turn, own[1])
        meets = one <= two + EXACT
        new_low = np.minimum(new_low, np.where(meets, one, np.inf).min(axis=2))
        new_high = np.maximum(new_high, np.where(meets, two, -np.inf).max(axis=2))
    np.maximum.at(low, cells, new_low)
    np.minimum.at(high, cells, new_high)
    gone = low > high + EXACT
    low[gone], high[gone] = np.inf, -np.inf
