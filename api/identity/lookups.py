"""Looking up keys and people, many in one statement, so that a flood of bad ones costs the database next to nothing.

While statements are under way, whatever is asked waits for the next one and shares it. So at most :data:`AT_ONCE`
statements run at a time however many keys are tried, a good key waits no longer than two short ones, and nothing is
remembered: what is revoked ends at once, what is made is good at once.
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
"""Names in one statement."""
CANNOT = "Keys and people cannot be looked up now; try again."

Row = dict[str, Any]


class Lookups:
    """Finds rows by name.

    Parameters
    ----------
    gate
        The pool of the login that reads keys and people.
    turn
        What these look-ups are called among those who take turns at the gate.
    ask
        Makes the statement for some names, whose answer is a JSON object of the rows found by name, or null.

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
            Where the database cannot say.

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
            del answer  # or what it raises would hold it, and it what it raises

    async def _work(self) -> None:
        while self._waiting:
            asked = {name: self._waiting.pop(name) for name in list(islice(self._waiting, MOST))}
            found = await self._found(list(asked))
            for name, answers in asked.items():
                for each in answers:
                    if each.done():
                        continue
                    if isinstance(found, LakanaError):
                        each.set_exception(copy(found))  # one for each: an error that is raised twice grows
                    else:
                        each.set_result(found.get(name))

    async def _found(self, names: list[str]) -> dict[str, Row] | LakanaError:
        try:
            [answer] = await self._gate.run([self._ask(names)], self._turn)
        except LakanaError as error:
            return error.with_traceback(None)
        except Exception as error:  # noqa: BLE001  whoever waits is told, whatever it is
            log_internal(error)
            return Unavailable(CANNOT)
        if isinstance(answer, LakanaError):
            return answer
        if isinstance(answer, Exception):
            log_internal(answer)
            return Unavailable(CANNOT)
        return orjson.loads(answer) if answer else {}
