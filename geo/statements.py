"""Prepared statements, run in threads: a pool of connections that step into one audience's role.

psycopg2 blocks and does not prepare by itself. Each thread of the pool owns one connection; a statement is prepared on
it at first use (planning with PostGIS is dear) and executed from then on. A connection that broke is opened anew, and a
statement that met the break is run once more: every statement here reads only.
"""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import psycopg2
from psycopg2 import errors as pg
from sqlalchemy import Select
from sqlalchemy.dialects import postgresql

from geo.database import Audience
from geo.errors import BadInput, LakanaError, Timeout, Unavailable

PREPARED_AT_MOST = 200
"""Statements kept prepared on a connection; the one longest unused goes first."""

LK400 = "LK400"
"""The SQLSTATE by which our SQL functions blame the caller, with the argument's name in DETAIL."""

_DIALECT = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that gives one text, with the names of its binds in order and the values of its constants."""

    sql: str
    names: tuple[str, ...]
    constants: dict[str, Any]

    @classmethod
    def of(cls, select: Select[Any]) -> Statement:
        """Compile an expression once."""
        compiled = select.compile(dialect=_DIALECT)
        names = tuple(compiled.positiontup or ())
        constants = {name: each.value for name, each in compiled.binds.items() if each.value is not None}
        return cls(str(compiled), names, constants)

    def values(self, binds: dict[str, Any]) -> tuple[Any, ...]:
        """Give the values in order."""
        return tuple(binds[name] if name in binds else self.constants[name] for name in self.names)


@dataclass(frozen=True, slots=True)
class Job:
    """A statement with its values."""

    statement: Statement
    values: tuple[Any, ...]


class _Session:
    """One connection and what is prepared on it. Used by one thread only."""

    def __init__(self, url: str, audience: Audience, timeout_ms: int) -> None:
        self._url = url
        self._audience = audience
        self._timeout_ms = timeout_ms
        self._connection: Any = None
        self._cursor: Any = None
        self._prepared: OrderedDict[str, str] = OrderedDict()
        self._count = 0

    def _open(self) -> None:
        self.close()
        settings = {
            "search_path": "lakana,public",
            "statement_timeout": self._timeout_ms,
            "default_transaction_read_only": "on",
            "plan_cache_mode": "force_generic_plan",
            "jit": "off",
            "max_parallel_workers_per_gather": 0,
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        try:
            connection = psycopg2.connect(
                self._url, connect_timeout=2, options=options, application_name=f"lakana {self._audience.name.lower()}"
            )
        except psycopg2.OperationalError:
            raise Unavailable("The database cannot be reached; try again.") from None
        connection.autocommit = True
        self._connection = connection
        self._cursor = connection.cursor()
        self._cursor.execute(f"SET ROLE {self._audience.value}")
        # The first distance on a connection wakes PROJ up, which takes up to 70 ms: not on somebody's request.
        self._cursor.execute("SELECT ST_Distance('POINT(0 0)'::geography, 'POINT(1 1)'::geography)")

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._prepared.clear()

    def _execute(self, job: Job) -> str | None:
        sql = job.statement.sql
        name = self._prepared.get(sql)
        if name is None:
            name = self._prepare(sql)
        else:
            self._prepared.move_to_end(sql)
        places = f"({','.join(['%s'] * len(job.values))})" if job.values else ""
        self._cursor.execute(f"EXECUTE {name}{places}", job.values)
        row = self._cursor.fetchone()
        return None if row is None else row[0]

    def _prepare(self, sql: str) -> str:
        if len(self._prepared) >= PREPARED_AT_MOST:
            _, oldest = self._prepared.popitem(last=False)
            self._cursor.execute(f"DEALLOCATE {oldest}")
        self._count += 1
        name = f"s{self._count}"
        self._cursor.execute(f"PREPARE {name} AS {sql}")
        self._prepared[sql] = name
        return name

    def answer(self, job: Job) -> str | None:
        """Run a job, once more on a new connection where the old one was found broken."""
        for fresh in (False, True):
            if self._connection is None:
                self._open()
            try:
                return self._execute(job)
            except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
                if isinstance(error, pg.QueryCanceled):
                    seconds = self._timeout_ms / 1000
                    raise Timeout(
                        f"The statement ran longer than {seconds:g} s; ask for a smaller area or fewer items."
                    ) from None
                broken = bool(self._connection.closed) or isinstance(error, pg.AdminShutdown | pg.CrashShutdown)
                if broken:
                    self.close()
                if fresh or not broken:
                    raise Unavailable("The database went away; try again.") from None
            except psycopg2.Error as error:
                if error.pgcode == LK400:
                    raise BadInput(error.diag.message_detail or "", error.diag.message_primary or "") from None
                raise
        raise AssertionError("a second attempt answers or raises")  # pragma: no cover


Answer: TypeAlias = str | LakanaError | psycopg2.Error | None


class Pool:
    """Connections of one audience, each with its thread.

    Parameters
    ----------
    url
        The address with the login's name (see :func:`geo.database.login_url`).
    audience
        The role that every statement runs as.
    size
        Connections and threads.
    timeout_ms
        What a statement may take.
    wait_s
        How long a request waits for a connection before it is turned away.

    """

    def __init__(self, url: str, audience: Audience, size: int, timeout_ms: int, wait_s: float = 1.5) -> None:
        self._wait_s = wait_s
        self._free = asyncio.Semaphore(size)
        self._local = threading.local()
        self._sessions: list[_Session] = []
        self._make = partial(_Session, url, audience, timeout_ms)
        self._threads = ThreadPoolExecutor(size, thread_name_prefix=f"lakana-{audience.name.lower()}")

    async def run(self, jobs: Sequence[Job]) -> list[Answer]:
        """Run jobs one after the other on one connection; an answer is a text, ``None``, or what went wrong.

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
        session: _Session | None = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = self._make()
            self._sessions.append(session)
        answers: list[Answer] = []
        for job in jobs:
            try:
                answers.append(session.answer(job))
            except (LakanaError, psycopg2.Error) as error:
                answers.append(error)
        return answers

    def close(self) -> None:
        """Wait for work under way and close the connections."""
        self._threads.shutdown(wait=True)
        for session in self._sessions:
            session.close()
