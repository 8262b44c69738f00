"""Connections of one audience, shared by requests in the order of their coming."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence

from geo.database import Audience
from geo.errors import Unavailable
from geo.session import Session
from geo.statements import Answer, Job


class Pool:
    """Sessions of one audience.

    Parameters
    ----------
    url
        The address with the login's name (see :func:`geo.database.login_url`).
    audience
        The role that every statement runs as.
    size
        How many connections.
    timeout_ms
        What a statement may take.
    wait_s
        How long a request waits for a connection before it is turned away.

    """

    def __init__(self, url: str, audience: Audience, size: int, timeout_ms: int, wait_s: float = 1.5) -> None:
        self._wait_s = wait_s
        self._sessions = [Session(url, audience, timeout_ms) for _ in range(size)]
        # The last one used comes first: it is open, and its statements are prepared.
        self._free = list(reversed(self._sessions))
        self._waiting: deque[asyncio.Future[Session]] = deque()

    async def run(self, jobs: Sequence[Job]) -> list[Answer]:
        """Run jobs one after the other on one connection; an answer is a text, ``None``, or what went wrong.

        Raises
        ------
        Unavailable
            Where no connection came free in time.

        """
        session = self._free.pop() if self._free else await self._turn()
        try:
            return [await session.answer(job) for job in jobs]
        finally:
            self._release(session)

    async def _turn(self) -> Session:
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[Session] = loop.create_future()
        self._waiting.append(turn)
        timer = loop.call_later(self._wait_s, _give_up, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._release(turn.result())
            raise
        finally:
            timer.cancel()

    def _release(self, session: Session) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(session)
                return
        self._free.append(session)

    def close(self) -> None:
        """Close the connections."""
        for session in self._sessions:
            session.close()


def _give_up(turn: asyncio.Future[Session]) -> None:
    if not turn.done():
        turn.set_exception(Unavailable("All database connections are busy; try again."))
