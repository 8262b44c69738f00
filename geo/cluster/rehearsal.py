"""A backup is tried out: restored into a cluster that is thrown away, and compared with the database that it is of."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from geo import audit
from geo.cluster import backup, private
from geo.database.owner import owner_transaction
from geo.progress import Progress, silent

_ROWS = "SELECT count(*) FROM {}"
_LAST = "SELECT number, hash FROM audit.entry ORDER BY number DESC OFFSET 1 LIMIT 1"
"""The last entry of a restored log but one: the last says that it was restored."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came of it.

    Parameters
    ----------
    rows
        By table: how many rows came back, and how many the database has now; ``None`` where it has no such table.
    entries
        How many entries the log had when the backup was made.
    wrong
        What is wrong, in sentences; empty where the backup can be relied on.

    """

    rows: dict[str, tuple[int, int | None]]
    entries: int
    wrong: tuple[str, ...]


def rehearse(
    url: str | None, file: Path, room: Path, progress: Progress = silent, *, identity: Path | None = None
) -> Rehearsal:
    """Restore a backup into a cluster of its own, which is gone afterwards, and compare.

    Parameters
    ----------
    url
        The owner's address of the database that it is of; ``None`` compares with nothing, as after its loss.
    file
        The backup.
    room
        A folder with as much room as the database takes.
    progress
        Told of each table.
    identity
        The file of the private key, where age has encrypted it.

    Raises
    ------
    SetupError
        If it cannot be restored; the sentence says why.

    """
    with _thrown_away(room) as folder, private.running(folder) as copy:
        backup.restore(copy, file, progress, identity=identity)
        entries, wrong = audit.verify(copy, folder)
        with owner_transaction(copy) as connection:
            rows = _rows(connection)
            last = connection.execute(text(_LAST)).one_or_none()
    there: dict[str, int] = {}
    if url is not None:
        with owner_transaction(url) as connection:
            there = _rows(connection)
            found = last and connection.scalar(
                text("SELECT hash FROM audit.entry WHERE number = :number"), {"number": last.number}
            )
        if last and found != last.hash:
            wrong.append(
                f"Entry {last.number} of its log is not the one of this database: it is of another, or of a copy."
            )
    if not sum(rows.values()):
        wrong.append("It holds no rows.")
    return Rehearsal({name: (many, there.get(name)) for name, many in rows.items()}, entries - 1, tuple(wrong))


@contextmanager
def _thrown_away(room: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="rehearsal-", dir=room) as name:
        folder = Path(name)
        folder.chmod(0o711)  # PostgreSQL's own user must be able to pass through
        try:
            yield folder
        finally:
            private.discard(folder)


def _rows(connection: Connection) -> dict[str, int]:
    return {name: int(connection.scalar(text(_ROWS.format(name))) or 0) for name in backup.tables(connection)}
