"""Connections of one login, each with its thread, shared by requests in the order of their coming."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from geo.audience import GATE, Audience
from geo.database import login_url
from geo.errors import Timeout, Unavailable
from geo.session import Session
from geo.statements import Answer, Job
from geo.writer import Writer

TOO_LATE = Timeout("The other fields of this request took all its time; ask for fewer at once.")


class Pool:
    """Sessions of one login. psycopg2 blocks, so each has a thread.

    Parameters
    ----------
    url
        The address with the login's name (see :func:`geo.database.login_url`).
    size
        Connections and threads.
    timeout_ms
        What a statement may take, and the latest that a statement of the same request may begin.
    wait_s
        How long a request waits for a connection before it is turned away.

    """

    def __init__(self, url: str, size: int, timeout_ms: int, wait_s: float = 1.5) -> None:
        self._timeout_ms = timeout_ms
        self._wait_s = wait_s
        self._free = size
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._local = threading.local()
        self._sessions: list[Session] = []
        self._make = partial(Session, url, timeout_ms)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="lakana-database")

    async def run(self, jobs: Sequence[Job]) -> list[Answer]:
        """Run jobs one after the other on one connection; an answer is a text, ``None``, or what went wrong.

        Together they get the time that one statement gets: no job is begun after it.

        Raises
        ------
        Unavailable
            Where no connection came free in time.

        """
        if self._free:
            self._free -= 1
        else:
            await self._turn()
        work = asyncio.get_running_loop().run_in_executor(self._threads, self._run, jobs)
        # The connection comes free when the work ends, which may be after a client that gave up.
        work.add_done_callback(self._release)
        return await asyncio.shield(work)

    async def _turn(self) -> None:
        loop = asyncio.get_running_loop()
        turn = loop.create_future()
        self._waiting.append(turn)
        timer = loop.call_later(self._wait_s, _give_up, turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._release()  # it was given a connection and cannot use it
            raise
        finally:
            timer.cancel()

    def _release(self, _: object = None) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _run(self, jobs: Sequence[Job]) -> list[Answer]:
        session: Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = self._make()
            self._sessions.append(session)
        deadline = time.monotonic() + self._timeout_ms / 1000
        return [session.answer(job) if time.monotonic() < deadline else TOO_LATE for job in jobs]

    def close(self) -> None:
        """Wait for work under way and close the connections."""
        self._threads.shutdown(wait=True)
        for session in self._sessions:
            session.close()


class Pools:
    """A pool for each login, and the way to write. None opens a connection before it is asked.

    Parameters
    ----------
    owner_url
        The owner's address, from which those of the logins follow.
    size
        Connections a login.

    """

    def __init__(self, owner_url: str, size: int) -> None:
        self._of = {each: Pool(login_url(owner_url, each), size, each.timeout_ms) for each in Audience}
        self.gate = Pool(login_url(owner_url, GATE), size, Audience.PUBLIC.timeout_ms)
        self.writer = Writer(owner_url)

    def of(self, audience: Audience) -> Pool:
        """Give the pool whose statements run as this audience."""
        return self._of[audience]

    def close(self) -> None:
        """Wait for work under way and close the connections."""
        for each in (*self._of.values(), self.gate):
            each.close()
        self.writer.close()


def _give_up(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_exception(Unavailable("All database connections are busy; try again."))
