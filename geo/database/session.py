"""One connection on the event loop, which prepares its statements.

psycopg2 does not prepare by itself: a statement is prepared at its first use (planning with PostGIS is expensive) and
only executed afterwards. A broken connection is reopened, and the statement that failed with it is run once more, since
every statement here is read-only.

A connection is closed only where it broke. Opening one costs 30 to 70 ms and all that was prepared, so a caller who
hangs up, or whose statement fails, must not be able to close it: others share it.

The event loop watches a duplicate of the connection's descriptor. libpq may close its own at any moment, and the number
may then be that of another file; the duplicate is ours until we close it.
"""

from __future__ import annotations

import asyncio
import os
import select
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from typing import Any

import psycopg2
from psycopg2 import errors as pg
from psycopg2.extensions import POLL_OK, POLL_READ, POLL_WRITE

from geo import metering
from geo.bounded_cache import BoundedCache
from geo.database.sqlstates import blamed, ends_connection, trouble
from geo.database.statements import Answer, Job
from geo.errors import LakanaError, Timeout, Unavailable

PREPARED_BYTES = 24_000_000
"""For a connection's prepared statements, in the database; the least recently used goes first."""
PREPARED_BYTES_A_CHARACTER = 100
"""Database memory of a prepared statement for each character of its SQL: 53 to 99 were measured
(pg_backend_memory_contexts; nearest services 409 kB for 4,134 characters, all data of a service 817 for 15,309)."""
CONNECT_S, WARM_UP_S = 2.0, 3.0
"""How long a connection may take to open, and its first distance, which loads PROJ in up to 70 ms."""
WARM_UP = "SELECT ST_Distance('POINT(0 0)'::geography, 'POINT(1 1)'::geography)"
LOOP_S = 0.01
"""How much of the time until a statement's answer may be the event loop's own: it holds nobody up for longer."""

WENT_AWAY = "The database went away; try again."
UNREACHED = "The database cannot be reached; try again."

GEOS_INTERRUPTED = "InterruptedException"
"""Part of PostGIS's own error message if the timeout strikes inside GEOS."""


class _WentAway(Exception):
    """The connection broke under a statement."""


