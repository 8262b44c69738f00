"""The private cluster: started, stopped, killed, in long and closed folders, and beside others."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg2
import pytest

from geo.cluster import private
from geo.cluster.postgresql import account
from geo.errors import SetupError

pytestmark = pytest.mark.database


@pytest.fixture
def folder(open_folder):
    made = Path(tempfile.mkdtemp(dir=open_folder))
    made.chmod(0o711)
    yield made / "data"
    for data_dir in {path.parent for path in made.rglob("cluster.lock")}:
        private.discard(data_dir)
    shutil.rmtree(made)


def ask(url, statement="SELECT current_user"):
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            connection.commit()
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def pid_of(data_dir):
    return int((data_dir / "cluster/postmaster.pid").read_text().splitlines()[0])


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_starts_once_and_stops(folder):
    assert private.status(folder) is None
    url = private.start(folder)
    pid = pid_of(folder)
    assert ask(url) == "lakana"
    assert private.start(folder) == private.status(folder) == url
    assert pid_of(folder) == pid
    assert private.stop(folder)
    assert private.status(folder) is None
    assert not private.stop(folder)
    assert not private.socket_folder(folder).exists()


def test_only_a_private_socket_leads_to_it_and_no_statement_to_its_log(folder):
    with private.running(folder) as url:
        shown = {
            name: ask(url, f"SHOW {name}") for name in ("listen_addresses", "log_min_error_statement", "jit", "fsync")
        }
        with pytest.raises(psycopg2.Error):
            ask(url, "SELECT 'whereabouts'::int")
        assert mode(private.socket_folder(folder)) == 0o700
        assert mode(folder / "cluster") == 0o700
        assert ask(url, "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = 'lakana'") == "UTF8"
    assert shown == {"listen_addresses": "", "log_min_error_statement": "panic", "jit": "off", "fsync": "on"}
    assert b"SELECT" not in b"".join(path.read_bytes() for path in (folder / "cluster/log").iterdir())


def test_recovers_from_a_kill_and_keeps_what_was_committed(folder):
    url = private.start(folder)
    ask(url, "CREATE TABLE kept AS SELECT 1 AS one")
    os.kill(pid_of(folder), signal.SIGKILL)
    time.sleep(0.1)
    assert private.status(folder) is None
    assert private.start(folder) == url
    assert ask(url, "SELECT one FROM kept") == 1


def test_a_number_that_is_another_process_by_now_is_no_server(folder):
    url = private.start(folder)
    os.kill(pid_of(folder), signal.SIGKILL)
    time.sleep(0.1)
    file = folder / "cluster/postmaster.pid"
    with subprocess.Popen(["sleep", "60"], **account().options()) as sleeper:
        file.write_text("\n".join([str(sleeper.pid), *file.read_text().splitlines()[1:], ""]))
        assert private.status(folder) is None
        assert private.start(folder) == url
        assert ask(url) == "lakana"
        sleeper.kill()


def test_the_last_to_leave_stops_it(folder):
    with private.running(folder):
        with private.running(folder) as url:
            pass
        assert ask(url) == "lakana"
    assert private.status(folder) is None


def test_one_that_was_started_to_stay_stays(folder):
    url = private.start(folder)
    with private.running(folder):
        pass
    assert private.status(folder) == url


def test_a_long_path_gets_a_short_socket(folder):
    long = folder / ("a" * 100) / ("é" * 50)
    long.mkdir(parents=True, mode=0o755)
    with private.running(long) as url:
        assert ask(url) == "lakana"
        assert len(os.fsencode(private.socket_folder(long) / ".s.PGSQL.5432.lock")) < 100


def test_two_clones_do_not_meet(folder):
    with private.running(folder / "one") as one, private.running(folder / "two") as two:
        ask(one, "CREATE TABLE only_here AS SELECT 1")
        assert ask(one, "SELECT to_regclass('only_here') IS NULL") is False
        assert ask(two, "SELECT to_regclass('only_here') IS NULL") is True


def test_starters_at_the_same_time_start_one(folder):
    code = "import sys, pathlib; from geo.cluster import private; print(private.start(pathlib.Path(sys.argv[1])))"

    def starter(_):
        return subprocess.run([sys.executable, "-c", code, folder], check=True, capture_output=True, text=True).stdout

    with ThreadPoolExecutor(4) as threads:
        urls = set(threads.map(starter, range(4)))
    assert len(urls) == 1
    assert ask(urls.pop().strip()) == "lakana"


def test_somebody_elses_path_for_the_socket_is_refused(folder, tmp_path):
    path = private.socket_folder(folder)
    path.symlink_to(tmp_path)
    try:
        with pytest.raises(SetupError, match="own folder of mode 700"):
            private.start(folder)
    finally:
        path.unlink()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a folder that PostgreSQL's user may not enter")
def test_a_folder_that_only_root_may_enter(folder):
    folder.mkdir(mode=0o700)
    with private.running(folder) as url:
        assert ask(url) == "lakana"
        home = (folder / "cluster").resolve()
        assert home.is_relative_to("/var/lib/lakana")
        assert home.stat().st_uid != 0
        assert mode(home) == 0o700
    private.discard(folder)
    assert not home.exists()


def test_nothing_installed_is_one_line_that_says_what_to_do(monkeypatch):
    monkeypatch.setattr("geo.cluster.postgresql.FOLDERS", ())
    monkeypatch.setenv("PATH", "/nowhere")
    private.programs.cache_clear()
    try:
        with pytest.raises(SetupError, match="LAKANA_DATABASE_URL") as caught:
            private.programs()
    finally:
        private.programs.cache_clear()
    assert "\n" not in str(caught.value)
