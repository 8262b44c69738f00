from __future__ import annotations

import asyncio
import os
import signal
import time

import pytest

from geo import metering
from geo.errors import BadInput, Timeout, Unavailable
from geo.processes import worker_pool
from geo.processes.worker_pool import WorkerPool

pytestmark = pytest.mark.slow


def refuse():
    raise BadInput("within.metres", "0 is too little.")


@pytest.fixture(scope="module")
def run():
    with asyncio.Runner() as runner:
        yield runner.run


@pytest.fixture(scope="module")
def pool():
    pool = WorkerPool(2)
    yield pool
    pool.close()


class OddError(Exception):
    def __init__(self, one, other):
        super().__init__(one)
        self.other = other


def fail():
    raise OddError("one", "other")


async def came(what):
    for _ in range(1_000):
        if what():
            return True
        await asyncio.sleep(0.01)
    return False


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_work_is_done_in_another_process(pool, run):
    assert run(pool.run("one", os.getpid, timeout_s=10)) != os.getpid()


def test_what_the_work_says_reaches_who_asked(pool, run):
    with pytest.raises(BadInput) as raised:
        run(pool.run("one", refuse, timeout_s=10))
    assert (raised.value.field, raised.value.problem) == ("within.metres", "0 is too little.")


def test_an_error_that_cannot_travel_breaks_nothing(pool, run):
    with pytest.raises(RuntimeError, match="OddError: one"):
        run(pool.run("one", fail, timeout_s=10))
    assert run(pool.run("one", os.getpid, timeout_s=10))


def test_work_that_takes_too_long_is_ended(pool, run):
    with pytest.raises(Timeout, match=r"0\.5 s"):
        run(pool.run("one", time.sleep, 60, timeout_s=0.5))


def test_work_is_ended_by_the_processor_time_that_it_used(pool, run, monkeypatch):
    monkeypatch.setattr(worker_pool, "CLOCK_TIMES", 1_000)
    with pytest.raises(Timeout, match=r"0\.5 s"):
        run(pool.run("one", spin, 60, timeout_s=0.5))
    assert run(pool.run("one", spin, 0.3, timeout_s=0.5)) is None


def test_work_that_others_delayed_is_not_ended(pool, run):
    """Statements of one caller took the processors: the others' work was killed at its limit, and began again cold."""
    assert run(pool.run("one", time.sleep, 1, timeout_s=0.5)) is None


def test_processes_have_the_priority_of_the_server(pool, run):
    """As the database's have it: at a lower one, slow statements of one caller starved the work of all others."""
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert run(pool.run("one", os.getpriority, os.PRIO_PROCESS, 0, timeout_s=10)) == ours


def test_the_loop_goes_on_meanwhile(pool, run):
    async def turns():
        work = asyncio.ensure_future(pool.run("one", time.sleep, 1, timeout_s=10))
        turned = 0
        while not work.done():
            await asyncio.sleep(0.01)
            turned += 1
        return turned

    assert run(turns()) > 20


def test_who_gives_up_ends_the_work(pool, run, tmp_path):
    told = tmp_path / "pid"

    async def give_up():
        work = asyncio.ensure_future(pool.run("one", dawdle, str(told), timeout_s=60))
        assert await came(lambda: told.exists() and told.read_text())
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        return await came(lambda: not alive(int(told.read_text())))

    assert run(give_up())
    assert run(pool.run("one", os.getpid, timeout_s=10))


def test_short_work_that_nobody_waits_for_any_more_costs_no_process(pool, run, tmp_path):
    """To hang up again and again kept the processes starting, for seconds each, and was charged to nobody."""
    before = {run(pool.run("one", os.getpid, timeout_s=10)) for _ in range(4)}
    noted = []

    async def hang_up():
        metering.enter(metering.Meter(lambda meter: noted.append(meter.worker_s)))
        for _ in range(5):
            work = asyncio.ensure_future(pool.run("one", spin, 0.2, timeout_s=60))
            await asyncio.sleep(0.05)
            work.cancel()
            with pytest.raises(asyncio.CancelledError):
                await work
        began = time.monotonic()
        pid = await pool.run("another", os.getpid, timeout_s=10)
        return pid, time.monotonic() - began

    pid, waited_s = run(hang_up())
    assert waited_s < 1
    assert pid in before or len(before) < 2
    for _ in range(50):  # charged when it ends, later where the machine is busy
        run(asyncio.sleep(0.1))
        if any(each >= 0.1 for each in noted):
            break
    assert any(each >= 0.1 for each in noted)


def spin(seconds):
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass


def dawdle(path):
    with open(path, "w") as file:  # noqa: PTH123
        file.write(str(os.getpid()))
    time.sleep(60)


def test_a_process_that_is_killed_at_work_says_so_and_breaks_nothing(pool, run):
    with pytest.raises(Unavailable, match="ended; try again"):
        run(pool.run("one", fall, timeout_s=60))
    assert run(pool.run("one", os.getpid, timeout_s=60))


def test_processes_that_are_killed_while_they_rest_are_replaced(pool, run):
    resting = run(pool.run("one", os.getpid, timeout_s=60))
    os.kill(resting, signal.SIGKILL)

    async def works_again():
        for _ in range(100):
            try:
                return await pool.run("one", os.getpid, timeout_s=60)
            except Unavailable:  # until the pool notices
                await asyncio.sleep(0.1)
        return None

    found = run(works_again())
    assert found
    assert found != resting


def fall():
    os.kill(os.getpid(), signal.SIGKILL)
