"""What a server says of the release as it starts, what it releases by itself, and what it does not let stop it."""

from __future__ import annotations

import shutil

import pytest
from pydantic import SecretStr

from api.cli.serve import give_back, prepare
from api.settings import Settings
from geo.cluster import backup
from geo.database.owner import owner_transaction
from geo.errors import TooRevealing
from geo.release import publish, record
from tests.conftest import RELEASE_KEY, unguessed

pytestmark = pytest.mark.database

OTHER = b"\xab" * 32


def settings(folder, key=RELEASE_KEY):
    return Settings(data_dir=folder, release_key=SecretStr(key.hex()))


def releases(url):
    with owner_transaction(url) as connection:
        found = connection.exec_driver_sql("SELECT quarter, revision FROM lakana.release ORDER BY number")
        return [tuple(row) for row in found]


@pytest.fixture(scope="module")
def unreleased_template(copy_seeded):
    """The seeds as they are before their first release, to be copied."""
    url = copy_seeded()
    with owner_transaction(url) as connection:
        connection.exec_driver_sql(
            "TRUNCATE lakana.release, raw.release_key, raw.released_edition, lakana.training_participants CASCADE"
        )
    return url


@pytest.fixture
def unreleased(unreleased_template, make_database):
    """The seeds as they are before their first release."""
    return make_database(unreleased_template)


@pytest.fixture(scope="module")
def backed_up(unreleased_template, make_database, tmp_path_factory):
    """A database from a backup of before the first release, one that was released since, and the folder of its record."""
    folder = tmp_path_factory.mktemp("released")
    released, url = make_database(unreleased_template), make_database()
    backup.backup(released, folder / "before.backup")
    with unguessed():
        publish.release(released, RELEASE_KEY, data_dir=folder)
    backup.restore(url, folder / "before.backup")
    (folder / "before.backup").unlink()
    return url, released, folder


@pytest.fixture
def restored(backed_up, make_database, tmp_path):
    """A database from a backup of before the first release, which then was in ``tmp_path`` and under ``RELEASE_KEY``."""
    url, _, folder = backed_up
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    return make_database(url)


def test_another_key_than_the_databases_is_told_without_the_key(seeded_url, tmp_path, capsys):
    prepare(settings(tmp_path, OTHER), seeded_url)
    said = capsys.readouterr().err
    assert "released under another key" in said
    assert OTHER.hex() not in said


def test_the_databases_own_key_is_nothing_to_tell(seeded_url, tmp_path, capsys):
    prepare(settings(tmp_path), seeded_url)
    said = capsys.readouterr().err
    assert "key" not in said
    assert "warning" not in said


def test_counts_that_must_not_be_published_do_not_keep_a_server_from_starting(
    unreleased, tmp_path, capsys, monkeypatch
):
    def refuse(*_arguments, **_options):
        raise TooRevealing("Nothing was published: …")

    monkeypatch.setattr("seeds.seeding.is_empty", lambda _: True)  # it is seeded again, which changes nothing
    monkeypatch.setattr("geo.release.publish.release", refuse)
    prepare(settings(tmp_path), unreleased)
    assert "Nothing was published" in capsys.readouterr().err


def test_a_start_releases_what_it_has_seeded_and_nothing_else(make_database, tmp_path, capsys):
    url = make_database()
    with unguessed():
        prepare(settings(tmp_path), url)
    assert len(releases(url)) == len((tmp_path / record.FILE).read_text().splitlines()) - 35 > 0
    assert "never released" not in capsys.readouterr().err


def test_what_is_due_is_told_with_the_command(unreleased, tmp_path, capsys):
    prepare(settings(tmp_path), unreleased)
    assert "2024-Q1 to 2025-Q4 were never released; lakana release" in capsys.readouterr().err
    assert releases(unreleased) == []


def test_a_restored_database_is_served_with_what_was_released(restored, backed_up, tmp_path, capsys):
    _, released, _ = backed_up
    prepare(settings(tmp_path), restored)
    said = capsys.readouterr().err
    assert releases(restored) == releases(released) != []
    assert f"{len(releases(restored))} releases of counts and 35 counts of participants" in said
    assert "never released" not in said
    prepare(settings(tmp_path), restored)
    assert "released" not in capsys.readouterr().err


def test_another_key_is_told_before_anything_is_released(restored, tmp_path, capsys):
    prepare(settings(tmp_path, OTHER), restored)
    assert "released under another key" in capsys.readouterr().err


def test_in_a_new_folder_nothing_is_released_and_it_is_said_why(restored, tmp_path, capsys):
    """``LAKANA_DATA_DIR=new lakana db restore a.backup; lakana serve``, where no key and no record is."""
    new = Settings(data_dir=tmp_path / "new")
    give_back(restored, new)
    prepare(new, restored)
    said = capsys.readouterr().err
    assert said.count(f"restored from a backup, and {tmp_path / 'new' / record.FILE} does not name") == 2
    assert "never released; lakana release" in said
    assert releases(restored) == []


@pytest.mark.parametrize(
    ("key", "said", "fits"),
    [(RELEASE_KEY, "counts were released under this key", True), (OTHER, "and counts were released under", False),
     (None, "there is no key, and counts were released", False)],
)  # fmt: skip
def test_the_key_at_hand_is_compared_with_the_databases(seeded_url, key, said, fits):
    told, can = publish.key_state(seeded_url, key)
    assert said in told
    assert can is fits
    assert RELEASE_KEY.hex() not in told
