"""Output of the command line: its language, and progress as a bar on a terminal or one line a step elsewhere."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from rich.console import Console as Terminal
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from api.languages import common_language, spoken
from geo.texts import shown, shown_lines
from geo.vocabulary import Locale

if TYPE_CHECKING:
    from types import TracebackType


MANY = 1_000
"""Units from which on a rate is shown."""
SAID_IN = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a terminal says in which language it wants to be spoken to, the first that does before the others."""
LANGUAGES = "SELECT array_agg(language ORDER BY position) FROM lakana.nation_language GROUP BY nation_id"
"""Those of each nation, the first one first."""


def language(url: str | None = None) -> Locale:
    """Return the language of the terminal's messages, where we have it.

    Else it is that of the country in the database at ``url``, the owner's address, and without a database French.

    Python itself may set ``LC_CTYPE``, where the locale is not installed; it says nothing of the language.
    """
    given = next((each for name in SAID_IN if (each := os.environ.get(name))), "")
    said = spoken(re.split(r"[_.:@]", given)[0])
    if said is not None or url is None:
        return said or Locale.FR
    from geo.database.owner import owner_transaction  # noqa: PLC0415  most commands need no database

    with owner_transaction(url) as connection:
        nations = connection.exec_driver_sql(LANGUAGES).scalars().all()
    return common_language(nations)


def warn(text: str) -> None:
    """Say something on standard error, if there is room: a server that cannot say it serves all the same."""
    with suppress(OSError):
        print(shown_lines(f"lakana: {text}"), file=sys.stderr, flush=True)  # noqa: T201  the command line's own output


class _Rate(ProgressColumn):
    """How many units a second, where there are many."""

    def render(self, task: Task) -> Text:
        """Return it as text."""
        return Text(f"{task.speed:,.0f}/s" if task.speed and task.completed > MANY else "")


class Console:
    """A :class:`geo.progress.Progress` on standard error; a context manager that leaves the terminal tidy."""

    def __init__(self) -> None:
        self._terminal = Terminal(stderr=True)
        self._bars: Progress | None = None
        if self._terminal.is_terminal:
            self._bars = Progress(
                TextColumn("{task.description}", markup=False),
                BarColumn(),
                MofNCompleteColumn(),
                _Rate(),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                console=self._terminal,
            )
        self._tasks: dict[str, TaskID] = {}
        self._named: set[str] = set()

    def __enter__(self) -> Self:
        if self._bars:
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bars:
            self._bars.stop()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how far a step is."""
        if self._bars:
            if step not in self._tasks:
                self._tasks[step] = self._bars.add_task(shown(step), total=total or None)
            self._bars.update(self._tasks[step], completed=done, total=total or None)
        elif step not in self._named:
            self._named.add(step)
            with suppress(OSError):
                print(f"{shown(step)} …", file=sys.stderr, flush=True)  # noqa: T201  the command line's own output
