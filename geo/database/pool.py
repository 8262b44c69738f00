"""Connections of one login on the event loop, shared by requests in fair turns."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import inf

from geo import metering
from geo.database.session import CONNECT_S, WARM_UP_S, Session
from geo.database.statements import TOO_LARGE, Answer, Job
from geo.errors import Timeout, TooCostly, Unavailable
from geo.processes.admission_queue import AdmissionQueue

TOO_LATE = "The other fields of this request took all its time; ask for fewer at once."

NOT_NOW = "This server may not answer now."

PATIENCE_S = 0.5
"""How long a burst may wait for connections."""

SILENT_S = 3.0
"""How much longer than its statement's time limit a server may stay silent before we give up the connection."""


class Pool:
    """Sessions of one login. They wait on the event loop; threads only open connections and cancel statements.

    Parameters
    ----------
    url
        The address with the login's name (see :func:`geo.database.owner.login_url`).
    size
        Connections; one holder uses at most half of them at a time.
    timeout_ms
        How long a statement may run, and how long after the first statement of a request another may begin.
    name
        What its queue is called in the operator's figures.
    may_answer
        Whether the server may answer now; asked before each statement.
    patience_s
        How long it may take to open a connection.

    """

    def __init__(
        self,
        url: str,
        size: int,
        timeout_ms: int,
        name: str = "",
        may_answer: Callable[[], bool] | None = None,
        patience_s: float = CONNECT_S + WARM_UP_S,
    ) -> None:
        self._timeout_ms = timeout_ms
        self._may_answer = may_answer
        self._turns = AdmissionQueue(size, PATIENCE_S, "All database connections are busy; try again.", name=name)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="lakana-database")
        self._make = partial(Session, url, timeout_ms, self._threads, patience_s)
        self._idle: list[Session] = []
        self._busy: set[Session] = set()
        self._endings: set[asyncio.Task[None]] = set()

    async def run(self, jobs: Sequence[Job], holder: str, most_bytes: float = inf) -> list[Answer]:
        """Run jobs one after the other on one connection; each answer is a text, ``None``, or an error.

        No job is started after the time that one statement may run. If the caller gives up waiting, the running
        statement is cancelled.

        Parameters
        ----------
        jobs
            What to run.
        holder
            The holder that takes turns (see :attr:`geo.audience.Caller.turn`).
        most_bytes
            How large all answers may be together; no job is started after they are larger.

        Raises
        ------
        Unavailable
            Where no connection comes free soon.
        TooCostly
            Where the answers are larger than ``most_bytes``, or one of them is :data:`TOO_LARGE`.

        """
        await self._turns.take(holder)
        session = self._idle.pop() if self._idle else self._make()
        self._busy.add(session)
        session.spent_s = 0.0
        meter, share = metering.current(), metering.CROWD.begin()
        loop = asyncio.get_running_loop()
        longest_s = min(len(jobs), 2) * self._timeout_ms / 1000 + SILENT_S
        watch = loop.call_later(longest_s, session.cut)

        def over(_: object = None) -> None:
            watch.cancel()
            metering.CROWD.end()
            meter.note(database_s=share * session.spent_s)
            self._busy.discard(session)
            self._idle.append(session)
            self._turns.give_back(holder)

        try:
            answers = await self._answers(session, jobs, most_bytes)
        except asyncio.CancelledError:
            # The connection becomes free when its statement has ended.
            ending = loop.create_task(session.settle())
            self._endings.add(ending)
            ending.add_done_callback(self._endings.discard)
            ending.add_done_callback(over)
            raise
        except BaseException:
            over()
            raise
        over()
        return answers

    async def _answers(self, session: Session, jobs: Sequence[Job], most_bytes: float) -> list[Answer]:
        deadline, answers, size = time.monotonic() + self._timeout_ms / 1000, list[Answer](), 0
        for job in jobs:
            if self._may_answer is not None and not self._may_answer():
                return [*answers, Unavailable(NOT_NOW)]
            before = session.spent_s
            answer = await session.answer(job) if time.monotonic() < deadline else Timeout(TOO_LATE)
            metering.SPENT.note(job.statement.answers, session.spent_s - before)
            if isinstance(answer, str):
                size += len(answer)
                if answer == TOO_LARGE or size > most_bytes:
                    raise TooCostly("The answers are larger than they may be; ask for fewer items or fields.")
            answers.append(answer)
        return answers

    def cut(self) -> None:
        """End the waiting of all statements that run: the server says nothing."""
        for session in self._busy:
            session.cut()

    def close(self) -> None:
        """Cancel what still runs and close the connections."""
        for session in (*self._idle, *self._busy):
            session.close()
        self._threads.shutdown(wait=True)
