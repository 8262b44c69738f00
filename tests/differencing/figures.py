"""The table of an attack's figures, as docs/security.md shows it."""

from __future__ import annotations


class Figures:
    """Rows of what was tried, without and with the protection."""

    def __init__(self) -> None:
        self._rows: dict[str, tuple[str, str]] = {}

    def add(self, what: str, found: str, bound: str) -> None:
        self._rows[what] = (found, bound)

    def table(self) -> str:
        rows = [("attack", "found", "expected"), ("---", "---", "---")]
        rows += [(what, *told) for what, told in self._rows.items()]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)