class Session:
    """A connection, opened when it is first needed. It runs one statement at a time, on the event loop that asks.

    Parameters
    ----------
    url
        The address with the login's name.
    timeout_ms
        How long a statement may run.
    threads
        Where it opens the connection and cancels statements, which both block.
    patience_s
        How long it may take to open the connection.

    """

    def __init__(self, url: str, timeout_ms: int, threads: Executor, patience_s: float = CONNECT_S + WARM_UP_S) -> None:
        self._timeout_ms = timeout_ms
        self._threads = threads
        self._connect = partial(_connected, url, timeout_ms, patience_s)
        self._opening: asyncio.Future[Any] | None = None
        self._connection: Any = None
        self._cursor: Any = None
        self._line: int | None = None
        """Our duplicate of the connection's descriptor."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ended: asyncio.Future[Exception | None] | None = None
        """The end of the statement that runs, with its error."""
        self._preparing: asyncio.Task[str] | None = None
        self._prepared: BoundedCache[str, str] = BoundedCache(PREPARED_BYTES)
        self._count = 0
        self._is_sending = self._was_cut = False
        self.times_opened = 0
        self.spent_s = 0.0
        """Time in statements since it was last set to 0, those that nobody waits for any more included.

        Opening a connection counts only where the one before broke under a statement of the same caller.
        """

    async def answer(self, job: Job) -> Answer:
        """Run a job; if the connection turns out to be broken, run it once more on a new one."""
        self._was_cut = False
        for again in (True, False):
            try:
                return await self._attempt(job, opening_counts=not again)
            except _WentAway:
                if not again or self._was_cut:
                    break
        return Unavailable(WENT_AWAY)

    async def _attempt(self, job: Job, *, opening_counts: bool) -> Answer:
        try:
            loop = asyncio.get_running_loop()
            if self._connection is None:
                with self._spending() if opening_counts else nullcontext():
                    await self._open(loop)
            if self._loop is not loop:
                self._watch(loop)
            return await self._execute(job)
        except LakanaError as error:
            return error.with_traceback(None)
        except pg.QueryCanceled:  # an operational error too, but the connection is intact
            return self._timeout()
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
            self._close_if_broken(error)
            told = trouble(error)
            if told is None:
                raise _WentAway from None
            return told
        except psycopg2.Error as error:
            return trouble(error) or self._refused(error)

    def _close_if_broken(self, error: psycopg2.Error) -> None:
        """Close the connection if it ended with the error; it outlives any other error of a statement."""
        if self._connection is not None and (self._connection.closed or ends_connection(error)):
            self.close()

    def _refused(self, error: psycopg2.Error) -> Answer:
        if ours := blamed(error):
            return ours
        if isinstance(error, pg.InternalError_) and GEOS_INTERRUPTED in (error.diag.message_primary or ""):
            return self._timeout()
        return error.with_traceback(None)

    def _timeout(self) -> Timeout:
        seconds = self._timeout_ms / 1000
        return Timeout(f"The statement ran longer than {seconds:g} s; ask for a smaller area or fewer items.")

    async def _open(self, loop: asyncio.AbstractEventLoop) -> None:
        self._opening = loop.run_in_executor(self._threads, self._connect)
        await self._opened()

    async def _opened(self) -> None:
        assert self._opening is not None  # noqa: S101
        try:
            connection = await asyncio.shield(self._opening)
        except psycopg2.Error as error:
            self._opening = None
            raise trouble(error) or Unavailable(UNREACHED) from None
        except LakanaError:
            self._opening = None
            raise
        self._opening = None
        self._connection, self._cursor = connection, connection.cursor()
        self._line = os.dup(connection.fileno())
        self.times_opened += 1

    @property
    def is_open(self) -> bool:
        """Whether there is a connection; the event loop notices at once where it breaks."""
        return self._connection is not None

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        self._unwatch()
        assert self._line is not None  # noqa: S101
        self._loop = loop
        loop.add_reader(self._line, self._look)

    def _unwatch(self) -> None:
        if self._loop is not None and self._line is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._line)
            if self._is_sending:
                self._stop_sending()
        self._loop = None

    def _look(self) -> None:
        """Take what has arrived, or send on; where no statement runs, it is mostly the end of the connection."""
        error: Exception | None = None
        try:
            state = self._connection.poll()
        except psycopg2.Error as raised:
            state, error = POLL_OK, raised.with_traceback(None)
        if self._is_sending and state != POLL_WRITE:
            self._stop_sending()
        if state == POLL_OK and self._ended is not None and not self._ended.done():
            self._ended.set_result(error)
        elif error is not None:
            self._close_if_broken(error)

    def _stop_sending(self) -> None:
        assert self._loop is not None and self._line is not None  # noqa: S101, PT018
        self._loop.remove_writer(self._line)
        self._is_sending = False

    @contextmanager
    def _spending(self) -> Iterator[None]:
        """Count the time within the context."""
        began, own = time.perf_counter(), metering.PROCESSOR.read()
        try:
            yield
        finally:
            # An answer may lie there while the loop does something else, which is nothing that the database spent.
            beside = min(metering.PROCESSOR.read() - own, LOOP_S)
            self.spent_s += max(0.0, time.perf_counter() - began - beside)

    async def _execute(self, job: Job) -> str | None:
        with self._spending():
            return await self._fetch(job)

    async def _fetch(self, job: Job) -> str | None:
        sql = job.statement.sql
        name = self._prepared.get(sql) or await self._prepare(sql)
        places = f"({','.join(['%s'] * len(job.values))})" if job.values else ""
        await self._run(f"EXECUTE {name}{places}", job.values)
        row = self._cursor.fetchone()
        return None if row is None else row[0]

    async def _prepare(self, sql: str) -> str:
        """Prepare a statement, to the end even if the caller gives up: so it is always known what is prepared."""
        assert self._loop is not None  # noqa: S101
        self._preparing = self._loop.create_task(self._prepare_whole(sql))
        return await asyncio.shield(self._preparing)

    async def _prepare_whole(self, sql: str) -> str:
        try:
            self._count += 1
            name = f"s{self._count}"
            await self._run(f"PREPARE {name} AS {sql}")
            for oldest in self._prepared.put(sql, name, PREPARED_BYTES_A_CHARACTER * len(sql)):
                await self._run(f"DEALLOCATE {oldest}")
            return name
        finally:
            self._preparing = None

    async def _run(self, sql: str, values: tuple[Any, ...] | None = None) -> None:
        """Run a statement to its end."""
        assert self._loop is not None and self._line is not None  # noqa: S101, PT018
        self._cursor.execute(sql, values)
        state = self._connection.poll()
        if state == POLL_WRITE:  # it is long, and the database has not taken all of it
            self._loop.add_writer(self._line, self._look)
            self._is_sending = True
        if state != POLL_OK:
            self._ended = self._loop.create_future()
            await self._end()
        if self._connection is None:  # it broke between the end of the statement and our turn
            raise _WentAway

    async def _end(self) -> None:
        """Wait for the end of the statement that runs; who gives up waiting leaves it to :meth:`settle`."""
        assert self._ended is not None  # noqa: S101
        error = await asyncio.shield(self._ended)
        self._ended = None
        if error is not None:
            try:
                raise error
            finally:
                del error  # breaks a reference cycle between the error and this frame

    async def settle(self) -> None:
        """End what nobody waits for any more; the connection stays open, with all that it has prepared.

        A statement that is being executed is cancelled. One that is being prepared is not: that takes 1 to 10 ms.
        """
        try:
            if self._opening is not None:
                await self._opened()
            with self._spending():
                if self._preparing is not None:
                    await self._preparing
                elif self._ended is not None:
                    await self._cancel()
        except (LakanaError, _WentAway):  # it could not be opened, or is gone
            pass
        except psycopg2.Error as error:
            self._close_if_broken(error)

    async def _cancel(self) -> None:
        assert self._ended is not None  # noqa: S101
        if self._connection is None:  # the server shuts down
            return
        if not self._ended.done():
            with suppress(psycopg2.Error):  # where it cannot be cancelled, its time limit ends it
                await asyncio.get_running_loop().run_in_executor(self._threads, self._connection.cancel)
        await self._end()

    def cut(self) -> None:
        """End the waiting for a server which does not even report a timeout: it is stopped, or cannot be reached."""
        self._was_cut = True
        if self._line is not None:
            with suppress(OSError), socket.socket(fileno=os.dup(self._line)) as line:
                line.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection, if there is one, and cancel the statement that runs."""
        self._unwatch()
        if self._connection is not None:
            if self._connection.isexecuting():
                with suppress(psycopg2.Error):
                    self._connection.cancel()
            self._connection.close()
        if self._line is not None:
            os.close(self._line)
        self._connection = self._cursor = self._line = None
        self._prepared.clear()

    def __del__(self) -> None:
        """Close our descriptor of a session that nobody closed."""
        if self._line is not None:
            os.close(self._line)


