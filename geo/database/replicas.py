"""Replicas that answer reads. No answer of one is older than what was acknowledged before its question.

Each process asks each replica, ten times a second, whether it has all that the primary had when the round began. If it
has, the process asks it for :data:`TRUSTED_S` from that beginning, and no longer. So a write has reached whoever reads
once every replica has passed a round that began after its commit, or once that time is over: then nobody asks the
replicas that have not. Only then is the write acknowledged (:meth:`Replicas.settle`). Processes and machines need not
know of each other for this, nor their clocks agree: each measures spans on its own.

A replica that restarts may be older than it was. Its connections break then, and it is trusted no more until it has
passed another round.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from functools import partial
from itertools import count
from math import inf

import orjson

from geo.audience import GATE
from geo.database.owner import login_url
from geo.database.pool import Pool
from geo.database.session import Session
from geo.database.statements import Job, Statement
from geo.errors import LakanaError
from geo.processes.beside import beside

TRUSTED_S = 0.5
"""How long a replica is asked after the beginning of a round that it passed; a write waits for no longer."""
LOOK_EVERY_S, POLL_S = 0.1, 0.005
STATEMENT_MS = 400

_POSITION = """
SELECT json_build_array(
  pg_is_in_recovery(),
  (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END - '0/0')::bigint,
  (SELECT system_identifier::text FROM pg_control_system())
    || CASE WHEN pg_is_in_recovery() THEN to_hex((SELECT timeline_id FROM pg_control_checkpoint()))
            ELSE ltrim(left(lower(pg_walfile_name(pg_current_wal_lsn())), 8), '0') END)::text
"""
POSITION = Job(Statement(_POSITION, (), {}), ())
"""Whether a server is a replica, up to which byte of the log it has all, and whose log that is: which cluster's, and in
which timeline, for a replica that has gone on from a lost primary may have what the new one never had."""

Tell = Callable[[int, bool], None]
"""Is told of the number of a replica, and whether it is in service now."""


class Replica:
    """One replica, as far as this process knows it.

    Parameters
    ----------
    number
        Its place in the list of the settings, from 1.
    url
        Its address with the owner's login.

    """

    def __init__(self, number: int, url: str) -> None:
        self.number = number
        self.url = url
        self.pools: list[Pool] = []
        self.wanted = asyncio.Event()
        self.passed_at = -inf
        """When the last round that it passed began."""
        self._primary_since: tuple[int, float] | None = None
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="lakana-replica")
        self._line = Session(login_url(url, GATE), STATEMENT_MS, self._threads, TRUSTED_S)

    @property
    def epoch(self) -> int:
        """A number that is another one once its connection has broken."""
        return self._line.times_opened if self._line.is_open else 0

    @property
    def is_trusted(self) -> bool:
        """Whether it has all that was acknowledged so far."""
        return time.monotonic() - self.passed_at < TRUSTED_S and self._line.is_open

    @property
    def is_out(self) -> bool:
        """Whether nobody asks it, since it is a primary, and has been one for so long on one connection."""
        if self._primary_since is None:
            return False
        epoch, since = self._primary_since
        return self.epoch == epoch and time.monotonic() - since >= TRUSTED_S

    async def look(self, primary: Pool) -> None:
        """Go one round: find out whether it has all that the primary has now."""
        began = time.monotonic()
        try:
            [told] = await primary.run([POSITION], f"replica {self.number}")
        except LakanaError:
            return
        if not isinstance(told, str):
            return
        is_replica, position, line = orjson.loads(told)
        while not is_replica and time.monotonic() - began < TRUSTED_S:
            told = await self._position()
            if told is None:
                return
            replays, replayed, copied = orjson.loads(told)
            if not replays and (self._primary_since is None or self._primary_since[0] != self.epoch):
                self._primary_since = self.epoch, time.monotonic()
            if not replays or copied != line:
                return
            if replayed >= position:
                self.passed_at = began
                return
            await asyncio.sleep(POLL_S)

    async def _position(self) -> str | None:
        watch = asyncio.get_running_loop().call_later(TRUSTED_S, self._give_up)
        try:
            told = await self._line.answer(POSITION)
        finally:
            watch.cancel()
        return told if isinstance(told, str) else None

    def _give_up(self) -> None:
        """End the waiting of all that have asked it: it says nothing."""
        self._line.cut()
        for each in self.pools:
            each.cut()

    def close(self) -> None:
        """Close its connections."""
        self._line.close()
        self._threads.shutdown(wait=True)


_CHOSEN: ContextVar[Replica | None] = ContextVar("replica", default=None)
"""The replica of the current request; work outside of requests, and what requests share, asks the primary."""


def chosen() -> Replica | None:
    """Return the replica that the current request asks, if that still has all."""
    replica = _CHOSEN.get()
    if replica is not None and not replica.is_trusted:
        ask_primary()
        return None
    return replica


def ask_primary() -> None:
    """Have the rest of the current request ask the primary."""
    _CHOSEN.set(None)


class Replicas:
    """The replicas of a server.

    Parameters
    ----------
    urls
        Their addresses, with the owner's login.
    owner_url
        That of the primary.

    """

    def __init__(self, urls: Sequence[str], owner_url: str) -> None:
        self._all = [Replica(number, url) for number, url in enumerate(urls, 1)]
        self._primary = Pool(login_url(owner_url, GATE), max(1, len(urls)), STATEMENT_MS)
        self._turns = count()
        self._looked = asyncio.Event()

    def __iter__(self) -> Iterator[Replica]:
        """Return each of them."""
        return iter(self._all)

    def choose(self) -> None:
        """Choose the replica of the current request: each in turn of those that have all, else none."""
        if self._all:
            trusted = [each for each in self._all if each.is_trusted]
            _CHOSEN.set(trusted[next(self._turns) % len(trusted)] if trusted else None)

    async def settle(self) -> None:
        """Wait until whoever asks from now on is told of what was committed before, for :data:`TRUSTED_S` at most."""
        began = time.monotonic()
        for each in self._all:
            each.wanted.set()
        while any(each.passed_at < began and not each.is_out for each in self._all):
            left_s = began + TRUSTED_S - time.monotonic()
            if left_s <= 0:
                return
            self._looked.clear()
            try:
                await asyncio.wait_for(self._looked.wait(), left_s)
            except TimeoutError:
                return

    @asynccontextmanager
    async def running(self, tell: Tell, failed: Callable[[BaseException], None]) -> AsyncIterator[None]:
        """Look at the replicas while the context is open; ``tell`` is told of each that comes into service or goes."""
        async with AsyncExitStack() as stack:
            for each in self._all:
                await stack.enter_async_context(beside(partial(self._watch, each, tell), failed))
            yield

    async def _watch(self, replica: Replica, tell: Tell) -> None:
        was_trusted: bool | None = None
        while True:
            replica.wanted.clear()
            await replica.look(self._primary)
            self._looked.set()
            if replica.is_trusted is not was_trusted:
                was_trusted = replica.is_trusted
                tell(replica.number, was_trusted)
            try:
                await asyncio.wait_for(replica.wanted.wait(), LOOK_EVERY_S)
            except TimeoutError:
                continue

    def close(self) -> None:
        """Close all connections."""
        self._primary.close()
        for each in self._all:
            each.close()
