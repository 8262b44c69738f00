"""What was made confidential stays so: also in a database that a backup of before it brings back."""

from __future__ import annotations

import asyncio
import stat
import threading

import pytest

from api.background.audit_anchors import anchoring
from geo import audit
from geo.cluster import backup
from geo.database import owner
from geo.errors import SetupError
from tests.writes.conftest import STEWARD
from tests.writes.hiding import hide

pytestmark = pytest.mark.database


def public(url):
    with owner.owner_transaction(url) as connection:
        found = connection.exec_driver_sql(
            "SELECT id::text FROM lakana.service WHERE category = 'SAFE_SHELTER' AND NOT confidential"
        )
        return set(found.scalars())


@pytest.fixture
def restored(desk, seen, make_database, tmp_path):
    """A database of before a shelter was hidden, which has been noted."""
    file = tmp_path / "before.backup"
    backup.backup(desk.url, file)
    desk.resources.anchor_due.clear()
    hide(desk, seen[0], frontGate="Permanence, +223 76 00 11 58")
    assert desk.resources.anchor_due.is_set()
    audit.note_hidden(desk.url, tmp_path)
    url = make_database()
    backup.restore(url, file)
    return url


def test_a_backup_of_before_shows_no_shelter_that_was_hidden_since(restored, desk, seen, tmp_path):
    before = public(restored)
    assert seen[1] in before
    assert audit.hide_again(restored, tmp_path) == 1
    assert public(restored) == before - {seen[1]} == public(desk.url)
    assert audit.hide_again(restored, tmp_path) == 0
    with owner.owner_transaction(restored) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM lakana.service WHERE id = %s", (seen[1],)).scalar() == 0
    assert audit.verify(restored, tmp_path)[1] == []


def test_whoever_ran_it_then(restored, seen, tmp_path):
    """Bodies that are always listed run no confidential shelter, so with one it could not be hidden again, nor any other."""
    run = (
        "UPDATE lakana.actor a SET kind = 'LOCAL_AUTHORITY' FROM lakana.service s WHERE s.actor_id = a.id AND s.id = %s"
    )
    with owner.owner_transaction(restored) as connection:
        connection.exec_driver_sql(run, (seen[1],))
    assert audit.hide_again(restored, tmp_path) == 1
    assert seen[1] not in public(restored)
    with owner.owner_transaction(restored) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM exact.site WHERE actor_id IS NULL").scalar() == 1


def test_who_hangs_up_while_hiding_it_is_noted_too(desk):
    """The write is done, so what follows from it is."""
    done = threading.Event()

    def work(_connection):
        done.wait(5)
        return 1

    async def hang_up():
        followed = asyncio.Event()
        writing = asyncio.ensure_future(desk.resources.writer.run(STEWARD, work, then=followed.set))
        await asyncio.sleep(0.2)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        done.set()
        await asyncio.wait_for(followed.wait(), 5)

    desk._runner.run(hang_up())


def test_without_zones_it_is_told_and_not_served(restored, tmp_path):
    with owner.owner_transaction(restored) as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # otherwise triggers keep the zones
        for emptied in ("lakana.service WHERE confidential", "lakana.zone_area", "lakana.zone", "lakana.zoning"):
            connection.exec_driver_sql(f"DELETE FROM {emptied}")
    with pytest.raises(SetupError, match="lakana zones make"):
        audit.hide_again(restored, tmp_path)


def test_what_one_database_has_hidden_is_not_hidden_in_another(desk, restored, tmp_path):
    """Of the same seeds, as a second one that the same data folder serves."""
    before = public(restored)
    with owner.owner_transaction(restored) as connection:
        connection.exec_driver_sql("ALTER TABLE audit.entry DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE audit.entry SET hash = 'another' WHERE number = 1")
    assert audit.hide_again(restored, tmp_path) == 0
    assert public(restored) == before


def test_it_is_noted_as_it_is_hidden(desk, seen, tmp_path):
    audit.note_hidden(desk.url, tmp_path)
    file = tmp_path / audit.HIDDEN
    known = file.read_text().splitlines() if file.exists() else []

    async def serve():
        due = asyncio.Event()
        async with anchoring(desk.url, tmp_path, due):
            await asyncio.sleep(0.5)
            await asyncio.to_thread(hide, desk, seen[0], frontGate="Permanence, +223 76 00 11 59")
            due.set()
            for _ in range(50):
                if file.exists() and len(file.read_text().splitlines()) > len(known):
                    return
                await asyncio.sleep(0.1)

    asyncio.run(serve())
    noted = [line.split()[1] for line in file.read_text().splitlines()]
    [digest] = desk.rows("SELECT audit.digest_of(%s)", seen[1])[0]
    assert digest in noted
    assert len(noted) == len(set(noted))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
