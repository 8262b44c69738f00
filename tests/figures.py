"""Figures that tests leave for the tables of the documentation: printed at the end of a run, by suite."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

Figure = Callable[..., None]
PROPERTY = "figure"


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Note a line of the table: what, what was measured, and what is to be reached."""

    def note(what: str, measured: str, to_reach: str = "") -> None:
        # A report carries it to the process that prints, whichever worker ran the test.
        request.node.user_properties.append((PROPERTY, (what, measured, to_reach)))

    return note


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the tables as Markdown."""
    tables: defaultdict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "teardown":
                continue
            for name, row in getattr(report, "user_properties", ()):
                if name == PROPERTY and tuple(row) not in tables[report.nodeid.split("/")[1]]:
                    tables[report.nodeid.split("/")[1]].append(tuple(row))
    for suite, rows in tables.items():
        terminalreporter.write_sep("-", suite)
        for row in (("what", "measured", "to reach"), ("---", "---", "---"), *rows):
            terminalreporter.write_line(f"| {' | '.join(row)} |")
