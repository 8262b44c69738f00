"""Budgets that processes keep together in a Redis that really runs, and what becomes of them when it does not."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from redis.asyncio import Redis

from api.identity import shared_budgets
from api.identity.budget import WINDOW_S, Ledger
from api.identity.shared_budgets import ANSWER_S, SharedBudgets
from geo.errors import RateLimited
from tests.redis_server import redis_server

QUOTA = 100


@pytest.fixture
def redis():
    with redis_server() as server:
        yield server


class Process:
    """What one process knows of budgets."""

    def __init__(self, url, processes=2):
        self.ledger = Ledger("public", QUOTA)
        self.shared = SharedBudgets(url, b"secret", [self.ledger], processes)

    async def charge(self, cost, holder="192.0.2.1"):
        """Charge as a request does; tell whether there was enough."""
        account = self.ledger.account(holder)
        await self.shared.learn(account)
        try:
            account.charge(cost)
        except RateLimited:
            return False
        return True

    async def left(self, holder="192.0.2.1"):
        account = self.ledger.account(holder)
        await self.shared.learn(account)
        return account.left


@asynccontextmanager
async def running(url, many=2):
    async with AsyncExitStack() as stack:
        processes = [Process(url, many) for _ in range(many)]
        for each in processes:
            await stack.enter_async_context(each.shared.running())
        yield processes


async def said():
    """Wait until what was charged is with Redis."""
    await asyncio.sleep(0.1)


def test_what_is_spent_in_one_process_is_not_left_in_another(redis):
    async def scene():
        async with running(redis.url) as (one, other):
            assert await one.charge(60)
            await said()
            assert await other.left() == 40
            assert not await other.charge(41)
            assert await other.charge(40)
            await said()
            assert not await one.charge(1)
            assert await one.charge(QUOTA, "192.0.2.2")
            assert one.ledger.policy == b'"public";q=100;w=60'

    asyncio.run(scene())


@pytest.mark.parametrize("seed", range(3))
def test_whoever_is_asked_grants_what_one_ledger_would(redis, seed):
    """Against a ledger of one process."""
    chance = random.Random(seed)

    async def scene():
        oracle = Ledger("public", QUOTA)
        async with running(redis.url, 3) as processes:
            for _ in range(40):
                holder, cost = chance.choice("ab"), chance.randint(1, 25)
                granted = await chance.choice(processes).charge(cost, holder)
                await asyncio.sleep(0.01)
                account = oracle.account(holder)
                assert granted == (cost <= account.left)
                account.spent += cost * granted

    asyncio.run(scene())


def test_what_is_admitted_at_the_same_time_is_owed_afterwards(redis, monkeypatch):
    monkeypatch.setattr(shared_budgets, "WINDOW_S", 1)

    async def scene():
        async with running(redis.url) as (one, other):
            assert all(await asyncio.gather(one.charge(90), other.charge(90)))
            await asyncio.sleep(1.1)
            account = one.ledger.account("192.0.2.1")
            await one.shared.learn(account)
            assert (account.spent, account.owed) == (0, 80)
            assert account.ends_at - one.ledger.clock() <= WINDOW_S

    asyncio.run(scene())


def test_redis_learns_no_address(redis):
    async def scene():
        async with running(redis.url) as (one, _):
            await one.charge(1, "192.0.2.77")
            await said()
            client = Redis.from_url(redis.url, decode_responses=True)
            keys = [str(each) for each in await client.keys("*")]
            lasting = [await client.ttl(each) for each in keys if each != "lakana:processes"]
            await client.aclose()
            assert len(lasting) == 1
            assert 0 < lasting[0] <= 2 * WINDOW_S
            assert "192.0.2.77" not in "".join(keys)

    asyncio.run(scene())


@pytest.mark.parametrize("way", ["kill", "hold"])
def test_without_redis_each_process_goes_on_with_its_part_of_what_is_left(redis, way, monkeypatch):
    monkeypatch.setattr(shared_budgets, "LOOK_AGAIN_S", 0.1)

    async def scene():
        async with running(redis.url) as (one, other):
            assert await one.charge(60)
            await said()
            assert await other.left() == 40
            await one.left()
            getattr(redis, way)()
            began = time.monotonic()
            lefts = [await each.left() for each in (one, other)]
            took = time.monotonic() - began
            assert lefts == [20, 20]
            assert took < 2 * ANSWER_S + 0.2
            assert one.ledger.policy == b'"public";q=50;w=60'
            began = time.monotonic()
            for _ in range(100):
                await one.left()
            assert time.monotonic() - began < 0.2  # nobody waits for it any more
            assert await one.charge(20)
            assert not await one.charge(1)
            if way == "kill":
                redis.start()
            else:
                redis.go_on()
            while not (one.shared.is_up and other.shared.is_up):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            left = await other.left()
            await said()
            left = await other.left()
            # A Redis that kept nothing is told again what was spent; one that kept it has it twice, for a minute.
            assert left <= 20
            assert not await one.charge(21)

    asyncio.run(scene())


def test_without_redis_at_the_start_each_process_has_its_part(tmp_path):
    async def scene():
        async with running(f"unix://{tmp_path}/nobody") as (one, _):
            assert await one.charge(50)
            assert not await one.charge(1)

    asyncio.run(scene())
