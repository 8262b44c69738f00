"""The state of what the public may read: as long as it is the same, so is each answer to the public."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import Context
from copy import copy
from typing import Protocol

from geo.database.statements import Answer, Job, Statement
from geo.errors import LakanaError, Unavailable

HOLDER = "the public's state"
"""The holder as which it is read. Nobody pays for it: it takes some 0.1 ms for all who ask together."""
CANNOT = "The database does not answer now; try again."
_STATE = Job(Statement("SELECT concat_ws(' ', lakana.public_version(), (now() AT TIME ZONE 'UTC')::date)", (), {}), ())


class Runs(Protocol):
    """What runs jobs as the public's login."""

    async def run(self, jobs: Sequence[Job], holder: str, /) -> list[Answer]: ...  # noqa: D102


class PublicState:
    """Reads the state; those who ask before a statement begins share it.

    So each sees every write that was committed before they asked, and a flood costs the database little.

    Parameters
    ----------
    pool
        The connections of the public's login.

    """

    def __init__(self, pool: Runs) -> None:
        self._pool = pool
        self._running: asyncio.Task[str | LakanaError] | None = None
        self._next: asyncio.Task[str | LakanaError] | None = None

    async def read(self) -> str:
        """Return the state as a text: another one after each write that changes what the public may read.

        A write of what the public may not read leaves it. No state comes back, not even with an old backup. The day
        (UTC) is a part, as areas come into force with the day.

        Raises
        ------
        LakanaError
            Where the database does not answer.

        """
        if self._next is None:
            # In a context of its own: its time is charged to none of those who share it.
            self._next = asyncio.create_task(self._read(self._running), context=Context())
        found = await asyncio.shield(self._next)
        if isinstance(found, LakanaError):
            raise copy(found)  # the traceback of an error grows each time it is raised
        return found

    async def _read(self, before: asyncio.Task[str | LakanaError] | None) -> str | LakanaError:
        if before is not None and not before.done():
            await asyncio.wait([before])  # whatever became of it
        self._running, self._next = self._next, None
        try:
            [answer] = await self._pool.run([_STATE], HOLDER)
        except LakanaError as error:
            return error.with_traceback(None)
        return answer if isinstance(answer, str) else Unavailable(CANNOT)
