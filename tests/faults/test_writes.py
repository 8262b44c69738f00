"""The database is killed under writers: what was acknowledged stays, and what is sent again is done once."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
import pytest

from geo.cluster import private
from geo.database import owner
from seeds import seeding
from tests.faults import broken
from tests.faults.sizes import KILLS
from tests.faults.writers import Writer, entered
from tests.persons import ISSUER, somebody
from tests.served import LAKANA, served

pytestmark = [pytest.mark.database, pytest.mark.slow]

WRITERS = 4
DONE_EACH_TIME = (
    "import api.graphql.mutation.declaration as d; "
    "d.once = lambda write, key, connection, caller: write.apply(connection, caller)"
)


@pytest.fixture(scope="module")
def seeded_dir(open_folder):
    """The folder of a server that has been seeded and stopped, to be copied."""
    folder = open_folder / "seeded"
    url = private.start(folder)
    owner.upgrade(url)
    seeding.seed(url)
    private.stop(folder)
    yield folder
    private.discard(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def data_dir(open_folder, seeded_dir):
    folder = open_folder / "writes"
    subprocess.run(["cp", "-a", seeded_dir, folder], check=True)
    yield folder
    private.discard(folder)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def writing(data_dir, before="pass", **options) -> Iterator[list[Writer]]:
    url, environment = private.start(data_dir), {"LAKANA_DATA_DIR": str(data_dir)}
    somebody(url)
    whose = ("--person", "awa", "--issuer", ISSUER)
    made = subprocess.run(
        [*LAKANA, "keys", "create", "--name", "writers", "--audience", "steward", *whose],
        env={**os.environ, **environment, "LAKANA_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    with served(url, before=before, LAKANA_COST_PER_MINUTE='{"steward": 1000000000}', **environment) as (base, _):
        writers = [Writer(base, made.stdout.strip(), f"writer {number}", **options) for number in range(WRITERS)]
        for each in writers:
            each.start()
        try:
            until_written(writers, 10)
            yield writers
        finally:
            for each in writers:
                each.end()


def until_written(writers, more):
    """Wait until so many more writes are acknowledged."""
    goal = sum(len(each.acknowledged) for each in writers) + more
    broken.until(
        lambda: sum(len(each.acknowledged) for each in writers) >= goal or any(each.refused for each in writers), 60
    )


def kill_under(writers, data_dir, times):
    """Kill the database server again and again; give how long it was until the next write was done."""
    chance = random.Random(5)
    taken_s = []
    for _ in range(times):
        time.sleep(chance.uniform(0.05, 0.5))
        broken.kill(data_dir)
        private.start(data_dir)
        began = time.monotonic()
        until_written(writers, 1)
        taken_s.append(time.monotonic() - began)
        until_written(writers, WRITERS)
    return taken_s


def lost_and_doubled(writers, data_dir):
    found = entered(private.start(data_dir))
    acknowledged = [name for each in writers for name in each.acknowledged]
    ours = {name: many for name, many in found.items() if name.startswith("writer ")}
    return [name for name in acknowledged if name not in ours], [name for name, many in ours.items() if many > 1]


def test_no_acknowledged_write_is_lost_and_none_is_made_twice(data_dir, figure):
    with writing(data_dir) as writers:
        taken_s = kill_under(writers, data_dir, KILLS)
    lost, doubled = lost_and_doubled(writers, data_dir)
    many, again, replayed = (
        sum(counts)
        for counts in zip(*((len(each.acknowledged), each.again, each.replayed) for each in writers), strict=True)
    )
    assert [each.refused for each in writers] == [[]] * WRITERS
    figure(
        f"PostgreSQL killed {KILLS} times under {WRITERS} writers: acknowledged writes lost",
        f"{len(lost)} of {many:,}",
        "0",
    )
    figure(f"{again:,} sent again by key, {replayed} of them done already: made twice", str(len(doubled)), "0")
    figure("the next write is done after the database is up, at the latest", f"{max(taken_s):.2f} s", "≤ 5 s")
    assert (lost, doubled) == ([], [])
    assert max(taken_s) <= 5


def test_a_write_whose_answer_was_lost_is_made_once(data_dir):
    with writing(data_dir, forgetful=True) as writers:
        until_written(writers, 20)
    assert lost_and_doubled(writers, data_dir) == ([], [])
    assert all(each.replayed == len(each.acknowledged) for each in writers)


@pytest.mark.control
def test_without_keys_it_is_made_twice(data_dir):
    with writing(data_dir, before=DONE_EACH_TIME, forgetful=True) as writers:
        until_written(writers, 20)
    assert len(lost_and_doubled(writers, data_dir)[1]) >= 20


@pytest.mark.control
def test_without_waiting_for_the_disk_acknowledged_writes_are_lost(data_dir):
    url = private.start(data_dir)
    connection = psycopg2.connect(url)
    connection.autocommit = True
    connection.cursor().execute("ALTER DATABASE lakana SET synchronous_commit = off")
    connection.close()
    with writing(data_dir) as writers:
        until_written(writers, 20)
        broken.kill(data_dir)
        private.start(data_dir)
    assert lost_and_doubled(writers, data_dir)[0]
