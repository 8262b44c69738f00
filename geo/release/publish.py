"""The release: raw incident counts become published ones, rounded on a fixed lattice of cells.

What a locality reports for a quarter is a return. A quarter counts the localities that returned it, and no others: who
did not report is in no sum, and is told as not reported. Who reported, of whom it was expected, is published with it.

The lattice is {nation, its parts, their parts, locality} × {year, quarter} × {all types, one type}, in one edition of
areas that the first release fixes. A cell whose leaves come from fewer than 3 localities is published like a locality.
The grain of a quarter is fixed for ever at its first release: the finest at which the attacks fail
(:mod:`geo.release.grain`).

A release stores its leaves: a year is the sum of its quarters as they were released. A quarter has one revision, which
replaces a cell only if at least 3 localities below it changed, since each new answer is a fresh draw. A locality that
reports only then has changed, whatever it reports.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, text

from geo.database.owner import owner_transaction, sql_file
from geo.database.tables import release as release_table
from geo.database.tables import release_key
from geo.errors import BadInput, SetupError
from geo.notations.quarters import quarter_of
from geo.progress import Progress, silent
from geo.release import cells, grain, record, schedule, trainings
from geo.release.record import GivenBack
from geo.release.schedule import Due
from geo.vocabulary import Grain

if TYPE_CHECKING:
    from sqlalchemy import Connection

Say = Callable[[str], None]

_RELEASED = "SELECT EXISTS (SELECT FROM lakana.release)"

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('lakana.release'))"
_MENDED = "UPDATE lakana.release SET grain = :grain WHERE number = :number"


def unheard(sentence: str) -> None:
    """Ignore the sentence."""


def release(
    url: str,
    key: bytes,
    quarter: str | None = None,
    *,
    data_dir: Path | None = None,
    wanted: Grain | None = None,
    progress: Progress = silent,
    say: Say = unheard,
) -> list[str]:
    """Publish a quarter, or every quarter that is due, and the years that they complete, all or nothing.

    Parameters
    ----------
    url
        The owner's address: no audience reads raw counts.
    key
        K, at least 32 secret bytes that never change: under another key the same counts round otherwise.
    quarter
        As ``2025-Q4``; without it, every quarter that is due.
    data_dir
        The folder of the record (:mod:`geo.release.record`); without it nothing is recorded, as of a database that is
        only tried out.
    wanted
        The grain, by default the finest of :data:`geo.release.grain.CANDIDATES` that passes; a revision keeps the grain
        of its quarter's first release.
    progress
        Called for each step.
        say
        Called for each year with a sentence on the chosen grain and its scores.

    Raises
    ------
    SetupError
        Where an earlier release used another key, or the record is missing, cut or of another copy of the database.
    BadInput
        Where the quarter cannot be published; the sentence says why and from when it can.
    TooRevealing
        If the attacks reveal small counts at every grain; then nothing is published.

    Returns
    -------
    list of str
        The quarters published, the oldest first; empty where nothing is due. What was published before stays in the
        database, no longer current.

    """
    with owner_transaction(url) as connection:
        connection.execute(text(_LOCK))
        if data_dir:
            record.reconcile(connection, data_dir)
        _keep_key(connection, key, data_dir)
        trainings.publish(connection, key)
        running = quarter_of(_today(connection))
        due = schedule.due(connection, running, quarter)
        if due:
            _check_kept(due, wanted)
            progress("counts", 0, 3)
            numbers = _freeze(connection, due)
            progress("counts", 1, 3)
            cells.round_cells(connection, key, [each.quarter for each in due], max(numbers.values()))
            progress("counts", 2, 3)
            for year, quarters in groupby(due, lambda each: each.quarter[:4]):
                chosen = grain.choose(connection, year, list(quarters), wanted, progress=progress)
                say(chosen.told())
                for each in due:
                    if each.quarter in chosen.grain:
                        values = {"grain": chosen.grain[each.quarter], "number": numbers[each.quarter]}
                        connection.execute(text(_MENDED), values)
            progress("counts", 3, 3)
        if data_dir:
            record.note(connection, data_dir)
    return [each.quarter for each in due]


def give_back(url: str, data_dir: Path) -> GivenBack:
    """Give a restored database what was released since its backup, and record what is not recorded yet.

    Raises
    ------
    SetupError
        Where the record is missing, cut or of another copy of the database.

    """
    with owner_transaction(url) as connection:
        connection.execute(text(_LOCK))
        return record.reconcile(connection, data_dir)


def awaited(url: str) -> list[str]:
    """Return the quarters that are due if nothing was ever released, the oldest first."""
    with owner_transaction(url) as connection:
        if connection.scalar(text(_RELEASED)):
            return []
        return [each.quarter for each in schedule.due(connection, quarter_of(_today(connection)), None)]


def knows_key(url: str, key: bytes) -> bool:
    """Return whether this database releases under this key: under no other so far, and it is not spent."""
    with owner_transaction(url) as connection:
        in_use, spent = _keys(connection)
    return in_use in {None, _fingerprint(key)} and _fingerprint(key) not in spent


def is_spent(url: str, key: bytes) -> bool:
    """Return whether this key rounded illustrative counts that are gone, so that nothing may be released under it."""
    with owner_transaction(url) as connection:
        return _fingerprint(key) in _keys(connection)[1]


def key_state(url: str, key: bytes | None) -> tuple[str, bool]:
    """Return a sentence on a release key, or on that there is none, and whether something can be released with it."""
    with owner_transaction(url) as connection:
        in_use, spent = _keys(connection)
    if key is None:
        if in_use is None:
            return "there is no key yet; the first release makes one.", True
        return f"there is no key, and counts were released under the key of the fingerprint {in_use}.", False
    mine = _fingerprint(key)
    if mine in spent:
        return "this key rounded illustrative counts and is spent.", False
    if in_use is None:
        return f"nothing was released yet; the first release fixes this key, whose fingerprint is {mine}.", True
    if in_use != mine:
        return f"this key has the fingerprint {mine}, and counts were released under {in_use}.", False
    return f"counts were released under this key; its fingerprint is {mine}.", True


def _keys(connection: Connection) -> tuple[str | None, set[str]]:
    """Return the fingerprint of the key in use, if there is one yet, and those of spent keys."""
    known = {row.fingerprint: row.spent for row in connection.execute(select(release_key))}
    return next((each for each, spent in known.items() if not spent), None), {each for each in known if known[each]}


def _fingerprint(key: bytes) -> str:
    return hmac.digest(key, b"fingerprint", "sha256").hex()


def _today(connection: Connection) -> dt.date:
    today: dt.date = connection.execute(text("SELECT current_date")).scalar_one()
    return today


def _keep_key(connection: Connection, key: bytes, data_dir: Path | None) -> None:
    """Refuse a key other than the first release's: two roundings of the same counts reveal more than one."""
    known, spent = _keys(connection)
    if _fingerprint(key) in spent:
        raise SetupError(
            "This release key is spent: it rounded illustrative counts, which everybody can compute. Put the file "
            "release.key of the data folder away, so that a new one is made, or give another by LAKANA_RELEASE_KEY."
        )
    if known is None:
        connection.execute(insert(release_key), {"fingerprint": _fingerprint(key)})
    elif known != _fingerprint(key):
        named = f" (its fingerprint is in {data_dir / record.FILE})" if data_dir else ""
        raise SetupError(
            f"The counts of this database were released under another key{named}; give that one: the file release.key "
            "of the data folder it was released from, or LAKANA_RELEASE_KEY."
        )


def _check_kept(due: list[Due], wanted: Grain | None) -> None:
    for each in due:
        if each.grain is not None and wanted not in {None, each.grain}:
            raise BadInput("grain", f"{each.quarter} stays published as {each.grain}.")


def _freeze(connection: Connection, due: list[Due]) -> dict[str, int]:
    """Insert the releases, store their leaves, their areas and who reported, and return the number of each."""
    numbers = {}
    for each in due:
        values = {"quarter": each.quarter, "revision": each.revision}
        entered = insert(release_table).values(values).returning(release_table.c.number)
        numbers[each.quarter] = int(connection.execute(entered).scalar_one())
    connection.execute(text(sql_file("release/edition")))
    connection.execute(text(sql_file("release/freeze")), {"numbers": list(numbers.values())})
    for statement in sql_file("release/reporting").split(";"):
        connection.execute(text(statement), {"due": list(numbers), "newest": max(numbers.values())})
    return numbers
