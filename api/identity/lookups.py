"""Looking up keys and people, many in one statement, so that a flood of invalid ones costs the database very little.

While statements are running, further look-ups wait for the next statement and share it. So at most :data:`AT_ONCE`
statements run at a time however many keys are tried, and a valid key waits no longer than two short statements. Nothing
is cached: a revoked key stops working at once, and a new one works at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from copy import copy
from itertools import islice
from typing import Any

import orjson

from api.errors import log_internal
from geo.database.pool import Pool
from geo.database.statements import Job
from geo.errors import LakanaError, Unavailable

AT_ONCE = 2
MOST = 100
"""Names that one statement looks up."""
CANNOT = "Keys and people cannot be looked up now; try again."

Row = dict[str, Any]


class Lookups:
    """Finds rows by name.

    Parameters
    ----------
    gate
        The pool of the login that reads keys and people.
    turn
        The holder as which these look-ups take turns at the gate.
    ask
        Makes the statement for some names; its answer is a JSON object of rows by name, or null.

    """

    def __init__(self, gate: Pool, turn: str, ask: Callable[[Sequence[str]], Job]) -> None:
        self._gate = gate
        self._turn = turn
        self._ask = ask
        self._waiting: dict[str, list[asyncio.Future[Row | None]]] = {}
        self._asking: set[asyncio.Task[None]] = set()

    async def row(self, name: str) -> Row | None:
        """Return the row of a name; None where there is none.

        Raises
        ------
        LakanaError
            If the database cannot answer.

        """
        answer: asyncio.Future[Row | None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(name, []).append(answer)
        if len(self._asking) < AT_ONCE:
            task = asyncio.create_task(self._work())
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)
        try:
            return await answer
        finally:
            del answer  # breaks a reference cycle between the future and its exception

    async def _work(self) -> None:
        while self._waiting:
            asked = {name: self._waiting.pop(name) for name in list(islice(self._waiting, MOST))}
            found = await self._found(list(asked))
            for name, answers in asked.items():
                for each in answers:
                    if each.done():
                        continue
                    if isinstance(found, LakanaError):
                        each.set_exception(copy(found))  # a copy: tracebacks grow each time an error is raised
                    else:
                        each.set_result(found.get(name))

    async def _found(self, names: list[str]) -> dict[str, Row] | LakanaError:
        try:
            [answer] = await self._gate.run([self._ask(names)], self._turn)
        except LakanaError as error:
            return error.with_traceback(None)
        except Exception as error:  # noqa: BLE001  the waiting callers get any error
            log_internal(error)
            return Unavailable(CANNOT)
        if isinstance(answer, LakanaError):
            return answer
        if isinstance(answer, Exception):
            log_internal(answer)
            return Unavailable(CANNOT)
        return orjson.loads(answer) if answer else {}