def _connected(url: str, timeout_ms: int, patience_s: float) -> Any:
    """Open a connection for the event loop; this blocks."""
    settings = {
        "search_path": "lakana,public",
        "statement_timeout": timeout_ms,
        "default_transaction_read_only": "on",
        "plan_cache_mode": "force_generic_plan",
        "jit": "off",
        "max_parallel_workers_per_gather": 0,
    }
    connection = psycopg2.connect(
        url,
        tcp_user_timeout=5_000,
        options=" ".join(f"-c {name}={value}" for name, value in settings.items()),
        application_name="lakana",
        async_=True,
    )
    try:
        _wait(connection, min(CONNECT_S, patience_s))
        # The first distance on a connection loads PROJ: do it before a request needs it.
        cursor = connection.cursor()  # psycopg2 itself does not hold it
        cursor.execute(WARM_UP)
        _wait(connection, min(WARM_UP_S, patience_s))
    except BaseException:
        connection.close()
        raise
    return connection


def _wait(connection: Any, seconds: float) -> None:
    latest = time.monotonic() + seconds
    while (state := connection.poll()) != POLL_OK:
        line = select.poll()
        line.register(connection.fileno(), select.POLLIN if state == POLL_READ else select.POLLOUT)
        if not line.poll(max(0.0, latest - time.monotonic()) * 1_000):
            raise Unavailable(UNREACHED)
