"""The audit log: bulk loads are logged as one entry, its head is anchored outside the database, it can be verified.

The ids of hidden shelters and of withdrawn records are noted outside as well, so that restoring an older backup does
not show them again.

Each entry's hash is SHA-256 over its contents and the hash of the entry before it, so an edit or a deletion breaks the
chain. The chain alone does not reveal that its tail was cut, so its head is regularly written to a file in the data
folder, and each anchored entry must still be there. A tail that is cut before it was anchored goes unnoticed.

Source: the hash chain of Haber and Stornetta, How to time-stamp a digital document (1991).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError

from geo.database.owner import owner_transaction, sql_file
from geo.database.sqlstates import blamed
from geo.errors import SetupError

FILE = "audit.anchors"
"""One line per anchor: epoch seconds, the number of the last entry and its hash."""
HIDDEN = "hidden.ids"
"""One line per id that was public and is gone: the first hash of its database's log, the id's digest, and the number of
the log's last entry at that time, which older lines do not have."""
WITHDRAWN = "withdrawn.ids"
"""One line per withdrawn record: the first hash of its database's log, and the id's digest."""
BATCH = 1_000

_ENTRIES = """
SELECT e.number, e.previous_hash, e.hash, audit.text_of(e) AS text, e.sealed_digest,
       s.number IS NOT NULL AS is_sealed, audit.seal_of(s.salt, s.before, s.after) AS seal
FROM audit.entry e LEFT JOIN audit.sealed s USING (number) ORDER BY e.number
"""

# What is there under its id is not gone: earlier upgrades withheld entries about it under that id.
_GONE = """
SELECT w.digest FROM audit.withheld w WHERE w.actor_id IS NULL AND NOT w.confidential
  AND NOT EXISTS (SELECT FROM lakana.service s WHERE audit.digest_of(s.id::text) = w.digest)
"""
_WITHDRAWN = "SELECT DISTINCT audit.digest_of(subject_id) FROM audit.entry WHERE action = 'WITHDRAW'"
_WITHDRAWALS = """
SELECT to_char(to_timestamp(at_s) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), subject, subject_id, holder,
  after->>'reason'
FROM audit.entry WHERE action = 'WITHDRAW' ORDER BY number DESC
"""
RESTORED = "backup"
"""The subject of the entry of a restore."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of the log."""

    number: int
    hash: str


@contextmanager
def bulk(connection: Connection, subject: str, **told: int | str) -> Iterator[None]:
    """Let the owner write many rows that are logged as one entry at the end, with the details in ``told``."""
    connection.execute(text("SET LOCAL lakana.bulk = 'on'"))
    yield
    note(connection, "LOAD", subject, **told)
    connection.execute(text("SET LOCAL lakana.bulk = 'off'"))


def note(connection: Connection, action: str, subject: str, **told: int | str) -> None:
    """Append an entry that is about no single record, with the details in ``told``."""
    entry = text("SELECT audit.append(:action, :subject, NULL, NULL, :told)").bindparams(bindparam("told", type_=JSONB))
    connection.execute(entry, {"action": action, "subject": subject, "told": told})


def anchor(url: str, data_dir: Path) -> Head | None:
    """Write the head of the log to the file of anchors, unless it is there already.

    Returns
    -------
    Head or None
        The head; ``None`` while the log is empty.

    """
    with owner_transaction(url) as connection:
        _one_by_one(connection)
        row = connection.execute(
            text("SELECT number, hash FROM audit.entry ORDER BY number DESC LIMIT 1")
        ).one_or_none()
        if row is None:
            return None
        head = Head(row.number, row.hash)
        known = anchors(data_dir)
        if not known or known[-1] != head:
            append_lines(data_dir / FILE, f"{int(time.time())} {head.number} {head.hash}\n")
    return head


def note_hidden(url: str, data_dir: Path) -> None:
    """Write the digests of hidden ids that are not noted yet to their file."""
    with owner_transaction(url) as connection:
        _one_by_one(connection)
        first = first_hash(connection)
        noted = {digest for digest, number in _digests(data_dir / HIDDEN, first).items() if number}
        new = set(connection.scalars(text(_GONE))) - noted
        last = connection.scalar(text("SELECT max(number) FROM audit.entry"))
        if first and new:
            append_lines(data_dir / HIDDEN, "".join(f"{first} {digest} {last}\n" for digest in sorted(new)))


def _one_by_one(connection: Connection) -> None:
    """Wait until no other process looks at what is noted outside, or adds to it."""
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('lakana.noted outside'))"))


