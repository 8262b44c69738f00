"""The table that ``scripts/attacks`` prints for docs/security.md."""

from __future__ import annotations

import pytest

FIGURES: pytest.StashKey[list[tuple[str, str, str]]] = pytest.StashKey()


def table(rows: list[tuple[str, str, str]]) -> str:
    """Write the figures as Markdown."""
    lines = ["| what | measured | to reach |", "| --- | --- | --- |"]
    return "\n".join(lines + [f"| {what} | {measured} | {bound} |" for what, measured, bound in rows])
