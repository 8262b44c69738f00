"""How long work reports its progress: by a callback, so that a terminal draws a bar and a log stays quiet."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called with the name of the step, the units done and the units in all."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note; of a step whose end nobody knows, ``total`` is 0."""


def silent(step: str, done: int, total: int) -> None:
    """Take no note."""
