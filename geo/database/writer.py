"""Writing: each write runs in one transaction, as the login of the caller's audience and in the caller's name."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from psycopg2 import errors as pg
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from geo import metering
from geo.audience import Audience, Caller
from geo.database.owner import login_url, try_to_write
from geo.database.sqlstates import blamed, trouble
from geo.errors import CannotWrite, LakanaError, Timeout, Unavailable
from geo.processes.admission_queue import AdmissionQueue

Result = TypeVar("Result")

CONNECTIONS = 2
"""Per login; one holder uses one at a time. In any case commits wait for each other at the audit log."""
WAITING_EACH = 8
"""Places to wait for each connection; one holder takes at most eight of the sixteen."""
PATIENCE_S, WAIT_S = 5.0, 1.0
"""How long a write may wait, and how long if its holder's line is a standing one (see :class:`AdmissionQueue`)."""
TRY_AGAIN_S = 5.0
"""How long after the database could not write (a full disk, for example) we test whether it can again."""
ATTEMPTS = 3
OVERTAKEN = (pg.DeadlockDetected, pg.UniqueViolation, pg.ForeignKeyViolation, pg.CheckViolation)
"""Errors that another write in between can cause. Tried again, this one succeeds or finds the real obstacle."""
WAIT = "Too many writes wait; try again."
WHETHER_DONE = (
    "The database went away; whether the change was made is not known. Send the same write again, with the same "
    "`idempotency_key`: it is made once."
)


class Writer:
    """Writes for all audiences, each with its own connections. psycopg2 blocks, so each connection has a thread.

    Parameters
    ----------
    owner_url
        The owner's address.
    settle
        Is waited for after each commit, before the write is acknowledged.

    """

    def __init__(self, owner_url: str, settle: Callable[[], Awaitable[None]] | None = None) -> None:
        self._owner_url = owner_url
        self._settle = settle
        self._ways: dict[str, _Way] = {}
        self._trouble: str | None = None
        self._tried_at = 0.0

    async def run(
        self,
        caller: Caller,
        work: Callable[[Connection], Result],
        turn: str | None = None,
        then: Callable[[], None] | None = None,
        login: str | None = None,
    ) -> Result:
        """Do work in one transaction: committed when it returns, rolled back where it raises.

        When it returns, whoever asks is told of it, whichever replica they ask.

        Parameters
        ----------
        caller
            The caller who writes.
        work
            What to do.
        turn
            The holder that takes turns, if it is not the caller.
        then
            Called on the event loop once the work is committed, even if the client has gone by then.
        login
            The login that does it, if it is not that of the caller's audience.

        Raises
        ------
        BadInput, Forbidden, RateLimited
            If the database raises it.
        Timeout
            Where it took longer than its audience may use.
        CannotWrite
            Where the database has no room, or may not write.
        Unavailable
            If too many writes wait, or the database went away; then it is unknown whether the write was done.

        """
        way = self._way(caller.audience, login)
        holder = turn or caller.turn
        await way.turns.take(holder)
        meter, watch = metering.current(), metering.Stopwatch()
        timed = watch.timing(work)
        try:
            done = asyncio.get_running_loop().run_in_executor(way.threads, self._transact, caller, timed, login)
        except RuntimeError:  # the server is about to stop
            way.turns.give_back(holder)
            raise Unavailable(WAIT) from None
        done.add_done_callback(lambda _: way.turns.give_back(holder))
        if then is not None:
            done.add_done_callback(lambda ended: None if ended.cancelled() or ended.exception() else then())
        done.add_done_callback(lambda _: meter.note(database_s=watch.seconds))
        # A client that gives up does not undo its write.
        result = await asyncio.shield(done)
        if self._settle is not None:
            await self._settle()
        return result

    async def trouble(self) -> str | None:
        """Return why the database still cannot write; None if it can.

        After a failure it is tried again from time to time, so that a server finds out even without write requests.
        """
        if self._trouble is not None and time.monotonic() - self._tried_at >= TRY_AGAIN_S:
            self._tried_at = time.monotonic()
            with suppress(LakanaError, SQLAlchemyError):
                await asyncio.to_thread(try_to_write, self._owner_url)
                self._trouble = None
        return self._trouble

    def _transact(self, caller: Caller, work: Callable[[Connection], Result], login: str | None = None) -> Result:
        engine = self._way(caller.audience, login).engine
        for left in reversed(range(ATTEMPTS)):
            try:
                with engine.begin() as connection:
                    _attribute(connection, caller)
                    result = work(connection)
            except PoolTimeout:
                raise Unavailable(WAIT) from None
            except DBAPIError as error:
                if not left or not isinstance(error.orig, OVERTAKEN):
                    told = _told(error, caller.audience)
                    if isinstance(told, CannotWrite):
                        self._trouble, self._tried_at = told.reason, time.monotonic()
                    raise told from None
            else:
                self._trouble = None
                return result
        raise AssertionError  # the last attempt returns or raises

    def _way(self, audience: Audience, login: str | None) -> _Way:
        login = login or audience
        if login not in self._ways:
            self._ways[login] = _Way(
                AdmissionQueue(CONNECTIONS, PATIENCE_S, WAIT, waiting_each=WAITING_EACH, wait_s=WAIT_S, name="writes"),
                ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="lakana-write"),
                _engine(self._owner_url, login, audience.timeout_ms),
            )
        return self._ways[login]

    def close(self) -> None:
        """Finish running writes and close the connections."""
        for way in self._ways.values():
            way.threads.shutdown(wait=True)
            way.engine.dispose()


@dataclass(frozen=True, slots=True)
class _Way:
    """One login's own turns, threads and connections, so that no audience waits for another."""

    turns: AdmissionQueue
    threads: ThreadPoolExecutor
    engine: Engine


def _engine(owner_url: str, login: str, timeout_ms: int) -> Engine:
    settings = {
        "search_path": "lakana,public",
        "statement_timeout": timeout_ms,
        # A server that hangs in the middle of a write must not block the others.
        "idle_in_transaction_session_timeout": 10_000,
        "jit": "off",
    }
    return create_engine(
        make_url(login_url(owner_url, login)).set(drivername="postgresql+psycopg2"),
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=timeout_ms / 1000,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": 2,
            "tcp_user_timeout": 5_000,
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            "application_name": "lakana-write",
        },
    )


def _attribute(connection: Connection, caller: Caller) -> None:
    """Set the writer and their organisation for this transaction: for the audit log, and for checks of ownership."""
    connection.execute(
        text(
            "SELECT set_config('lakana.holder', :holder, true), set_config('lakana.organization', :own, true),"
            " set_config('lakana.person', :person, true)"
        ),
        {"holder": caller.holder, "own": caller.organization_id or "", "person": caller.person or ""},
    )


def _told(error: DBAPIError, audience: Audience) -> Exception:
    original: Any = error.orig
    if isinstance(original, pg.QueryCanceled):
        return Timeout(f"The write took longer than {audience.timeout_ms / 1000:g} s; nothing was changed, try again.")
    told: Exception | None = blamed(error) or trouble(error)
    if told is None and isinstance(error, OperationalError | InterfaceError):
        told = Unavailable(WAIT if isinstance(original, pg.DeadlockDetected | pg.LockNotAvailable) else WHETHER_DONE)
    return told or error
