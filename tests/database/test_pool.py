"""The pool keeps its count: whoever gives up or is cancelled leaves no connection behind."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time

import pytest

from geo.audience import Audience
from geo.database.owner import login_url
from geo.database.pool import Pool
from geo.database.statements import Job, Statement
from geo.errors import Timeout, Unavailable

pytestmark = pytest.mark.database

SHORT = Job(Statement("SELECT 'slept' FROM pg_sleep(0.01)", (), {}), ())
LONG = Job(Statement("SELECT 'slept' FROM pg_sleep(0.6)", (), {}), ())


def test_cancelled_requests_leave_their_connections(empty_url):
    pool = Pool(login_url(empty_url, Audience.PUBLIC), 2, 5_000)
    chance = random.Random(1)

    async def crowd():
        tasks = [asyncio.ensure_future(pool.run([SHORT], "one")) for _ in range(100)]
        for task in tasks:
            await asyncio.sleep(chance.uniform(0, 0.002))
            if chance.random() < 0.5:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.1)
        return await asyncio.gather(pool.run([SHORT], "one"), pool.run([SHORT], "one"))

    assert asyncio.run(crowd()) == [["slept"], ["slept"]]
    assert pool._turns._free == 2
    pool.close()


def test_who_waits_too_long_is_turned_away_and_others_are_served(empty_url):
    pool = Pool(login_url(empty_url, Audience.PUBLIC), 1, 5_000)

    async def two():
        first = asyncio.ensure_future(pool.run([LONG], "one"))
        await asyncio.sleep(0.05)
        with pytest.raises(Unavailable):
            await pool.run([SHORT], "one")
        return await first, await pool.run([SHORT], "one")

    assert asyncio.run(two()) == (["slept"], ["slept"])
    pool.close()


@pytest.mark.skipif("LAKANA_TEST_DATABASE_URL" in os.environ, reason="stops a process of a server of our own only")
def test_a_server_that_stands_still_is_given_up(copy_migrated, monkeypatch):
    """Without :meth:`geo.database.session.Session.cut` the thread waits until the process goes on."""
    monkeypatch.setattr("geo.database.pool.SILENT_S", 0.5)
    url = copy_migrated()
    pool = Pool(login_url(url, Audience.PUBLIC), 1, 300)
    [number] = asyncio.run(pool.run([Job(Statement("SELECT pg_backend_pid()", (), {}), ())], "one"))
    pid = int(str(number))

    async def ask():
        began = time.monotonic()
        [answer] = await asyncio.wait_for(pool.run([SHORT], "one"), 5)
        return answer, time.monotonic() - began

    os.kill(pid, signal.SIGSTOP)
    try:
        answer, seconds = asyncio.run(ask())
        assert isinstance(answer, Unavailable)
        assert 0.8 <= seconds < 2
        assert asyncio.run(pool.run([SHORT], "one")) == ["slept"]
    finally:
        os.kill(pid, signal.SIGCONT)
    pool.close()


def test_the_statements_of_a_request_share_one_time(empty_url):
    pool = Pool(login_url(empty_url, Audience.PUBLIC), 1, 1_000)
    answers = asyncio.run(pool.run([LONG] * 4, "one"))
    assert answers[:2] == ["slept", "slept"]
    assert all(isinstance(each, Timeout) for each in answers[2:])
    pool.close()
