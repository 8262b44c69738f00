"""Backends are killed and servers restarted: the service is ready again as soon as the database is."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from geo.cluster import private
from geo.database import owner
from tests.faults import broken
from tests.faults.sizes import BACKEND_KILLS, RESTARTS
from tests.served import served

pytestmark = [pytest.mark.database, pytest.mark.slow]

READY_S = 5
DATABASE_S = 60

FAULTS = {
    "all connections ended (pg_terminate_backend)": (broken.end_backends, BACKEND_KILLS // 2),
    "a backend killed (SIGKILL; the server starts again)": (broken.kill_a_backend, BACKEND_KILLS - BACKEND_KILLS // 2),
    "the database server restarted": (broken.restart, RESTARTS),
}

WITHOUT_ANOTHER_CONNECTION = "import geo.database.session; geo.database.session.Session.close = lambda self: None"


@pytest.fixture(scope="module")
def data_dir(open_folder: Path):
    folder = open_folder / "recovery"
    owner.upgrade(private.start(folder))
    yield folder
    private.discard(folder)
    shutil.rmtree(folder, ignore_errors=True)


def open_all(client: httpx.Client) -> None:
    """Ask so much at once that every connection is in use, and would be found broken."""
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: client.post("/graphql", json=broken.QUESTION), range(64)))


@pytest.mark.parametrize("name", FAULTS)
def test_ready_again_soon_after_the_database(data_dir, figure, name):
    fault, times = FAULTS[name]
    url = private.start(data_dir)
    taken_s = []
    with served(url) as (base, process), httpx.Client(base_url=base, timeout=10) as client:
        for _ in range(times):
            open_all(client)
            fault(data_dir, url)
            assert client.get("/livez").status_code == 200
            broken.until(lambda: broken.answers(url), DATABASE_S)
            taken_s.append(broken.until(lambda: broken.serves(client), DATABASE_S))
        assert process.poll() is None
    figure(f"{name}, {times} times: ready after the database, at the latest", f"{max(taken_s):.2f} s", f"≤ {READY_S} s")
    assert max(taken_s) <= READY_S


@pytest.mark.control
def test_it_would_not_be_without_opening_connections_anew(data_dir):
    url = private.start(data_dir)
    with served(url, before=WITHOUT_ANOTHER_CONNECTION) as (base, _), httpx.Client(base_url=base) as client:
        open_all(client)
        broken.end_backends(data_dir, url)
        with pytest.raises(AssertionError, match="not within"):
            broken.until(lambda: broken.serves(client), READY_S)
