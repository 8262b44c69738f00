"""Python's collector, kept from holding the event loop.

It looks for cycles among all that was made since it was started: with a full cache of documents, 240,000 objects, that
takes 60 to 250 ms. So what is kept for long is set apart from time to time (``gc.freeze``), and never looked at again.
It is freed by its last reference alone. Two rules follow: what is kept holds no cycles, and nothing is set apart while
something is being made, which leaves cycles behind when it is done.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG, ROUNDS = 2_500, (3, 10)
"""The young are looked at when there are so many, in 0.5 to 1.6 ms; those that are left after so many rounds each."""

_in_hand: list[None] = []
"""One for each thing that is being made; appending and popping need no lock."""
_rounds: int | None = None
"""How many rounds there had been when something was set apart last; None: nothing is."""


def start() -> None:
    """Set apart what is there already, as the schema and the modules, and from now on what is made."""
    global _rounds  # noqa: PLW0603  there is one collector
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *ROUNDS)
    _rounds = _rounds_of_young()


@contextmanager
def making() -> Iterator[None]:
    """Make something that may be kept for long; then set apart what has gathered, unless more is being made."""
    global _rounds  # noqa: PLW0603
    _in_hand.append(None)
    try:
        yield
    finally:
        _in_hand.pop()
        if _rounds is not None and not _in_hand and _rounds != (now := _rounds_of_young()):
            _rounds = now
            gc.collect()
            gc.freeze()


def _rounds_of_young() -> int:
    return int(gc.get_stats()[0]["collections"])
