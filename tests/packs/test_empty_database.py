"""What an empty database is filled with when the server starts: Mali, another pack, or nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from api.cli import serve
from api.settings import Settings
from geo.database import owner
from geo.progress import silent
from seeds import seeding
from tests.packs import vela

pytestmark = pytest.mark.database


def nations(url):
    with owner.owner_transaction(url) as connection:
        return connection.scalars(text("SELECT code FROM lakana.admin_area WHERE level = 0 ORDER BY code")).all()


def test_nothing_is_loaded_where_nothing_is_wished(copy_migrated):
    url = copy_migrated()
    assert not serve.seeded(url, Settings(seed="none"), silent)
    assert nations(url) == []


def test_the_pack_that_is_named_is_loaded_once(copy_migrated, tmp_path):
    url, folder = copy_migrated(), vela.write(tmp_path)
    assert serve.seeded(url, Settings(seed=str(folder)), silent)
    assert nations(url) == [vela.CODE]
    assert not serve.seeded(url, Settings(seed=str(folder)), silent)


def test_where_nobody_says_it_is_mali(monkeypatch, empty_url):
    wished = []
    monkeypatch.setattr(seeding, "seed", lambda _url, folder, **_: wished.append(folder))
    assert serve.seeded(empty_url, Settings(), silent)
    assert wished == [seeding.USUAL]
    assert (seeding.USUAL / "country.toml").is_file()
