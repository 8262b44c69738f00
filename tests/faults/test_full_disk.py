"""The database's disk is really full: said so, in words that tell no data, by answers, the log, /readyz and commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg2
import pytest

from geo.cluster import private
from geo.database import owner
from tests.faults.broken import until
from tests.persons import ISSUER, somebody
from tests.served import LAKANA, UNSEEDED, served

pytestmark = [pytest.mark.database, pytest.mark.slow]

SIZE_MB = 40
PERSON = ("--person", "awa", "--issuer", ISSUER)
STEWARD = ("keys", "create", "--name", "writers", "--audience", "steward", *PERSON)
CREATE = """mutation ($name: String!, $key: String!) {
  createOrganization(input: {name: $name, kind: NGO, idempotencyKey: $key}) { __typename } }"""
TABLES = ("lakana.organization", "audit.entry", "audit.answered", "identity.key", "lakana.source")


@pytest.fixture(scope="module")
def small_disk(open_folder: Path) -> Iterator[Path]:
    """A file system of its own with little room, as only root may make one."""
    folder = open_folder / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m,mode=0777", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.getuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("making a small file system takes root on Linux, and the right to mount")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(scope="module")
def url(open_folder: Path, small_disk: Path) -> Iterator[str]:
    """A cluster that keeps the tables that writes grow on the small disk: there it is that room runs out."""
    data_dir = open_folder / "full"
    url = private.start(data_dir)
    owner.upgrade(url)
    somebody(url)
    holder = (data_dir / "cluster").resolve().stat()
    place = small_disk / "tables"
    place.mkdir(mode=0o700)
    os.chown(place, holder.st_uid, holder.st_gid)
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} SET TABLESPACE small")
        cursor.execute("ALTER DATABASE lakana SET temp_tablespaces = small")
    connection.close()
    yield url
    private.discard(data_dir)
    shutil.rmtree(data_dir, ignore_errors=True)


def fill(small_disk: Path) -> Path:
    """Take all the room there is."""
    ballast = small_disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    return ballast


def fill_pages(url: str) -> None:
    """Enter keys until there is no room, as the command would, which takes a second for each."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor, suppress(psycopg2.errors.DiskFull):
        while True:
            cursor.execute(
                "INSERT INTO identity.key (prefix, digest, name, audience, expires_at, person_id) "
                "SELECT gen_random_uuid(), digest, name, audience, expires_at, person_id FROM identity.key LIMIT 1"
            )
    connection.close()


def command(url: str, data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LAKANA_DATABASE_URL": url, "LAKANA_DATA_DIR": str(data_dir)}
    return subprocess.run([*LAKANA, *arguments], check=False, capture_output=True, text=True, env=environment)


def test_a_full_disk_is_told_as_what_it_is(url, small_disk, tmp_path, figure):
    made = command(url, tmp_path, *STEWARD)
    assert made.returncode == 0, made.stderr
    headers = {"authorization": f"Bearer {made.stdout.strip()}"}
    log = tmp_path / "log"
    with (
        served(url, UNSEEDED, log=str(log), LAKANA_DATA_DIR=str(tmp_path)) as (base, _),
        httpx.Client(base_url=base, timeout=30, headers=headers) as client,
    ):

        def write() -> httpx.Response:
            variables = {"name": f"Bureau {uuid.uuid4()} {'x' * 150}", "key": str(uuid.uuid4())}
            return client.post("/graphql", json={"query": CREATE, "variables": variables})

        assert client.get("/readyz").text == "ready"
        ballast = fill(small_disk)
        answer = write()
        for _ in range(300):  # until the existing pages are full
            if answer.status_code == 503:
                break
            assert answer.json()["data"]["createOrganization"]["__typename"] == "OrganizationCreated", answer.json()
            answer = write()
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["extensions"]["code"]) == (503, "UNAVAILABLE")
        assert "cannot write now: the disk is full (SQLSTATE 53100)" in error["message"]
        ready = client.get("/readyz")
        assert (ready.status_code, ready.text) == (503, "the database answers and cannot write: the disk is full")
        assert client.get("/livez").status_code == 200
        assert (
            httpx.post(f"{base}/graphql", json={"query": "{ sources { name } }"}).status_code == 200
        )  # reads still work
        until(lambda: "the database cannot write" in log.read_text(), 2)  # lines are written together
        told = [line for line in log.read_text().splitlines() if "the database cannot write" in line]
        assert all('"level":"error"' in line.replace(" ", "") and "53100" in line for line in told)
        assert "Bureau" not in log.read_text()

        fill_pages(url)
        last = next(made for _ in range(50) if (made := command(url, tmp_path, *STEWARD)).returncode)
        assert (last.returncode, last.stdout, last.stderr.count("\n")) == (1, "", 1), last.stderr
        assert last.stderr.startswith("lakana: The database cannot write now: the disk is full (SQLSTATE 53100)")

        ballast.unlink()
        until(lambda: client.get("/readyz").status_code == 200, 15)
        assert write().status_code == 200
    figure("the disk is full: a write, /readyz, the log and keys create say so", "all four", "all four")
