"""An import is killed at any moment: all of its list is there or nothing, its job says which, and no upload is left."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import httpx
import psycopg2
import pytest

from api.imports.jobs import GONE
from geo.cluster import private
from geo.database import owner
from tests.faults import broken
from tests.faults.sizes import FULL
from tests.persons import ISSUER, somebody
from tests.served import LAKANA, UNSEEDED, served

pytestmark = [pytest.mark.database, pytest.mark.slow]

ROWS = 1_500
TIMES = 10 if FULL else 2
ENDED_S = 120
STATE = (
    "SELECT (SELECT count(*) FROM lakana.organization), (SELECT count(*) FROM audit.import), "
    "(SELECT count(*) FROM audit.foreign_id)"
)
CONNECTION = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid IN "
    "(SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = hashtext('lakana.import')::bigint & 4294967295)"
)


@pytest.fixture
def data_dir(open_folder):
    folder = open_folder / "imports"
    owner.upgrade(private.start(folder))
    yield folder
    private.discard(folder)
    shutil.rmtree(folder, ignore_errors=True)


def rows(prefix):
    return "nom,sigle,type\n" + "".join(f"Organisation {prefix} {n:04},,ONG nat\n" for n in range(ROWS))


class Steward:
    """Sends lists to a server, and looks at what became of them."""

    def __init__(self, base, data_dir, key, process):
        self.http = httpx.Client(base_url=base, timeout=30, headers={"authorization": f"Bearer {key}"})
        self.data_dir, self.server = data_dir, process

    def loading(self, prefix):
        """Send a list that is tried first, have it loaded, and return where its job is and what processes there were."""
        options = json.dumps({"source": f"Liste {prefix}"})
        told = self.http.post(
            "/imports", files={"file": ("l.csv", rows(prefix))}, data={"kind": "organizations", "options": options}
        ).json()
        assert self.ended(told["href"])["status"] == "TRIED"
        before = set(broken.children_of(self.server.pid))
        assert self.http.post(told["href"], json={"load": True}).status_code == 202
        return told["href"], before

    def ended(self, href):
        end = time.monotonic() + ENDED_S
        while time.monotonic() < end:
            with suppress(httpx.TransportError):
                answer = self.http.get(href)
                if answer.status_code == 200 and answer.json()["status"] not in {"QUEUED", "RUNNING"}:
                    return answer.json()
            time.sleep(0.05)
        raise AssertionError(answer.text)

    def uploads(self):
        return [each for each in (self.data_dir / "uploads").rglob("l.csv") if each.is_file()]


@contextmanager
def steward(data_dir):
    url, environment = private.start(data_dir), {"LAKANA_DATA_DIR": str(data_dir)}
    somebody(url)
    made = subprocess.run(
        [*LAKANA, "keys", "create", "--name", "s", "--audience", "steward", "--person", "awa", "--issuer", ISSUER],
        env={**os.environ, **environment, "LAKANA_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=True,
    )
    with served(url, UNSEEDED, **environment) as (base, process):
        by = Steward(base, data_dir, made.stdout.strip(), process)
        with by.http:
            yield by


def state(data_dir):
    """Return how many organisations and imports there are, and how many rows are known by their list."""
    with psycopg2.connect(private.start(data_dir)) as connection, connection.cursor() as cursor:
        cursor.execute(STATE)
        return cursor.fetchone()


def kill_the_process(by, before):
    for pid in set(broken.children_of(by.server.pid)) - before:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def end_the_connection(by, _before):
    with psycopg2.connect(private.start(by.data_dir)) as connection, connection.cursor() as cursor:
        cursor.execute(CONNECTION)


def restart_the_database(by, _before):
    broken.kill(by.data_dir)
    private.start(by.data_dir)


FAULTS = {
    "its process killed": kill_the_process,
    "its connection ended": end_the_connection,
    "the database server killed and started": restart_the_database,
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_list_is_loaded_whole_or_not_at_all_and_its_job_says_which(data_dir, figure, name):
    chance, loaded, wrong = random.Random(len(name)), 0, []
    with steward(data_dir) as by:
        href, _ = by.loading("zero")
        began = time.monotonic()
        assert by.ended(href)["status"] == "LOADED"
        took_s = time.monotonic() - began
        by.http.delete(href)
        for number in range(TIMES):
            organizations, imports, _ = state(data_dir)
            href, before = by.loading(f"n{number}")
            time.sleep(chance.uniform(0, took_s))
            FAULTS[name](by, before)
            told = by.ended(href)
            is_loaded = told["status"] == "LOADED"
            # Whoever is away for a moment is waited for; only a process that is gone is not started again.
            assert is_loaded or (told["status"], told["failure"], name) == ("FAILED", GONE, "its process killed")
            more = state(data_dir)[0] - organizations, state(data_dir)[1] - imports
            if more != ((ROWS, 1) if is_loaded else (0, 0)) or by.uploads():
                wrong.append((told["status"], more, by.uploads()))
            loaded += is_loaded
            by.http.delete(href)
    figure(
        f"{name} under an import, {TIMES} times: loaded in part, said wrongly, or left",
        f"{len(wrong)}; {loaded} loaded",
        "0",
    )
    assert wrong == []


def test_a_server_that_is_killed_leaves_nothing_in_part(data_dir, figure):
    """Its job goes with it; the next server removes the upload, and the list can be sent again."""
    chance, wrong = random.Random(3), []
    for number in range(TIMES):
        with steward(data_dir) as by:
            organizations, imports, _ = state(data_dir)
            by.loading(f"k{number}")
            time.sleep(chance.uniform(0, 3))
            working = broken.children_of(by.server.pid)
            by.server.kill()
            by.server.wait()
            broken.until(partial(none_is_there, working), 10)
        with steward(data_dir) as by:
            more = state(data_dir)[0] - organizations, state(data_dir)[1] - imports
            if more not in {(0, 0), (ROWS, 1)} or by.uploads():
                wrong.append((more, by.uploads()))
            href, _ = by.loading(f"k{number}")
            assert by.ended(href)["status"] == "LOADED"
            assert state(data_dir)[0] - organizations == ROWS
    figure(f"the server killed under an import, {TIMES} times: loaded in part, or left", f"{len(wrong)}", "0")
    assert wrong == []


def none_is_there(pids):
    """Tell whether none of these processes works any more."""
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                return False
    return True
