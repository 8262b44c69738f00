"""The database goes away and comes back: the service says so, and needs no hand to go on."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import httpx
import pytest

from geo.cluster import private
from geo.database import owner
from tests.served import UNSEEDED, served

pytestmark = pytest.mark.database

QUESTION = {"query": "{ sources { name } }"}


@pytest.fixture
def data_dir(open_folder: Path):
    folder = open_folder / "outage"
    yield folder
    private.discard(folder)
    shutil.rmtree(folder, ignore_errors=True)


def test_a_database_that_went_away_is_503_until_it_is_back(data_dir):
    url = private.start(data_dir)
    owner.upgrade(url)
    with served(url, UNSEEDED) as (base, _), httpx.Client(base_url=base) as client:
        assert client.post("/graphql", json=QUESTION).status_code == 200
        private.stop(data_dir)
        began = time.monotonic()
        away = client.post("/graphql", json=QUESTION)
        assert time.monotonic() - began < 2
        assert away.status_code == 503
        assert int(away.headers["retry-after"]) >= 1
        assert away.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
        assert client.get("/readyz").status_code == 503
        assert client.get("/maps/overview.html").status_code == 503
        assert client.get("/livez").text == "ok"
        private.start(data_dir)
        assert client.post("/graphql", json=QUESTION).status_code == 200
        assert client.get("/readyz").text == "ready"
