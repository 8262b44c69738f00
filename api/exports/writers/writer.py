"""What all writers have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from api.exports.about import About
from api.exports.columns import Shown
from geo.vocabulary import Locale


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a writer is told before the rows come.

    Parameters
    ----------
    name
        What is exported.
    shown
        The columns and geometries.
    locale
        The language of what a person reads.

    """

    name: str
    shown: Shown
    locale: Locale


class Writer(Protocol):
    """Writes one file."""

    def __init__(self, path: Path, sheet: Sheet) -> None:
        """Begin the file."""

    def write(self, rows: Sequence[Any]) -> None:
        """Write rows, as an answer has them."""

    def finish(self, about: About) -> None:
        """Write what the file says of itself, and end it."""

    def close(self) -> None:
        """Let go of what is open; a file that is not finished is none."""
