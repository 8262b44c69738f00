"""An import from files to database: recognised, read, staged, merged, remembered; in one transaction or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text

from geo import audit
from geo.database.owner import owner_transaction
from geo.database.tables import audit_import, audit_import_file, level_name, source
from geo.errors import Unavailable
from geo.progress import Progress, silent
from geo.texts import line, name, shown
from seeds.columns import personal, recognition
from seeds.columns.recognition import Recognition
from seeds.loading import reading
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.staging import stage
from seeds.readers import files
from seeds.readers.table import Table
from seeds.reports.report import FileRead, Outcome, Place, Problem, Report
from seeds.troubles import Refused, Weight

STEPS = ("recognise", "read", "merge")


class _Undone(Exception):
    """Nothing of it is to stay."""


def run(url: str, loader: Loader, paths: Sequence[Path], options: Options, progress: Progress = silent) -> Report:
    """Import files of a kind, all or nothing.

    Parameters
    ----------
    url
        The owner's address.
    loader
        The kind.
    paths
        At least one file.
    options
        What a person says of them.
    progress
        Told of each step.

    Returns
    -------
    Report
        What was read, what became of it, and every problem. The same files twice: the second time all is unchanged.

    Raises
    ------
    Refused
        If nothing of a file can be loaded.
    Unavailable
        While another import runs.

    """
    report = Report(loader.kind.name)
    with suppress(_Undone), owner_transaction(url) as connection:
        if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('lakana.import'))")):
            raise Unavailable("Another import is running. Try again when it has ended.")
        progress(STEPS[0], 1, len(STEPS))
        tables = [each for path in paths for each in _tables(connection, loader, path, options, report)]
        with audit.bulk(connection, "import", kind=loader.kind.name, files=", ".join(path.name for path in paths)):
            progress(STEPS[1], 2, len(STEPS))
            stage(connection, loader.staged, _staged(loader, tables, options, report))
            progress(STEPS[2], 3, len(STEPS))
            source_id = _source(connection, loader, tables, options)
            merging = Merging(connection, options, report, source_id, str(uuid.uuid4()))
            _remember(merging)
            loader.merge(merging)
            report.outcome = _outcome(report, options)
            _complete(merging)
        if report.outcome in {Outcome.TRIED, Outcome.REFUSED}:
            raise _Undone
        report.import_id = merging.import_id
    return report


def _outcome(report: Report, options: Options) -> Outcome:
    if report.refused and not options.accept_partial:
        return Outcome.REFUSED
    if options.dry_run:
        return Outcome.TRIED
    return Outcome.PARTLY if report.refused else Outcome.LOADED


def _tables(
    connection: Connection, loader: Loader, path: Path, options: Options, report: Report
) -> Iterator[tuple[Table, Recognition]]:
    """Yield the first table of a file that holds the kind; none of its tables may tell of single persons."""
    digest = files.sha256(path)
    words = _level_words(connection)
    given = files.tables(path, options.corrections)
    for table in given:
        personal.check(table.form)
    for number, table in enumerate(given, 1):
        found = recognition.recognised(loader.kind, table.form, options.columns, words)
        try:
            recognition.check(loader.kind, table.form, found)
        except Refused:
            if number == len(given):
                raise
            continue
        report.files.append(FileRead(digest, table, found))
        for trouble, told in table.form.remarks:
            place = Place(table.form.file, table.form.sheet, table.form.hxl_row, told.get("column"))
            report.add(Problem(place, trouble, told.get("value")))
        yield table, found
        return


def _level_words(connection: Connection) -> dict[int, tuple[str, ...]]:
    """Return what the countries at hand call their levels."""
    words: dict[int, tuple[str, ...]] = {}
    for row in connection.execute(select(level_name)):
        given = (each for each in (row.name_fr, row.name_en, row.name_bm) if each)
        words[row.level] = tuple(dict.fromkeys((*words.get(row.level, ()), *given)))
    return words


def _staged(
    loader: Loader, tables: Sequence[tuple[Table, Recognition]], options: Options, report: Report
) -> Iterator[list[Any]]:
    for number, (table, found) in enumerate(tables):
        written = reading.notation(table, found, options.dates)
        for row in reading.rows(loader.kind, table, found, written, report):
            try:
                values = loader.stage(row, options)
            except Refused as refused:
                if refused.trouble.weight is Weight.FILE:
                    raise
                report.refuse(row.place, is_private=loader.kind.is_private(row.values))
                report.add(Problem(row.place, refused.trouble, refused.values.get("value"), refused.values))
                continue
            if values is None:
                report.left_out += 1
            else:
                yield [number, row.place.row, *values]


def _source(
    connection: Connection, loader: Loader, tables: Sequence[tuple[Table, Recognition]], options: Options
) -> str:
    """Return the id of the source with this name, licence and day, made if it is not there yet."""
    known = loader.source_of(tables[0][0].form) or (tables[0][0].form.file, None)
    called = name("source", options.source or known[0])
    licence = options.licence or (known[1] if options.source is None else None)
    licence = None if licence is None else line("licence", licence)
    day = options.as_of
    key = " · ".join(str(each) for each in (called, licence, day) if each is not None)
    found: str | None = connection.scalar(select(source.c.id).where(source.c.key == key))
    if found is None:
        values = {"key": line("source", key), "name": called, "licence": licence, "retrieved_on": day}
        made = insert(source).values(**values, illustrative=False).returning(source.c.id)
        found = connection.scalar(made)
    return str(found)


def _remember(merging: Merging) -> None:
    """Insert the import and its files, so that rows can name them; its numbers follow."""
    nothing = dict.fromkeys(("rows_read", "rows_new", "rows_changed", "rows_unchanged", "rows_refused"), 0)
    values = {"id": merging.import_id, "kind": merging.report.kind, "source_id": merging.source_id, "report": {}}
    merging.connection.execute(insert(audit_import).values(**values, **nothing))
    rows = [
        {
            "import_id": merging.import_id,
            "number": number,
            "name": shown(each.form.file),
            "sheet": each.form.sheet and shown(each.form.sheet),
            "sha256": each.sha256,
        }
        for number, each in enumerate(merging.report.files)
    ]
    merging.connection.execute(insert(audit_import_file), rows)


def _complete(merging: Merging) -> None:
    report = merging.report
    values = {f"rows_{name}": getattr(report, name) for name in ("read", "new", "changed", "unchanged", "refused")}
    values["report"] = report.as_data()
    its = audit_import.c.id == merging.import_id
    merging.connection.execute(audit_import.update().where(its).values(**values))
