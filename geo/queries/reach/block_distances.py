"""Distances from a need, read from blocks: ``block_access`` has a row for each block of demand points and category.

The rows of each category needed are joined to the block, as ``a1``, ``a2`` and so on, and their arrays unnested side by
side. The distance from the need is then an expression of one element of each, or of one number for all of a block.
"""

from __future__ import annotations

from collections.abc import Sequence

from geo.vocabulary import ServiceCategory

Shape = tuple[int, ...] | None
"""The sizes of the groups of a need, or ``None`` for those of a pathway, whose number only the database knows."""


def filled(template: str, shape: Shape) -> str:
    """Return an SQL file of this folder with its parts in braces, for a need of this shape.

    Examples
    --------
    >>> filled("{farthest}", (1, 1))
    "nullif(greatest(coalesce(p.m1, 'Infinity'), coalesce(p.m2, 'Infinity')), 'Infinity')"

    """
    slots = range(1, (len(ServiceCategory) if shape is None else sum(shape)) + 1)
    joins = (
        f"LEFT JOIN lakana.block_access a{n} ON a{n}.block_id = b.id AND a{n}.category = {_category(n, shape)}"
        for n in slots
    )
    parts = {
        "joins": "\n  ".join(joins),
        "arrays": ", ".join(f"a{n}.distances_m" for n in slots),
        "names": ", ".join(f"m{n}" for n in slots),
        "farthest_of_first": _farthest([f"a{n}.ascending_m[1]" for n in slots], shape),
        "farthest_of_last": _farthest([f"a{n}.ascending_m[cardinality(a{n}.ascending_m)]" for n in slots], shape),
        "farthest": _farthest([f"p.m{n}" for n in slots], shape),
    }
    for name, sql in parts.items():
        template = template.replace(f"{{{name}}}", sql)
    return template


def _category(slot: int, shape: Shape) -> str:
    if shape is None:
        return f"(SELECT category FROM needed WHERE group_number = {slot})"  # noqa: S608  a number of ours
    return f"CAST((CAST(:need_categories AS text[]))[{slot}] AS lakana.service_category)"


def _farthest(metres: Sequence[str], shape: Shape) -> str:
    """Return the greatest over the groups of the least over a group; NULL where a group has no service."""
    known = [f"coalesce({each}, 'Infinity')" for each in metres]
    if shape is None:
        # A pathway of fewer steps leaves the rest out; nothing is greatest of no step at all.
        steps = "(SELECT count(*) FROM needed)"
        groups = [f"CASE WHEN {steps} >= {n} THEN {each} END" for n, each in enumerate(known, start=1)]
    else:
        rest = iter(known)
        groups = [f"least({', '.join(next(rest) for _ in range(size))})" if size > 1 else next(rest) for size in shape]
    return f"nullif(greatest({', '.join(groups)}), 'Infinity')"
