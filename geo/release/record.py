"""The record of what was released, outside the database: a restored backup gets back what was released since.

Otherwise it would release the same quarters again. Of counts that have changed meanwhile, the new cells would be fresh
draws beside those that are public already, and the attacks of a release would not see these.

The record is a file of the data folder with a line for each release, and for each count of participants of a training::

    <first hash of the audit log> <digest of the rest> <name> <JSON: what was published, and under which key>

A line of the name ``removed`` says that illustrative counts were taken out: what was named before counts no more.

It holds nothing but published counts, and the fingerprint of the release key. A line is written before its release is
committed, so that nothing is public that the record does not name. A release that is given back has no leaves: nothing
more is published of its year.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from geo import audit
from geo.database.owner import sql_file
from geo.errors import SetupError
from geo.release import cells

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

FILE = "released.counts"
WORDS = 4
TRAINING = "training/"
REMOVED = "removed"

_TOLD = "SELECT name FROM ({told}) told ORDER BY rank, name"
_BODY = "SELECT body FROM ({told}) told WHERE name = :name"
_FINGERPRINT = "SELECT fingerprint FROM raw.release_key WHERE NOT spent"


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What a database got back.

    Parameters
    ----------
    releases
        As ``2025-Q4``, in the order in which they were released; a revised quarter is named twice.
    trainings
        How many counts of participants.
    homeless
        How many published cells belong to a place that this database does not have; these it cannot show.

    """

    releases: tuple[str, ...] = ()
    trainings: int = 0
    homeless: int = 0

    def __bool__(self) -> bool:
        """Return whether anything was given back."""
        return bool(self.releases or self.trainings)


def reconcile(connection: Connection, data_dir: Path) -> GivenBack:
    """Give the database the releases that the record alone names, and the record those that the database alone has.

    Parameters
    ----------
    connection
        The owner's, in the transaction in which something is released, if anything is.
    data_dir
        The folder of the record.

    Raises
    ------
    SetupError
        Where a line was cut or edited, the database was released apart from its record, or it was restored and the
        record is missing. Nothing is changed then.

    """
    path = data_dir / FILE
    first = audit.first_hash(connection)
    recorded = _recorded(path, first)
    if audit.is_restored(connection) and not recorded and not _is_said_to_be_empty(path):
        raise SetupError(
            f"This database was restored from a backup, and {path} does not name what was released of it since. Put "
            "the newest one there. If nothing was released since that backup, and there is none, make an empty one."
        )
    told = dict.fromkeys(connection.scalars(text(_TOLD.format(told=sql_file("release/told")))))
    moments = {name.rpartition("/")[0]: name for name in told if not name.startswith(TRAINING)}
    back = GivenBack()
    for name, body in recorded.items():
        if name in told:
            continue
        quarter, _, _ = name.rpartition("/")
        if moments.get(quarter, name) != name:
            raise SetupError(
                f"{path} names another release of {quarter.replace('/', ', revision ')} than this database has. Two "
                "copies of one database were released apart; serve the one that this record belongs to."
            )
        back = _give_back(connection, path, name, body, back)
    _append(connection, path, first, [name for name in told if name not in recorded])
    return back


def note(connection: Connection, data_dir: Path) -> None:
    """Write to the record what this transaction releases, as its last step before it is committed."""
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # whatever may still fail
    reconcile(connection, data_dir)


def note_removal(connection: Connection, data_dir: Path) -> None:
    """Write to the record that what it names was taken out, then anew what is still released, before a commit."""
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    path, first = data_dir / FILE, audit.first_hash(connection)
    audit.append_lines(path, f"{first} {_digest(REMOVED, '{}')} {REMOVED} {{}}\n")
    reconcile(connection, data_dir)


def _recorded(path: Path, first: str | None) -> dict[str, str]:
    """Return name and body of each line of this database that counts, the oldest first."""
    found: dict[str, str] = {}
    for number, line in enumerate(_lines(path), 1):
        words = line.split(" ", WORDS - 1)
        if len(words) < WORDS or words[1] != _digest(*words[2:]):
            raise SetupError(
                f"Line {number} of {path} was cut or edited, so what was released is not known. Put a whole copy there."
            )
        if words[0] == first and words[2] == REMOVED:
            found.clear()
        elif words[0] == first:
            found[words[2]] = words[3]
    return found


def _lines(path: Path) -> Iterator[str]:
    if path.exists():
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            for line in file:
                yield line.removesuffix("\n")


def _is_said_to_be_empty(path: Path) -> bool:
    return path.exists() and not path.stat().st_size


def _digest(name: str, body: str) -> str:
    return hashlib.sha256(f"{name} {body}".encode()).hexdigest()


def _append(connection: Connection, path: Path, first: str | None, names: list[str]) -> None:
    bodies = text(_BODY.format(told=sql_file("release/told")))
    lines = []
    for name in names:
        # PostgreSQL breaks lines between the elements of an array; in a string they are escaped.
        body = connection.execute(bodies, {"name": name}).scalar_one().replace("\n", "")
        lines.append(f"{first} {_digest(name, body)} {name} {body}\n")
    if lines:
        audit.append_lines(path, "".join(lines))


def _give_back(connection: Connection, path: Path, name: str, body: str, back: GivenBack) -> GivenBack:
    told = json.loads(body)
    known = connection.scalar(text(_FINGERPRINT))
    if told["key"] is None:  # of a training, and its key is spent
        pass
    elif known is None:
        connection.execute(text("INSERT INTO raw.release_key VALUES (:key)"), told)
    elif known != told["key"]:
        raise SetupError(f"{path} names releases of this database under another key than its own.")
    if name.startswith(TRAINING):
        again = connection.execute(text(sql_file("release/training_given_back")), told).rowcount
        return GivenBack(back.releases, back.trainings + again, back.homeless)
    for statement in sql_file("release/given_back").split(";"):
        connection.execute(text(statement), {"body": body} if ":body" in statement else {})
    shown = cells.replace(connection)
    homeless = back.homeless + len(told["cells"]) - shown
    return GivenBack((*back.releases, told["release"]["quarter"]), back.trainings, homeless)
