"""Figures of the faults: each test leaves its own, and a table closes the run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

FIGURES = pytest.StashKey[list[tuple[str, str, str]]]()


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str, str, str], None]:
    """Note a line of the table: what, measured, to reach."""
    stash = request.config.stash

    def note(what: str, measured: str, to_reach: str = "") -> None:
        stash.setdefault(FIGURES, []).append((what, measured, to_reach))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table of the README."""
    figures = config.stash.get(FIGURES, [])
    if figures:
        terminalreporter.write_line("")
        for row in (("what", "measured", "to reach"), ("---", "---", "---"), *figures):
            terminalreporter.write_line(f"| {' | '.join(row)} |")