def hide_again(url: str, data_dir: Path) -> int:
    """Hide shelters again that are public in this database but noted as hidden: it was restored from an older backup.

    One that two persons have published since it was noted stays public.

    Returns
    -------
    int
        How many shelters were hidden. They have no front gate until a steward gives one.

    Raises
    ------
    SetupError
        If the country has no zones yet, which confidential services are published by.

    """
    try:
        with owner_transaction(url) as connection:
            noted = _digests(data_dir / HIDDEN, first_hash(connection))
            given = {"digests": list(noted), "numbers": list(noted.values())}
            return connection.execute(text(sql_file("hide_again")), given).rowcount if noted else 0
    except DBAPIError as error:
        refused = blamed(error)
        if refused is None:
            raise
        raise SetupError(f"{data_dir / HIDDEN} names shelters that must be hidden again: {refused}") from None


def note_withdrawn(url: str, data_dir: Path) -> None:
    """Write the digests of withdrawn ids that are not noted yet to their file."""
    with owner_transaction(url) as connection:
        _one_by_one(connection)
        first = first_hash(connection)
        new = set(connection.scalars(text(_WITHDRAWN))) - _digests(data_dir / WITHDRAWN, first).keys()
        if first and new:
            append_lines(data_dir / WITHDRAWN, "".join(f"{first} {digest}\n" for digest in sorted(new)))


def withdrawals(url: str) -> list[tuple[str, ...]]:
    """Return what was withdrawn, the newest first: moment in UTC, kind, id, who, and why."""
    with owner_transaction(url) as connection:
        return [tuple(row) for row in connection.execute(text(_WITHDRAWALS))]


def withdraw_again(url: str, data_dir: Path) -> int:
    """Withdraw records again that this database holds but that are noted as withdrawn: it was restored from a backup.

    Returns
    -------
    int
        How many were there. One that came back after its withdrawal stays.

    """
    with owner_transaction(url) as connection:
        noted = _digests(data_dir / WITHDRAWN, first_hash(connection))
        many: int = connection.scalar(text(sql_file("withdraw_again")), {"digests": [*noted]}) if noted else 0
    return many


def first_hash(connection: Connection) -> str | None:
    """Return the hash that the log begins with: a database shares it with its backups, and with no other."""
    first: str | None = connection.scalar(text("SELECT hash FROM audit.entry WHERE number = 1"))
    return first


def is_restored(connection: Connection) -> bool:
    """Return whether the log says that the database came from a backup."""
    found = text("SELECT EXISTS (SELECT FROM audit.entry WHERE subject_id IS NULL AND subject = :subject)")
    return bool(connection.scalar(found, {"subject": RESTORED}))


def _digests(path: Path, first: str | None) -> dict[str, int | None]:
    """Return the digests of this database's lines, each with the last entry of its log when it was noted."""
    lines = path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else ()
    found: dict[str, int | None] = {}
    for log, digest, *number in (line.split() for line in lines if line.split()[1:]):
        if log == first:
            found[digest] = int(number[0]) if number and number[0].isdecimal() else found.get(digest)
    return found


def append_lines(path: Path, lines: str) -> None:
    """Write whole lines at the end of a file, or nothing: on a full disk, a part would spoil the line after it too."""
    path.parent.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # a command may write its own lines meanwhile
        size = os.fstat(descriptor).st_size
        left = memoryview(lines.encode())
        try:
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)


def anchors(data_dir: Path) -> list[Head]:
    """Return the anchored heads, the oldest first.

    Raises
    ------
    SetupError
        Where a line is not one of ours.

    """
    path = data_dir / FILE
    heads = []
    for line in path.read_text(encoding="ascii", errors="replace").splitlines() if path.exists() else ():
        parts = line.split()
        if len(parts) != 3 or not parts[1].isdecimal():  # noqa: PLR2004  moment, number, hash
            raise SetupError(f"{path} was tampered with: a line is no anchor.")
        heads.append(Head(int(parts[1]), parts[2]))
    return heads


def verify(url: str, data_dir: Path) -> tuple[int, list[str]]:
    """Check the whole log against itself and the anchors.

    Returns
    -------
    tuple of int and list of str
        How many entries there are, and what is wrong, in sentences that say where; empty where nothing is.

    """
    wrong: list[str] = []
    hashes: dict[int, str] = {}
    before, expected = "", 1
    with owner_transaction(url) as connection:
        for row in connection.execution_options(yield_per=BATCH).execute(text(_ENTRIES)):
            if row.number != expected:
                wrong.append(f"Entries {expected} to {row.number - 1} are missing.")
            elif row.previous_hash != before:
                wrong.append(f"Entry {row.number} does not follow from the one before it.")
            if hashlib.sha256(row.text.encode()).hexdigest() != row.hash:
                wrong.append(f"Entry {row.number} was edited.")
            if row.sealed_digest != (row.seal if row.is_sealed else None):
                wrong.append(f"What is sealed of entry {row.number} was edited or taken away.")
            hashes[row.number] = before = row.hash
            expected = row.number + 1
    for head in anchors(data_dir):
        if head.number not in hashes:
            wrong.append(f"The log was cut: entry {head.number} was anchored and is missing.")
        elif hashes[head.number] != head.hash:
            wrong.append(f"The log was written anew: entry {head.number} is not the one that was anchored.")
    return len(hashes), wrong
