"""The pool keeps its count: whoever gives up or is cancelled leaves no connection behind."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from contextlib import suppress

import pytest
from sqlalchemy import text

from geo.audience import Audience
from geo.database import session
from geo.database.owner import login_url, owner_engine
from geo.database.pool import Pool
from geo.database.statements import Job, Statement
from geo.errors import Timeout, Unavailable
from geo.metering import Meter, enter

pytestmark = pytest.mark.database

SHORT = Job(Statement("SELECT 'slept' FROM pg_sleep(0.01)", (), {}), ())
WHO = Job(Statement("SELECT pg_backend_pid()::text", (), {}), ())
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


async def hang_up(pool, job, after_s):
    """Ask, and give up after so many seconds."""
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(pool.run([job], "one"), after_s)


async def settled(pool):
    while pool._endings:
        await asyncio.wait(pool._endings)


def test_hanging_up_while_a_statement_is_prepared_keeps_the_connection_and_is_charged(empty_url):
    """Each made another connection, which was charged to nobody. A table that is locked makes preparing wait."""
    pool = Pool(login_url(empty_url, Audience.PUBLIC), 1, 5_000)
    meter = Meter()

    async def crowd(owner):
        enter(meter)
        [before] = await pool.run([WHO], "one")
        for number in range(50):
            owner.execute(text("BEGIN; LOCK TABLE lakana.locality"))
            job = Job(Statement(f"SELECT '{number}' FROM lakana.locality UNION SELECT 'done'", (), {}), ())
            await hang_up(pool, job, 0.01)
            owner.execute(text("COMMIT"))
            await settled(pool)
        [after] = await pool.run([WHO], "one")
        kept = len(pool._idle[0]._prepared)
        noted = meter.database_s
        return before, after, kept, noted, await pool.run([job], "one")

    with owner_engine(empty_url).connect().execution_options(isolation_level="AUTOCOMMIT") as owner:
        before, after, kept, noted, answer = asyncio.run(crowd(owner))
    assert after == before
    assert kept == 51
    assert noted > 50 * 0.005
    assert answer == ["done"]
    pool.close()


INTERRUPTED = """
CREATE FUNCTION lakana.interrupted() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_sleep(5);
EXCEPTION WHEN query_canceled THEN
    RAISE 'InterruptedException' USING ERRCODE = 'XX000';
END $$;
GRANT EXECUTE ON FUNCTION lakana.interrupted() TO lakana_public
"""
"""What GEOS says where it is cancelled is no cancellation for PostgreSQL, but an error of its own."""


@pytest.mark.parametrize("sql", [LONG.statement.sql, "SELECT lakana.interrupted()"], ids=["asleep", "in GEOS"])
def test_hanging_up_while_a_statement_runs_keeps_the_connection(copy_migrated, sql):
    url = copy_migrated()
    with owner_engine(url).begin() as owner:
        owner.execute(text(INTERRUPTED))
    pool = Pool(login_url(url, Audience.PUBLIC), 1, 5_000)

    async def crowd():
        [before] = await pool.run([WHO], "one")
        began = time.monotonic()
        for _ in range(5):
            await hang_up(pool, Job(Statement(sql, (), {}), ()), 0.1)
            await settled(pool)
        return before, time.monotonic() - began, *await pool.run([WHO], "one")

    before, seconds, after = asyncio.run(crowd())
    assert after == before
    assert seconds < 2
    pool.close()


def test_a_statement_that_fails_keeps_the_connection(empty_url):
    """An error of a limit is an operational one for psycopg2, as a lost connection is; it was run again on another."""
    pool = Pool(login_url(empty_url, Audience.PUBLIC), 1, 5_000)
    deep = Job(Statement("SELECT repeat('[', 100000)::json::text", (), {}), ())
    before, failed, after = asyncio.run(pool.run([WHO, deep, WHO], "one"))
    assert isinstance(failed, Exception)
    assert after == before
    pool.close()


def test_only_the_opening_that_a_statement_made_necessary_is_charged(empty_url, monkeypatch):
    def slowly(*given):
        time.sleep(0.2)
        return opened(*given)

    opened = session._connected
    monkeypatch.setattr(session, "_connected", slowly)
    pool = Pool(login_url(empty_url, Audience.PUBLIC), 1, 5_000)
    ends = Job(Statement("SELECT pg_terminate_backend(pg_backend_pid())::text", (), {}), ())

    async def spent(job):
        enter(meter := Meter())
        await pool.run([job], "one")
        return meter.database_s

    async def three():
        return [await spent(job) for job in (WHO, WHO, ends)]

    first, second, third = asyncio.run(three())
    assert max(first, second) < 0.2 < third
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


def test_a_connection_that_breaks_as_its_answer_arrives_is_no_fault(empty_url, monkeypatch):
    """Its end came before the answer was taken, as where a server is killed under load: AttributeError, and so 500."""
    pool = Pool(login_url(empty_url, Audience.PUBLIC), 1, 5_000)
    end, broken = session.Session._end, list[int]()

    async def breaks(ours: session.Session) -> None:
        await end(ours)
        if len(broken) < 2:
            broken.append(ours.times_opened)
            ours.close()

    monkeypatch.setattr(session.Session, "_end", breaks)
    answers = [asyncio.run(pool.run([SHORT], "one"))[0] for _ in range(2)]
    pool.close()
    assert len(broken) == 2
    assert isinstance(answers[0], Unavailable)  # twice in a row
    assert answers[1] == "slept"
