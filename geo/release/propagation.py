"""What the rounding itself reveals: counts and keys, propagated through the lattice from cell to cell.

The published count p of a cell restricts its true count x and its u in [0, 1)::

    x = p                       nothing of u
    x = p - 5 + r, r in 1..4    it was rounded up:    u < r / 5
    x = p + r,     r in 1..4    it was rounded down:  u ≥ r / 5

Two cells of the same non-zero leaves have the same x and u, whatever the rule, and so the same published count. Hence:

* If a cell and a smaller one inside it are published differently, a leaf that only the larger one counts is not zero.
* Under the former rule, u(parent) = Σ u(children) modulo 1, so bounds of x and u propagate together from parents to
children and back. :class:`_Carried` stores for each cell the possible combinations of x and a twentieth of [0, 1) for
u, and removes those that no partition of the cell into others allows, until nothing changes. A count of zero has
u = 0 and no twentieth. (An interval instead of the twentieths loses what wraps around past 1, and finds nothing.)

The results go to the linear programs of :mod:`geo.release.differencing` as narrower bounds and as further cells.

Source: constraint propagation over finite domains (Mackworth, "Consistency in networks of relations", Artificial
Intelligence 8, 1977).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from geo.release.differencing import Lattice
from geo.release.outsider import UNBOUNDED, Seen, parts
from geo.statistics.cell_key import BASE, OFF_BY

if TYPE_CHECKING:
    from geo.release.differencing import Integers

WIDTH = 2 * OFF_BY + 1
"""How many values of x a published count allows, from the smallest up."""
PARTS = 20
"""How many parts the range of u is divided into: a multiple of 5, so that the rule's bounds fall between parts."""
MOST_LEAVES = 500
"""In a cell of more leaves, something outside of a smaller cell is surely not zero."""
MOST_PIECES = 10
"""Pieces that a cell may consist of: a sum of more keys reveals nothing about one of them."""
ROUNDS = 40

Bits = NDArray[np.bool_]
Domain = tuple[Bits, Bits]
"""For each row: which x above zero, counted from its least, go with which part of u, and whether x = 0 is possible."""


def inferred(seen: Seen) -> Lattice:
    """Return the lattice with all that the rule reveals beyond the published counts; its first cells are those seen.

    Groups of branches are treated separately: cells across them count so many leaves that they reveal nothing of one.
    """
    lattice = seen.lattice()
    low, high = lattice.low.copy(), lattice.high.copy()
    pairs = []
    for leaves in seen.divided():
        some, cells = seen.within(leaves)
        part, whole = parts(some, some.sizes <= MOST_LEAVES)
        if some.additive.any():
            least, greatest = _carried(some, part, whole)
            low[cells], high[cells] = np.maximum(low[cells], least), np.minimum(high[cells], greatest)
        pairs.append((cells[part], cells[whole]))
    part, whole = (np.concatenate(each) for each in zip(*pairs, strict=True))
    return _with_differences(seen, replace(lattice, low=low, high=high), part, whole)


def _with_differences(seen: Seen, lattice: Lattice, part: Integers, whole: Integers) -> Lattice:
    """Add the difference of a cell and a smaller one in it, if it cannot be zero and that is not clear already."""
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
        np.append(lattice.high, np.full(len(part), UNBOUNDED)),
        np.append(lattice.cell, more),
        np.append(lattice.leaf, np.concatenate(differences)),
    )


def _carried(seen: Seen, part: Integers, whole: Integers) -> tuple[Integers, Integers]:
    """Return the least and the greatest x of each cell after propagating x and u through the lattice."""
    return _Carried(seen).run(_partitions(seen, part, whole))


