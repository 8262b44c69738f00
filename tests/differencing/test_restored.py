"""A restored backup told its cells twice: as they were released before the loss, and anew after late reports."""

from __future__ import annotations

from collections import defaultdict

import pytest

from geo.cluster import backup
from geo.database.owner import owner_transaction
from geo.release import publish
from tests.conftest import RELEASE_KEY, unguessed

pytestmark = [pytest.mark.database, pytest.mark.slow]

UNRELEASED = "TRUNCATE lakana.release, raw.release_key, raw.released_edition, lakana.training_participants CASCADE"
LATE = """
SELECT setseed(0.16);
UPDATE raw.incident_count SET count = count + 1 + (random() < 0.5)::int
WHERE count < 5 AND left(quarter, 4) = '2024' AND random() < 0.05;
UPDATE raw.training_participants SET count = count + 7;
"""
TOLD = """
SELECT level::text, coalesce(area_id, locality_id)::text, period, incident_type::text, count FROM lakana.published_count
UNION ALL
SELECT 'TRAINING', training_event_id::text, kind::text, NULL, count FROM lakana.training_participants
"""


@pytest.fixture(scope="module")
def lost(copy_seeded, make_database, tmp_path_factory):
    """A database that was released and lost, its record, and its backup of before with late reports."""
    folder, url, restored = tmp_path_factory.mktemp("lost"), copy_seeded(), make_database()
    with owner_transaction(url) as connection:
        connection.exec_driver_sql(UNRELEASED)
    backup.backup(url, folder / "before.backup")
    with unguessed():
        publish.release(url, RELEASE_KEY, data_dir=folder)
    backup.restore(restored, folder / "before.backup")
    with owner_transaction(restored) as connection:
        connection.exec_driver_sql(LATE)
    return url, restored, folder


def told(url):
    with owner_transaction(url) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(TOLD)]


def told_twice(*urls):
    """Return the cells that whoever kept the answers of each has two counts of."""
    counts = defaultdict(set)
    for url in urls:
        for *cell, count in told(url):
            counts[tuple(cell)].add(count)
    return [cell for cell, found in counts.items() if len(found) > 1]


def test_no_cell_is_told_twice(lost, figure):
    url, restored, folder = lost
    with unguessed():
        assert publish.release(restored, RELEASE_KEY, data_dir=folder) == []
    figure("a backup of before the release, restored: cells told twice", f"{len(told_twice(url, restored))}", "0")
    assert sorted(told(restored), key=str) == sorted(told(url), key=str)


@pytest.mark.control
def test_without_the_record_they_were(lost, make_database, figure):
    url, _, folder = lost
    restored = make_database()
    backup.restore(restored, folder / "before.backup")
    with owner_transaction(restored) as connection:
        connection.exec_driver_sql(LATE)
    with unguessed():
        publish.release(restored, RELEASE_KEY)
    twice = told_twice(url, restored)
    figure("control: the same without the record", f"{len(twice)}", "above 0")
    assert len(twice) > 100
    assert {"LOCALITY", "TRAINING"} < {cell[0] for cell in twice}
