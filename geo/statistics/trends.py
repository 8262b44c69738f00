"""What changed from quarter to quarter, and what only seems to because counts are rounded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geo.statistics.cell_key import OFF_BY


def quarters(first: str, last: str) -> Iterator[str]:
    """Return every quarter from the first to the last, both inclusive; none if the last is earlier.

    Examples
    --------
    >>> list(quarters("2024-Q3", "2025-Q1"))
    ['2024-Q3', '2024-Q4', '2025-Q1']
    >>> list(quarters("2025-Q1", "2024-Q4"))
    []

    """
    for number in range(_number(first), _number(last) + 1):
        yield f"{number // 4:04}-Q{number % 4 + 1}"


def _number(quarter: str) -> int:
    return int(quarter[:4]) * 4 + int(quarter[-1]) - 1


def total(values: Sequence[int | None]) -> int | None:
    """Add up the published values of an area's parts; ``None``, never zero, if there are none or one is missing.

    Examples
    --------
    >>> total([5, 0, 10]), total([5, None]), total([])
    (15, None, None)

    """
    known = [each for each in values if each is not None]
    return sum(known) if known and len(known) == len(values) else None


def changed(first: int | None, last: int | None, parts: int, *, same_reporters: bool = True) -> str | None:
    """Return whether a count rose, fell, or changed no more than rounding can explain; ``None`` if one is missing.

    NOT_COMPARABLE if the localities that reported are others: what the count did then, nobody knows.

    Each of ``parts`` published values is off by at most 4, so a difference of two sums is off by at most 8 × parts.
    Only a larger difference shows in which direction the true count went::

        RISE  where last - first > 8 × parts
        FALL  where first - last > 8 × parts
        WITHIN_ROUNDING  otherwise

    Examples
    --------
    >>> changed(5, 15, 1), changed(15, 5, 1), changed(5, 10, 1), changed(0, 15, 2), changed(None, 5, 1)
    ('RISE', 'FALL', 'WITHIN_ROUNDING', 'WITHIN_ROUNDING', None)
    >>> changed(1545, 0, 1, same_reporters=False)
    'NOT_COMPARABLE'

    """
    if first is None or last is None:
        return None
    if not same_reporters:
        return "NOT_COMPARABLE"
    bound = 2 * OFF_BY * parts
    if abs(last - first) <= bound:
        return "WITHIN_ROUNDING"
    return "RISE" if last > first else "FALL"