class _Carried:
    """The possible x and u of each cell of the former rule; other cells only bound x, as the linear programs know."""

    def __init__(self, seen: Seen) -> None:
        self._followed = seen.told & seen.additive
        self._least = np.maximum(seen.published - OFF_BY, 0)
        x = self._least[:, None] + np.arange(WIDTH)
        missed = (x - seen.published[:, None])[:, :, None]
        u = np.arange(PARTS) * BASE
        by_rule = np.where(missed < 0, u < (missed + BASE) * PARTS, u >= missed * PARTS)
        self._some = by_rule & (np.abs(missed) <= OFF_BY) & (x > 0)[:, :, None]
        self._zero = seen.published == 0

    def run(self, groups: list[tuple[Integers, Integers]]) -> tuple[Integers, Integers]:
        left = -1
        for _ in range(ROUNDS):
            for wholes, pieces in groups:
                self._narrow(wholes, pieces)
            if left == (left := int(self._some.sum() + self._zero.sum())):
                break
        can = self._some.any(axis=2)
        can[:, 0] |= self._zero
        least = self._least + can.argmax(axis=1)
        greatest = self._least + WIDTH - 1 - can[:, ::-1].argmax(axis=1)
        return np.where(self._followed, least, 0), np.where(self._followed, greatest, UNBOUNDED)

    def _narrow(self, wholes: Integers, pieces: Integers) -> None:
        """Narrow each whole by its pieces, and each piece by its whole and the others."""
        many = pieces.shape[1]
        domains = [(self._some[pieces[:, at]], self._zero[pieces[:, at]]) for at in range(many)]
        nothing = np.zeros((len(wholes), 1, PARTS), bool), np.ones(len(wholes), bool)
        left, right = [nothing], [nothing]
        for at in range(many):
            left.append(_sum(left[-1], domains[at]))
            right.append(_sum(right[-1], domains[many - 1 - at]))
        # The place of the whole's least x among the sums of its pieces, which begin at the sum of the pieces' least x.
        place = self._least[wholes] - self._least[pieces].sum(axis=1)
        some, zero = left[-1]
        np.logical_and.at(self._some, wholes, _at(some, place[:, None] + np.arange(WIDTH)))
        np.logical_and.at(self._zero, wholes, zero)
        whole = self._some[wholes], self._zero[wholes]
        for at in range(many):
            some, zero = _less(whole, _sum(left[at], right[many - 1 - at]), place)
            np.logical_and.at(self._some, pieces[:, at], some)
            np.logical_and.at(self._zero, pieces[:, at], zero)


def _sum(one: Domain, other: Domain) -> Domain:
    """Return the domain of a sum. Two parts of u may add up to two neighbouring parts; zero changes nothing."""
    (some, zero), (more, none) = one, other
    many = some.shape[1] + more.shape[1] - 1
    found = _folded(some, more | np.roll(more, 1, axis=2), many)
    found[:, : some.shape[1]] |= some & none[:, None, None]
    found[:, : more.shape[1]] |= more & zero[:, None, None]
    return found, zero & none


def _folded(one: Bits, other: Bits, many: int) -> Bits:
    """Return the possible sums of x, and of u modulo 1, of two sets, by a discrete Fourier transform."""
    size = many, PARTS
    one_of, other_of = (np.fft.rfft2(each.astype(np.float32), s=size, axes=(1, 2)) for each in (one, other))
    found: Bits = np.fft.irfft2(one_of * other_of, s=size, axes=(1, 2)) > 1 / 2
    return found


def _less(whole: Domain, others: Domain, place: Integers) -> Domain:
    """Return the domain of a piece: the whole less the other pieces."""
    (some, zero), (rest, none) = whole, others
    # A part of the whole can come from two neighbouring parts of a sum.
    reached = some | np.roll(some, -1, axis=2)
    found = np.zeros_like(some)
    nothing = zero & none
    for x in range(WIDTH):  # of the whole
        at = (place + x)[:, None] - np.arange(WIDTH)
        beside = _at(rest, at)
        rest_of = np.fft.rfft(beside.astype(np.float32), axis=2)
        whole_of = np.fft.rfft(reached[:, x].astype(np.float32), axis=1)
        found |= np.fft.irfft(np.conj(rest_of) * whole_of[:, None], n=PARTS, axis=2) > 1 / 2
        found |= ((at == 0) & none[:, None])[:, :, None] & some[:, None, x]
        nothing |= (beside[:, 0] & some[:, x]).any(axis=1)
    return found, nothing


def _at(domain: Bits, place: Integers) -> Bits:
    """Return the domain at these places of each row; beyond its ends nothing is possible."""
    width = domain.shape[1]
    found: Bits = np.take_along_axis(domain, np.clip(place, 0, width - 1)[:, :, None], axis=1)
    found &= ((place >= 0) & (place < width))[:, :, None]
    return found


def _partitions(seen: Seen, part: Integers, whole: Integers) -> list[tuple[Integers, Integers]]:
    """Return the partitions of each followed cell into others, grouped by the number of pieces."""
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
    """Return how many different values the leaves of each cell have."""
    pairs = np.unique(seen.cell * (int(values.max()) + 1) + values[seen.leaf])
    return np.bincount(pairs // (int(values.max()) + 1), minlength=len(seen.published))
