"""Connections of one audience, each with its thread, shared by requests in the order of their coming."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from geo.database import Audience
from geo.errors import Timeout, Unavailable
from geo.session import Session
from geo.statements import Answer, Job

TOO_LATE = Timeout("The other fields of this request took all its time; ask for fewer at once.")


class Pool:
    """Sessions of one audience. psycopg2 blocks, so each has a thread.

    Parameters
    ----------
    url
        The address with the login's name (see :func:`geo.database.login_url`).
    audience
        The role that every statement runs as.
    size
        Connections and threads.
    timeout_ms
        What a statement may take, and the latest that a statement of the same request may begin.
    wait_s
        How long a request waits for a connection before it is turned away.

    """

    def __init__(self, url: str, audience: Audience, size: int, timeout_ms: int, wait_s: float = 1.5) -> None:
        self._timeout_ms = timeout_ms
        self._wait_s = wait_s
        self._free = asyncio.Semaphore(size)
        self._local = threading.local()
        self._sessions: list[Session] = []
        self._make = partial(Session, url, audience, timeout_ms)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix=f"lakana-{audience.name.lower()}")

    async def run(self, jobs: Sequence[Job]) -> list[Answer]:
        """Run jobs one after the other on one connection; an answer is a text, ``None``, or what went wrong.

        Together they get the time that one statement gets: no job is begun after it.

        Raises
        ------
        Unavailable
            Where no connection came free in time.

        """
        if self._free.locked():
            try:
                await asyncio.wait_for(self._free.acquire(), self._wait_s)
            except TimeoutError:
                raise Unavailable("All database connections are busy; try again.") from None
        else:
            await self._free.acquire()
        work = asyncio.get_running_loop().run_in_executor(self._threads, self._run, jobs)
        # The connection comes free when the work ends, which may be after a client that gave up.
        work.add_done_callback(lambda _: self._free.release())
        return await asyncio.shield(work)

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
