"""What was released stays so: also in a database that a backup of before brings back."""

from __future__ import annotations

import stat

import pytest

from geo import audit
from geo.database.owner import owner_transaction
from geo.errors import BadInput, SetupError
from geo.release import publish, record
from geo.release.publish import release
from tests.database.counts import KEY, OTHER_KEY, QUARTERS, current, drawn, everything, write
from tests.database.land import Land

pytestmark = pytest.mark.database

LATE = {("a", "2024-Q1", "TRAFFICKING"): 40, ("b", "2024-Q1", "TRAFFICKING"): 41, ("c", "2024-Q1", "TRAFFICKING"): 42}


@pytest.fixture
def restore(make_database):
    """Copy a database as a restore brings it back."""

    def restore(url):
        copy = make_database(url)
        with owner_transaction(copy) as connection, audit.bulk(connection, audit.RESTORED):
            pass
        return copy

    return restore


@pytest.fixture
def lost(counts_url, on, restore, tmp_path):
    """Two quarters are due; one is released, backed up, and then the other is released with the first one's revision."""
    leaves = drawn(QUARTERS[:2])
    write(counts_url, leaves)
    on("2024-07-01")
    release(counts_url, KEY, "2024-Q1", data_dir=tmp_path)
    backup = restore(counts_url)
    write(counts_url, leaves | LATE)
    assert release(counts_url, KEY, data_dir=tmp_path) == ["2024-Q1", "2024-Q2"]
    return backup


def rows(url, statement):
    with owner_transaction(url) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


def cells(url):
    return current(url), current(url, now=False)


def test_a_restored_database_tells_again_what_was_released_and_no_more(counts_url, lost, on, tmp_path):
    assert cells(lost) != cells(counts_url)
    write(lost, drawn(QUARTERS[:4], seed=8))
    assert release(lost, KEY, data_dir=tmp_path) == []
    assert cells(lost) == cells(counts_url)
    for day in ("2024-07-01", "2024-10-01", "2025-01-01", "2026-01-01"):
        on(day)
        assert release(lost, KEY, data_dir=tmp_path) == []
    assert cells(lost) == cells(counts_url)
    with pytest.raises(BadInput, match="2024 was told again as it was, after a restore"):
        release(lost, KEY, "2024-Q3", data_dir=tmp_path)


def test_without_the_record_cells_were_told_twice(counts_url, lost):
    """What the record prevents."""
    write(lost, drawn(QUARTERS[:2], seed=8))
    assert release(lost, KEY) == ["2024-Q1", "2024-Q2"]
    assert current(lost) != current(counts_url)


def test_every_column_of_a_release_and_of_its_cells_comes_back(counts_url, lost, tmp_path):
    """A column that is new and not in the record is lost here."""
    releases = "SELECT to_jsonb(r) - 'number' - 'given_back' FROM lakana.release r ORDER BY number"
    told = (
        "SELECT quarter, revision, to_jsonb(p) - 'id' - 'release_number' AS cell FROM lakana.published_count p "
        "JOIN lakana.release ON number = release_number ORDER BY quarter, revision, cell"
    )
    assert publish.give_back(lost, tmp_path).releases == ("2024-Q1", "2024-Q2")
    assert rows(lost, releases) == rows(counts_url, releases)
    assert rows(lost, told) == rows(counts_url, told)
    assert rows(lost, "SELECT given_back FROM lakana.release ORDER BY number") == [(False,), (True,), (True,)]
    assert not publish.give_back(lost, tmp_path)


def test_the_next_year_is_released_as_ever(lost, on, tmp_path):
    write(lost, drawn(QUARTERS))
    on("2025-07-01")
    assert release(lost, KEY, data_dir=tmp_path) == ["2025-Q1", "2025-Q2"]


def test_before_the_first_release_there_is_neither_key_nor_edition(counts_url, on, restore, tmp_path):
    write(counts_url, drawn(QUARTERS[:1]))
    on("2024-04-01")
    backup = restore(counts_url)
    release(counts_url, KEY, data_dir=tmp_path)
    with pytest.raises(SetupError, match=f"another key .*{record.FILE}"):
        release(backup, OTHER_KEY, data_dir=tmp_path)
    assert everything(backup) == []
    assert publish.give_back(backup, tmp_path)
    assert cells(backup) == cells(counts_url)
    edition = "SELECT area_id::text FROM raw.released_edition ORDER BY 1"
    assert rows(backup, edition) == rows(counts_url, edition) != []
    with pytest.raises(SetupError, match=f"another key .*{record.FILE}"):
        release(backup, OTHER_KEY, data_dir=tmp_path)


def test_a_source_that_came_since_comes_back_too(counts_url, on, restore, tmp_path):
    write(counts_url, drawn(QUARTERS[:1]))
    on("2024-04-01")
    backup = restore(counts_url)
    with owner_transaction(counts_url) as connection:
        connection.exec_driver_sql("INSERT INTO lakana.source (key, name, illustrative) VALUES ('0', 'Né après', true)")
        connection.exec_driver_sql(
            "UPDATE raw.incident_return SET source_id = (SELECT id FROM lakana.source WHERE key = '0')"
        )
    release(counts_url, KEY, data_dir=tmp_path)
    publish.give_back(backup, tmp_path)
    names = "SELECT DISTINCT s.name FROM lakana.published_count p JOIN lakana.source s ON s.id = p.source_id"
    assert rows(backup, names) == [("Né après",)]


