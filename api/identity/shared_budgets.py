"""Budgets and counts of bad keys that several processes, of one machine or several, keep together in Redis.

Each request first learns what its holder has used up in all processes, in one exchange that those who ask at the same
time share; what it is charged goes there right afterwards. What several processes admit beyond a quota within the
millisecond between the two is owed in the next minute, as any debt is.

If Redis does not answer, each process goes on with its part of what is left of every budget, and looks for Redis again
every second. Redis learns no name and no address: an account there is a digest under the pepper.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import Context
from importlib import resources

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from api.errors import log_internal
from api.identity.budget import WINDOW_S, Account, Ledger
from geo.processes.beside import beside

ANSWER_S = 0.05
"""How long an exchange may take; one takes 0.3 ms, and 0.05 ms of our processor a request under load (0.2 ms of
one that comes alone). A Redis that is gone is known at once, one that hangs after this."""
BEAT_S, LOOK_AGAIN_S = 5.0, 1.0
"""How often a process says that it is there, and how often one that has lost Redis looks for it."""
GONE_S = 20
"""A process that has said nothing for so long is not counted any more."""
MOST = 200
"""Accounts in one exchange."""
PROCESSES = "lakana:processes"
FAILURES = RedisError, OSError, TimeoutError

_BEAT = """
local now = tonumber(redis.call('TIME')[1])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
return redis.call('ZCARD', KEYS[1])
"""

log = structlog.get_logger("lakana")


class SharedBudgets:
    """Keeps the accounts of ledgers together with those of other processes.

    Parameters
    ----------
    url
        The address of Redis: ``redis://``, ``rediss://`` or ``unix://``.
    secret
        The key of the digests, the same for all processes.
    ledgers
        What is kept together. Without Redis each has its part of every quota.
    processes
        How many processes there are at least; more are known by what they say in Redis.

    """

    def __init__(self, url: str, secret: bytes, ledgers: Sequence[Ledger], processes: int) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=None,
            socket_connect_timeout=ANSWER_S,
            retry=Retry(NoBackoff(), 0),
            single_connection_client=True,
        )
        script = resources.files("api.identity").joinpath("shared_budgets.lua").read_text(encoding="utf-8")
        self._script, self._beat = self._redis.register_script(script), self._redis.register_script(_BEAT)
        self._secret = secret[:64]
        self._ledgers = ledgers
        self._processes = self._at_least = processes
        self._id = str(uuid.uuid4())
        self._due: dict[Account, list[asyncio.Future[None]]] = {}
        self._exchanging: asyncio.Task[None] | None = None
        self.is_up = False
        for each in ledgers:
            each.divide(processes)
            each.noted = self._note

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Look for Redis now, and on and on while the context is open."""
        try:
            await self._look()
            async with beside(self._watch, log_internal):
                yield
        finally:
            await self._redis.aclose()

    async def learn(self, account: Account) -> None:
        """Learn what a holder has used up in all processes; it takes :data:`ANSWER_S` at most, and never fails."""
        if self.is_up:
            learnt = asyncio.get_running_loop().create_future()
            self._due.setdefault(account, []).append(learnt)
            self._wake()
            await learnt

    def _note(self, account: Account) -> None:
        if self.is_up:
            self._due.setdefault(account, [])
            self._wake()

    def _wake(self) -> None:
        if self._exchanging is None or self._exchanging.done():
            # In a context of its own: its time is charged to none of those who share it.
            self._exchanging = asyncio.get_running_loop().create_task(self._exchange_all(), context=Context())

    async def _exchange_all(self) -> None:
        while self._due:
            taken = {each: self._due.pop(each) for each in list(self._due)[:MOST]}
            try:
                if self.is_up:
                    await self._exchange(list(taken))
            except FAILURES as error:
                self._lose(error)
            finally:
                for learnt in (each for waiting in taken.values() for each in waiting if not each.done()):
                    learnt.set_result(None)

    async def _exchange(self, accounts: list[Account]) -> None:
        sent = [(each.spent, each.owed) for each in accounts]
        given: list[int] = [WINDOW_S * 1_000]
        for each in accounts:
            given += each.quota, *each.unsaid
        async with asyncio.timeout(ANSWER_S):
            told = await self._script(keys=[self._key(each) for each in accounts], args=given)
        if not self.is_up:  # it was lost meanwhile
            return
        for number, each in enumerate(accounts):
            spent, owed, left_ms = told[3 * number : 3 * number + 3]
            each.learn(sent[number], (spent, owed), left_ms / 1_000)

    def _key(self, account: Account) -> str:
        whose = f"{account.ledger.name} {account.holder}".encode()
        return f"lakana:{hashlib.blake2b(whose, digest_size=16, key=self._secret).hexdigest()}"

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S if self.is_up else LOOK_AGAIN_S)
            await self._look()

    async def _look(self) -> None:
        """Say that this process is there, and count those that are."""
        try:
            async with asyncio.timeout(ANSWER_S if self.is_up else LOOK_AGAIN_S):
                there = await self._beat(keys=[PROCESSES], args=[self._id, GONE_S])
        except FAILURES as error:
            self._lose(error)
            return
        self._processes = max(there, self._at_least)
        if not self.is_up:
            self.is_up = True
            for each in self._ledgers:
                each.divide(1)
                for account in each.accounts():
                    if any(account.unsaid):
                        self._note(account)
            log.info("shared_limits_kept_together", processes=self._processes)

    def _lose(self, error: BaseException) -> None:
        if self.is_up:
            for each in self._ledgers:
                each.divide(self._processes)
        self.is_up = False
        log.warning("shared_limits_each_its_part", processes=self._processes, error=type(error).__name__)
