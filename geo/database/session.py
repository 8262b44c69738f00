"""One connection, which prepares its statements.

psycopg2 does not prepare by itself: a statement is prepared at its first use (planning with PostGIS is expensive) and
only executed afterwards. A broken connection is reopened, and the statement that failed with it is run once more, since
every statement here is read-only.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from contextlib import suppress
from typing import Any

import psycopg2
from psycopg2 import errors as pg

from geo.bounded_cache import BoundedCache
from geo.database.sqlstates import blamed, trouble
from geo.database.statements import Answer, Job
from geo.errors import LakanaError, Timeout, Unavailable

PREPARED_BYTES = 24_000_000
"""For a connection's prepared statements, in the database; the least recently used goes first."""
PREPARED_BYTES_A_CHARACTER = 100
"""Database memory of a prepared statement for each character of its SQL: 53 to 99 were measured
(pg_backend_memory_contexts; nearest services 409 kB for 4,134 characters, all data of a service 817 for 15,309)."""

WENT_AWAY = "The database went away; try again."
GIVEN_UP = "Nobody waits for the answer any more."

GEOS_INTERRUPTED = "InterruptedException"
"""Part of PostGIS's own error message if the timeout strikes inside GEOS."""


class _WentAway(Exception):
    """The connection broke under a statement."""


class Session:
    """A connection, opened when it is first needed. It blocks, and is used by one thread only."""

    def __init__(self, url: str, timeout_ms: int) -> None:
        self._url = url
        self._timeout_ms = timeout_ms
        self._connection: Any = None
        self._cursor: Any = None
        self._prepared: BoundedCache[str, str] = BoundedCache(PREPARED_BYTES)
        self._count = 0
        self.spent_s = 0.0
        """Time in statements since it was last set to 0. Opening a connection does not count: no caller causes it."""
        self._was_cut = False
        # Held while a statement begins, ends or is cancelled, so that a cancellation hits only its own statement.
        self._at_work = threading.Lock()
        self._working = False
        self._request, self._given_up = 1, 0

    def begin(self) -> int:
        """Begin the jobs of another request, and return its number for :meth:`give_up`."""
        with self._at_work:
            self._request += 1
        return self._request

    def answer(self, job: Job) -> Answer:
        """Run a job; if the connection turns out to be broken, run it once more on a new one."""
        self._was_cut = False
        for again in (True, False):
            if self._given_up == self._request:
                return Unavailable(GIVEN_UP)
            try:
                return self._attempt(job)
            except _WentAway:
                if not again or self._was_cut:
                    break
        return Unavailable(WENT_AWAY)

    def _attempt(self, job: Job) -> Answer:
        try:
            if self._connection is None:
                self._open()
            with self._at_work:
                if self._given_up == self._request:
                    return Unavailable(GIVEN_UP)
                self._working = True
            try:
                return self._execute(job)
            finally:
                with self._at_work:
                    self._working = False
        except LakanaError as error:
            return error.with_traceback(None)
        except pg.QueryCanceled:  # an operational error too, but the connection is intact
            return self._timeout()
        except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
            told = trouble(error)
            if told is None:
                self.close()
                raise _WentAway from None
            if self._connection is not None and self._connection.closed:
                self.close()
            return told
        except psycopg2.Error as error:
            return trouble(error) or self._refused(error)

    def _refused(self, error: psycopg2.Error) -> Answer:
        if ours := blamed(error):
            return ours
        if isinstance(error, pg.InternalError_) and GEOS_INTERRUPTED in (error.diag.message_primary or ""):
            return self._timeout()
        return error.with_traceback(None)

    def _timeout(self) -> Timeout:
        seconds = self._timeout_ms / 1000
        return Timeout(f"The statement ran longer than {seconds:g} s; ask for a smaller area or fewer items.")

    def _open(self) -> None:
        settings = {
            "search_path": "lakana,public",
            "statement_timeout": self._timeout_ms,
            "default_transaction_read_only": "on",
            "plan_cache_mode": "force_generic_plan",
            "jit": "off",
            "max_parallel_workers_per_gather": 0,
        }
        try:
            self._connection = psycopg2.connect(
                self._url,
                connect_timeout=2,
                tcp_user_timeout=5_000,
                options=" ".join(f"-c {name}={value}" for name, value in settings.items()),
                application_name="lakana",
            )
            self._connection.autocommit = True
            self._cursor = self._connection.cursor()
            # The first distance on a connection loads PROJ, which takes up to 70 ms: do it before a request needs it.
            self._cursor.execute("SELECT ST_Distance('POINT(0 0)'::geography, 'POINT(1 1)'::geography)")
        except psycopg2.Error as error:
            self.close()
            raise trouble(error) or Unavailable("The database cannot be reached; try again.") from None

    def _execute(self, job: Job) -> str | None:
        began = time.perf_counter()
        try:
            return self._fetch(job)
        finally:
            self.spent_s += time.perf_counter() - began

    def _fetch(self, job: Job) -> str | None:
        sql = job.statement.sql
        name = self._prepared.get(sql) or self._prepare(sql)
        places = f"({','.join(['%s'] * len(job.values))})" if job.values else ""
        self._cursor.execute(f"EXECUTE {name}{places}", job.values)
        row = self._cursor.fetchone()
        return None if row is None else row[0]

    def _prepare(self, sql: str) -> str:
        self._count += 1
        name = f"s{self._count}"
        self._cursor.execute(f"PREPARE {name} AS {sql}")
        for oldest in self._prepared.put(sql, name, PREPARED_BYTES_A_CHARACTER * len(sql)):
            self._cursor.execute(f"DEALLOCATE {oldest}")
        return name

    def cut(self) -> None:
        """Free the thread that waits for a server which does not even report a timeout.

        Such a server is stopped, or unreachable. Unlike most methods, this may be called from any thread.
        """
        self._was_cut = True
        connection = self._connection
        if connection is not None:
            with suppress(OSError, psycopg2.Error), socket.socket(fileno=os.dup(connection.fileno())) as line:
                line.shutdown(socket.SHUT_RDWR)

    def give_up(self, request: int) -> None:
        """Cancel a request that nobody waits for: end its statement and start no other. Any thread may call this."""
        with self._at_work:
            if request == self._request:
                self._given_up = request
                if self._working:
                    with suppress(psycopg2.Error):
                        self._connection.cancel()

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._prepared.clear()
