"""Undoing an import as its owner, beside others: what they wait for is held at the end alone, as by loading."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from sqlalchemy import func, select, text

from geo.database.owner import owner_transaction
from geo.progress import Progress, silent
from geo.writes.imports import SERVICES, check_standing, held_import
from seeds.loading.distances import worked_out_once
from seeds.loading.staging import statement


def run(url: str, import_id: str, progress: Progress = silent) -> int:
    """Undo an import, all or nothing, however large it is.

    Who writes the rows that it left, or refers to them, waits until it ends; others wait for the end alone, where many
    services go.

    Parameters
    ----------
    url
        The owner's address.
    import_id
        The import.
    progress
        Told of the categories whose services are followed.

    Returns
    -------
    int
        How many rows were undone; 0 where it had been undone before.

    Raises
    ------
    BadInput
        If it is no id, or imports of its kind are not undone; as ``StandsFirm`` if later work stands on it.
    NotFound
        Where there is no such import.
    Unavailable
        While an import is loaded or undone.

    """
    with owner_transaction(url) as connection:
        connection.execute(text("SET LOCAL lakana.bulk = 'on'"))
        its = held_import(connection, import_id)
        if its.undone_at is not None:
            return 0
        connection.execute(select(func.audit.hold_import(its.id)))
        check_standing(connection, its.id)
        nothing: AbstractContextManager[set[str]] = nullcontext(set())
        with worked_out_once(connection, progress) if its.kind == SERVICES else nothing as followed:
            categories = connection.scalars(text(statement("undone_categories")), {"import_id": its.id}).all()
            undone = connection.scalar(select(func.audit.undo_changes(its.id)))
            connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # what is due at the commit, before others wait
            connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
            followed.intersection_update(categories)
        connection.execute(select(func.audit.note_undone(its.id, undone)))
    return int(undone or 0)
