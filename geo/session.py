"""One connection that steps into an audience's role, prepares what it is asked and never blocks the event loop.

psycopg2 does not prepare by itself: a statement is prepared at its first use (planning with PostGIS is dear) and
executed from then on. A connection that broke is opened anew, and a statement that met the break is run once more:
every statement here reads only.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import Any

import psycopg2
from psycopg2 import errors as pg
from psycopg2.extensions import POLL_OK, POLL_WRITE

from geo.database import Audience
from geo.errors import BadInput, LakanaError, Timeout, Unavailable
from geo.statements import Answer, Job

PREPARED_AT_MOST = 200
"""Statements kept prepared on a connection; the one longest unused goes first."""

CONNECT_S = 2.0

BROKEN = Unavailable("The database went away; try again.")

LK400 = "LK400"
"""The SQLSTATE by which our SQL functions blame the caller, with the argument's name in DETAIL."""


class Session:
    """A connection in psycopg2's asynchronous mode, opened when it is first needed. For one job at a time."""

    def __init__(self, url: str, audience: Audience, timeout_ms: int) -> None:
        self._url = url
        self._audience = audience
        self._timeout_ms = timeout_ms
        self._connection: Any = None
        self._cursor: Any = None
        self._waiter: asyncio.Future[None] | None = None
        self._watched: tuple[asyncio.AbstractEventLoop, int] | None = None
        self._writing = False
        self._prepared: OrderedDict[str, str] = OrderedDict()
        self._count = 0

    async def answer(self, job: Job) -> Answer:
        """Run a job, once more on a new connection where the old one was found broken."""
        try:
            answer = await self._attempt(job)
            return await self._attempt(job) if answer is BROKEN else answer
        except asyncio.CancelledError:
            self.close()  # nobody waits for what the connection still has to say
            raise

    async def _attempt(self, job: Job) -> Answer:
        try:
            if self._connection is None:
                await self._open()
            return await self._execute(job)
        except LakanaError as error:
            return error
        except pg.QueryCanceled:
            seconds = self._timeout_ms / 1000
            return Timeout(f"The statement ran longer than {seconds:g} s; ask for a smaller area or fewer items.")
        except (psycopg2.OperationalError, psycopg2.InterfaceError):
            self.close()
            return BROKEN
        except psycopg2.Error as error:
            if error.pgcode == LK400:
                return BadInput(error.diag.message_detail or "", error.diag.message_primary or "")
            return error

    async def _open(self) -> None:
        settings = {
            "search_path": "lakana,public",
            "statement_timeout": self._timeout_ms,
            "default_transaction_read_only": "on",
            "plan_cache_mode": "force_generic_plan",
            "jit": "off",
            "max_parallel_workers_per_gather": 0,
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        name = f"lakana {self._audience.name.lower()}"
        try:
            async with asyncio.timeout(CONNECT_S):
                # In a thread: looking up a host's name blocks.
                self._connection = await asyncio.to_thread(
                    psycopg2.connect, self._url, options=options, application_name=name, async_=True
                )
                await self._until_ready()
                self._cursor = self._connection.cursor()
                await self._run(f"SET ROLE {self._audience.value}")
                # The first distance on a connection wakes PROJ up, which takes up to 70 ms: not on somebody's request.
                await self._run("SELECT ST_Distance('POINT(0 0)'::geography, 'POINT(1 1)'::geography)")
        except (psycopg2.OperationalError, TimeoutError):
            self.close()
            raise Unavailable("The database cannot be reached; try again.") from None

    async def _execute(self, job: Job) -> str | None:
        sql = job.statement.sql
        name = self._prepared.get(sql)
        if name is None:
            name = await self._prepare(sql)
        else:
            self._prepared.move_to_end(sql)
        places = f"({','.join(['%s'] * len(job.values))})" if job.values else ""
        await self._run(f"EXECUTE {name}{places}", job.values)
        row = self._cursor.fetchone()
        return None if row is None else row[0]

    async def _prepare(self, sql: str) -> str:
        if len(self._prepared) >= PREPARED_AT_MOST:
            _, oldest = self._prepared.popitem(last=False)
            await self._run(f"DEALLOCATE {oldest}")
        self._count += 1
        name = f"s{self._count}"
        await self._run(f"PREPARE {name} AS {sql}")
        self._prepared[sql] = name
        return name

    async def _run(self, sql: str, values: tuple[Any, ...] | None = None) -> None:
        self._cursor.execute(sql, values)
        await self._until_ready()

    async def _until_ready(self) -> None:
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        try:
            self._proceed(loop)
            await self._waiter
        finally:
            self._waiter = None

    def _proceed(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let psycopg2 do what it can now, and watch for when it can go on."""
        waiter = self._waiter
        if waiter is None:  # at rest: only an end is left to hear of
            self.close()
            return
        if waiter.done():
            return
        try:
            state = self._connection.poll()
            self._watch(loop, writing=state == POLL_WRITE)
        except psycopg2.Error as error:
            waiter.set_exception(error)
        else:
            if state == POLL_OK:
                waiter.set_result(None)

    def _watch(self, loop: asyncio.AbstractEventLoop, *, writing: bool) -> None:
        watched = (loop, self._connection.fileno())
        if self._watched != watched:  # libpq may change its socket while it connects
            self._unwatch()
            loop.add_reader(watched[1], self._proceed, loop)
            self._watched = watched
        if writing and not self._writing:
            loop.add_writer(watched[1], self._proceed, loop)
        elif self._writing and not writing:
            loop.remove_writer(watched[1])
        self._writing = writing

    def _unwatch(self) -> None:
        if self._watched is not None:
            loop, descriptor = self._watched
            if not loop.is_closed():
                loop.remove_reader(descriptor)
                loop.remove_writer(descriptor)
        self._watched = None
        self._writing = False

    def close(self) -> None:
        """Close the connection, if there is one."""
        self._unwatch()
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._prepared.clear()