def test_cells_of_places_that_are_not_here_are_counted(counts_url, on, restore, tmp_path):
    write(counts_url, drawn(QUARTERS[:1]))
    on("2024-04-01")
    backup = restore(counts_url)
    with owner_transaction(counts_url) as connection:
        land = Land(connection)
        land.locality("late", land.one("SELECT id::text FROM lakana.admin_area WHERE code = 'C11'"))
    write(counts_url, drawn(QUARTERS[:1]) | {("late", "2024-Q1", "OTHER"): 60})
    release(counts_url, KEY, data_dir=tmp_path)
    back = publish.give_back(backup, tmp_path)
    missing = current(counts_url) - current(backup)
    assert {row[1] for row in missing} == {"late"}
    assert back.homeless == len(missing) > 0


def test_a_line_a_release_that_only_the_owner_reads(counts_url, lost, tmp_path):
    file = tmp_path / record.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [line.split()[2].rpartition("/")[0] for line in file.read_text().splitlines()] == [
        "2024-Q1/0", "2024-Q1/1", "2024-Q2/0",
    ]  # fmt: skip
    assert not publish.give_back(counts_url, tmp_path)
    assert len(file.read_text().splitlines()) == 3


def test_what_was_released_without_a_record_is_recorded(counts_url, lost, tmp_path):
    """As after an upgrade, or where a folder was lost and its database was not."""
    file = tmp_path / record.FILE
    before = sorted(file.read_text().splitlines())
    file.unlink()
    assert not publish.give_back(counts_url, tmp_path)
    assert sorted(file.read_text().splitlines()) == before


def test_nothing_is_released_that_cannot_be_recorded(counts_url, on, tmp_path):
    write(counts_url, drawn(QUARTERS[:1]))
    on("2024-04-01")
    (tmp_path / record.FILE).mkdir()
    with pytest.raises(OSError, match=record.FILE):
        release(counts_url, KEY, data_dir=tmp_path)
    assert everything(counts_url) == []


def test_a_restored_database_without_its_record_releases_nothing(lost, tmp_path):
    before = everything(lost)
    file = tmp_path / record.FILE
    whole = file.read_text()
    file.unlink()
    with pytest.raises(SetupError, match=f"restored from a backup, and .*{record.FILE}"):
        release(lost, KEY, data_dir=tmp_path)
    assert not file.exists()
    file.write_text("".join(f"another{line}\n" for line in whole.splitlines()))  # another database's
    with pytest.raises(SetupError, match="restored from a backup"):
        release(lost, KEY, data_dir=tmp_path)
    assert everything(lost) == before
    file.write_text("")  # somebody says that nothing was released since
    assert release(lost, KEY, data_dir=tmp_path) == ["2024-Q2"]
    assert len(file.read_text().splitlines()) == 2


@pytest.mark.parametrize("spoil", ["cut", "edited"])
def test_a_record_that_was_cut_or_edited_is_told_by_its_line(lost, tmp_path, spoil):
    before = everything(lost)
    file = tmp_path / record.FILE
    whole = file.read_text()
    file.write_text(whole[:-100] if spoil == "cut" else whole.replace(" 5, ", " 0, ", 1))
    assert file.read_text() != whole
    with pytest.raises(SetupError, match=rf"Line \d of .*{record.FILE} was cut or edited"):
        release(lost, KEY, data_dir=tmp_path)
    assert everything(lost) == before


def test_two_copies_released_apart_are_told(counts_url, lost, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / record.FILE).touch()
    release(lost, KEY, data_dir=tmp_path / "other")
    before = everything(lost)
    with pytest.raises(SetupError, match=r"another release of 2024-Q\d, revision \d"):
        release(lost, KEY, data_dir=tmp_path)
    assert everything(lost) == before


def test_a_published_count_of_participants_comes_back_and_is_not_told_anew(counts_url, restore, tmp_path):
    told = "SELECT training_event_id::text, kind::text, count FROM lakana.training_participants"
    with owner_transaction(counts_url) as connection:
        connection.exec_driver_sql(
            "INSERT INTO lakana.training_event (name, starts_on, ends_on, participant_kinds, source_id) "
            "SELECT 'Atelier', '2024-01-02', '2024-01-03', '{NGO}', id FROM lakana.source LIMIT 1"
        )
        connection.exec_driver_sql(
            "INSERT INTO raw.training_participants SELECT id, 'NGO', 12 FROM lakana.training_event"
        )
    backup = restore(counts_url)
    release(counts_url, KEY, data_dir=tmp_path)
    with owner_transaction(backup) as connection:
        connection.exec_driver_sql("UPDATE raw.training_participants SET count = 37")
    release(backup, KEY, data_dir=tmp_path)
    assert rows(backup, told) == rows(counts_url, told) != []
    assert publish.give_back(backup, tmp_path).trainings == 0
