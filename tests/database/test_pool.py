"""The pool keeps its count: whoever gives up or is cancelled leaves no connection behind."""

from __future__ import annotations

import asyncio
import random

import pytest

from geo.audience import Audience
from geo.database import login_url
from geo.errors import Timeout, Unavailable
from geo.pool import Pool
from geo.statements import Job, Statement

pytestmark = pytest.mark.database

SHORT = Job(Statement("SELECT 'slept' FROM pg_sleep(0.01)", (), {}), ())
LONG = Job(Statement("SELECT 'slept' FROM pg_sleep(0.6)", (), {}), ())


def test_cancelled_requests_leave_their_connections(empty_url):
    pool = Pool(login_url(empty_url, Audience.PUBLIC), 2, 5_000)
    chance = random.Random(1)

    async def crowd():
        tasks = [asyncio.ensure_future(pool.run([SHORT])) for _ in range(100)]
        for task in tasks:
            await asyncio.sleep(chance.uniform(0, 0.002))
            if chance.random() < 0.5:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.1)
        return await asyncio.gather(pool.run([SHORT]), pool.run([SHORT]))

    assert asyncio.run(crowd()) == [["slept"], ["slept"]]
    assert pool._free == 2
    pool.close()


def test_who_waits_too_long_is_turned_away_and_others_are_served(empty_url):
    pool = Pool(login_url(empty_url, Audience.PUBLIC), 1, 5_000, wait_s=0.3)

    async def two():
        first = asyncio.ensure_future(pool.run([LONG]))
        await asyncio.sleep(0.05)
        with pytest.raises(Unavailable):
            await pool.run([SHORT])
        return await first, await pool.run([SHORT])

    assert asyncio.run(two()) == (["slept"], ["slept"])
    pool.close()


def test_the_statements_of_a_request_share_one_time(empty_url):
    pool = Pool(login_url(empty_url, Audience.PUBLIC), 1, 1_000)
    answers = asyncio.run(pool.run([LONG] * 4))
    assert answers[:2] == ["slept", "slept"]
    assert all(isinstance(each, Timeout) for each in answers[2:])
    pool.close()
