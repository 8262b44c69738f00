"""The way to write: each write in one transaction, as the login of who writes, in the writer's name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from psycopg2 import errors as pg
from sqlalchemy import Connection, Engine, create_engine, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from geo import spending
from geo.audience import Audience, Caller
from geo.database import login_url
from geo.errors import BadInput, Forbidden, RateLimited, Timeout, Unavailable
from geo.writes.write import attribute

Result = TypeVar("Result")

CONNECTIONS = 2
"""A login. Commits wait for each other at the audit log in any case."""
WAITING_AT_MOST = 30
ATTEMPTS = 3
OVERTAKEN = (pg.DeadlockDetected, pg.UniqueViolation, pg.ForeignKeyViolation)
"""What another write that came in between leads to: done after it, this one works, or finds what stands against it."""
WAIT = "Too many writes wait; try again."
WHETHER_DONE = (
    "The database went away; whether the change was made is not known. Send the same write again, with the same "
    "idempotencyKey: it is made once."
)


class Writer:
    """Writes for all audiences. psycopg2 blocks, so each connection has a thread."""

    def __init__(self, owner_url: str) -> None:
        self._owner_url = owner_url
        self._engines: dict[Audience, Engine] = {}
        self._threads = ThreadPoolExecutor(2 * CONNECTIONS, thread_name_prefix="lakana-write")
        self._waiting = 0

    async def run(self, caller: Caller, work: Callable[[Connection], Result]) -> Result:
        """Do work in one transaction: committed when it returns, rolled back where it raises.

        Raises
        ------
        BadInput, Forbidden, RateLimited
            Where the database says so.
        Timeout
            Where it took longer than its audience may use.
        Unavailable
            Where too many writes wait, or the database went away: then nobody knows whether it was done.

        """
        if self._waiting >= WAITING_AT_MOST:
            raise Unavailable(WAIT)
        self._waiting += 1
        meter, watch = spending.current(), spending.Stopwatch()
        done = asyncio.get_running_loop().run_in_executor(self._threads, self._transact, caller, watch.timing(work))
        done.add_done_callback(self._leave)
        done.add_done_callback(lambda _: meter.note(database_s=watch.seconds))
        # A client that gives up does not undo what it asked for.
        return await asyncio.shield(done)

    def _leave(self, _: object) -> None:
        self._waiting -= 1

    def _transact(self, caller: Caller, work: Callable[[Connection], Result]) -> Result:
        for left in reversed(range(ATTEMPTS)):
            try:
                with self._engine(caller.audience).begin() as connection:
                    attribute(connection, caller)
                    return work(connection)
            except PoolTimeout:
                raise Unavailable(WAIT) from None
            except DBAPIError as error:
                if not left or not isinstance(error.orig, OVERTAKEN):
                    raise _told(error, caller.audience) from None
        raise AssertionError  # the last attempt returns or raises

    def _engine(self, audience: Audience) -> Engine:
        if audience not in self._engines:
            settings = {
                "search_path": "lakana,public",
                "statement_timeout": audience.timeout_ms,
                # A server that stops in the middle of a write must not keep the others waiting.
                "idle_in_transaction_session_timeout": 10_000,
                "jit": "off",
            }
            self._engines[audience] = create_engine(
                make_url(login_url(self._owner_url, audience)).set(drivername="postgresql+psycopg2"),
                pool_size=CONNECTIONS,
                max_overflow=0,
                pool_timeout=audience.timeout_ms / 1000,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={
                    "connect_timeout": 2,
                    "tcp_user_timeout": 5_000,
                    "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
                    "application_name": "lakana-write",
                },
            )
        return self._engines[audience]

    def close(self) -> None:
        """Finish what is under way and close the connections."""
        self._threads.shutdown(wait=True)
        for engine in self._engines.values():
            engine.dispose()


def _told(error: DBAPIError, audience: Audience) -> Exception:
    original: Any = error.orig
    said: Any = getattr(original, "diag", None)
    match getattr(original, "pgcode", None):
        case "LK400":
            return BadInput(said.message_detail or "", said.message_primary or "")
        case "LK403":
            return Forbidden(said.message_primary or "")
        case "LK429":
            return RateLimited(said.message_primary or "", int(said.message_detail))
    if isinstance(original, pg.QueryCanceled):
        return Timeout(f"The write took longer than {audience.timeout_ms / 1000:g} s; nothing was changed, try again.")
    if isinstance(error, OperationalError | InterfaceError):
        return Unavailable(WAIT if isinstance(original, pg.DeadlockDetected) else WHETHER_DONE)
    return error
