"""An import from files to database: recognised, read, staged, merged, remembered; in one transaction or not at all."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, text

from geo import audit
from geo.database.owner import owner_transaction
from geo.database.tables import audit_import, audit_import_file, level_name, source
from geo.errors import Unavailable
from geo.progress import Progress, silent
from geo.texts import line, name, shown, web_address
from geo.writes.imports import IMPORTING
from geo.writes.write import source_of_direct_entry
from seeds.columns import personal, privacy, recognition
from seeds.columns.recognition import Recognition
from seeds.loading import mappings, mends, reading
from seeds.loading.ids import stable_id
from seeds.loading.mappings import SavedMapping
from seeds.loading.mends import Mends
from seeds.loading.merging import Loader, Merging
from seeds.loading.options import Options
from seeds.loading.reading import Read
from seeds.loading.staging import stage
from seeds.readers import files
from seeds.readers.table import Table
from seeds.reports.report import HIDDEN, FileRead, Outcome, Place, Problem, Report
from seeds.troubles import FileTrouble, Refused, Weight

STEPS = ("recognise", "read", "merge")
TOLD_EVERY = 1_000
"""Rows after which progress is told."""


class _Undone(Exception):
    """Nothing of it is to stay."""


def run(
    url: str,
    loader: Loader,
    paths: Sequence[Path],
    options: Options,
    progress: Progress = silent,
    *,
    holder: tuple[str, str] = ("", ""),
    import_id: str | None = None,
) -> Report:
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
        Told of each step; of reading, how many rows of how many, as far as these can be counted.
    holder
        In whose name it is done: as the audit log calls them, and their person; the owner's where both are empty. What
        is only tried or refused in somebody's name leaves an entry in the log, and tells less of private rows
        (:meth:`seeds.reports.report.Report.hide_rows`).
    import_id
        The id that it gets if it is loaded; whoever lost sight of it asks :func:`is_loaded`. By default a new one.

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
    try:
        with owner_transaction(url) as connection:
            _name(connection, holder)
            load(connection, loader, paths, options, progress, report, import_id)
            if not report.is_loaded:
                raise _Undone  # noqa: TRY301  it undoes the transaction
    except (_Undone, Refused) as ended:
        if holder[0]:
            _note_tried(url, loader, report, holder)
            report.hide_rows()
        if isinstance(ended, Refused):
            raise
    return report


def _name(connection: Connection, holder: tuple[str, str]) -> None:
    """Say in whose name the rest of a transaction is done."""
    in_name = "SELECT set_config('lakana.holder', :holder, true), set_config('lakana.person', :person, true)"
    connection.execute(text(in_name), dict(zip(("holder", "person"), holder, strict=True)))


def _note_tried(url: str, loader: Loader, report: Report, holder: tuple[str, str]) -> None:
    """Note in the log what was tried in somebody's name, in a transaction of its own, before anything of it is told."""
    with owner_transaction(url) as connection:
        _name(connection, holder)
        audit.note(connection, "TRY", "import", kind=loader.kind.name, rows=_rows_kept(loader, report))


def _rows_kept(loader: Loader, report: Report) -> int:
    """Return how many rows are said to have been read; where a row may tell of types, how many returns."""
    became = report.new + report.changed + report.unchanged + report.refused
    return became if loader.kind.unnamed else report.read


def is_loaded(url: str, import_id: str) -> bool:
    """Return whether an import of this id was committed, whoever did not hear of it.

    Raises
    ------
    Unavailable
        Where the database does not answer.

    """
    with owner_transaction(url) as connection:
        return connection.scalar(select(audit_import.c.id).where(audit_import.c.id == import_id)) is not None


def load(
    connection: Connection,
    loader: Loader,
    paths: Sequence[Path],
    options: Options,
    progress: Progress = silent,
    report: Report | None = None,
    import_id: str | None = None,
) -> Report:
    """Import files as :func:`run` does, inside of a transaction; where they are refused its owner undoes it."""
    report = report or Report(loader.kind.name)
    if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(hashtext('lakana.import'))")):
        raise Unavailable(IMPORTING)
    progress(STEPS[0], 0, 0)
    chosen = options.mapping and mappings.named(connection, loader.kind, options.mapping)
    options = chosen.under(options) if chosen else options
    tables, options = _recognised(connection, loader, paths, options, report, chosen or None)
    mended = mends.read(options.mends, loader.kind)
    named = ", ".join(each.form.file for each in report.files)
    with audit.bulk(connection, "import", kind=loader.kind.name, files=named):
        rows = _staged(loader, tables, options, report, mended)
        stage(connection, loader.staged, _told(rows, report, progress, sum(map(files.rows_about, paths))))
        for each in report.files:
            if (each.form.file, each.form.sheet) in report.private:
                each.seal()
        progress(STEPS[2], 0, 0)
        import_id = import_id or str(uuid.uuid4())
        _say_import(connection, import_id)
        source_id = _source(connection, loader, tables, options)
        merging = Merging(connection, options, report, source_id, import_id)
        _remember(merging)
        _tell_mends(merging, mended)
        loader.merge(merging)
        report.outcome = _outcome(loader, report, options)
        _complete(merging, loader)
        if options.save_mapping is not None:
            table, found = tables[0]
            mappings.save(connection, loader.kind, options.save_mapping, table.form, found, options)
        _say_import(connection, "")
    if report.is_loaded:
        report.import_id = import_id
    return report


def _say_import(connection: Connection, import_id: str) -> None:
    """Say to the triggers that note changes of which import these are; blank: of none."""
    connection.execute(text("SELECT set_config('lakana.import', :id, true)"), {"id": import_id})


def _tell_mends(merging: Merging, mended: Mends) -> None:
    if mended.used:
        merging.note(FileTrouble.MENDED, many=mended.used.total())
    for each in mended.unused:
        merging.note(FileTrouble.MEND_UNUSED, where=each)


def _outcome(loader: Loader, report: Report, options: Options) -> Outcome:
    is_loaded = report.new or report.changed or report.unchanged
    if report.refused and not (options.accept_partial and loader.partly and is_loaded):
        return Outcome.REFUSED
    if options.dry_run:
        return Outcome.TRIED
    return Outcome.PARTLY if report.refused else Outcome.LOADED


def _recognised(
    connection: Connection,
    loader: Loader,
    paths: Sequence[Path],
    options: Options,
    report: Report,
    chosen: SavedMapping | None,
) -> tuple[list[tuple[Table, Recognition]], Options]:
    """Return the tables of files, and the options with what a mapping that was saved for their columns says."""
    tables = []
    for path in paths:
        for table, found, saved in _tables(connection, loader, path, options, report, chosen):
            tables.append((table, found))
            if saved is not None:
                options = saved.under(options)
    return tables, options


def _tables(
    connection: Connection, loader: Loader, path: Path, options: Options, report: Report, chosen: SavedMapping | None
) -> Iterator[tuple[Table, Recognition, SavedMapping | None]]:
    """Yield the first table of a file that holds the kind; none of its tables may tell of single persons.

    Nobody may doubt which of its rows are to be kept secret.
    """
    digest = files.sha256(path)
    words = _level_words(connection)
    # Of the tables of a package, the one that is named like the kind: services of HSDS have a name too.
    given = sorted(files.tables(path, options.corrections), key=lambda each: each.form.sheet != loader.kind.name)
    if loader.kind.unnamed:
        given = [each.renamed(f"{loader.kind.name} {len(report.files) + 1}") for each in given]
    for table in given:
        personal.check(table.form)
    for number, table in enumerate(given, 1):
        saved = chosen or mappings.fitting(connection, loader.kind, table.form)
        columns, explained = (None, ()) if saved is None else (saved.columns, saved.explained)
        found = recognition.recognised(loader.kind, table.form, options.columns, words, columns, explained)
        read = _read(loader, digest, table, found)
        try:
            recognition.check(loader.kind, table.form, found)
        except Refused as refused:
            if number == len(given):
                refused.recognised = read.as_data()
                raise
            continue
        try:
            privacy.check(loader.kind, table.form, found)
        except Refused as refused:
            refused.recognised = read.as_data()
            raise
        report.files.append(read)
        for trouble, told in table.form.remarks:
            place = Place(table.form.file, table.form.sheet, table.form.hxl_row, told.get("column"))
            report.add(Problem(place, trouble, told.get("value")))
        if saved is not None:
            whole, left_out = Place(table.form.file, table.form.sheet), privacy.left_out(table.form, found)
            report.add(Problem(whole, FileTrouble.MAPPING_TAKEN, None, {"name": saved.name}))
            if left_out:
                told = {"name": saved.name, "columns": left_out}
                report.add(Problem(whole, FileTrouble.SECRET_LEFT_OUT, None, told))
        yield table, found, saved
        return


def _read(loader: Loader, digest: str, table: Table, found: Recognition) -> FileRead:
    """Return a table that was read; its digest is sealed at once where the kind's values are for few."""
    read = FileRead(digest, table, found)
    if loader.kind.sealed:
        read.seal()
    return read


def _level_words(connection: Connection) -> dict[int, tuple[str, ...]]:
    """Return what the countries at hand call their levels."""
    words: dict[int, tuple[str, ...]] = {}
    for row in connection.execute(select(level_name)):
        given = (each for each in (row.name_fr, row.name_en, row.name_bm) if each)
        words[row.level] = tuple(dict.fromkeys((*words.get(row.level, ()), *given)))
    return words


def _staged(
    loader: Loader, tables: Sequence[tuple[Table, Recognition]], options: Options, report: Report, mended: Mends
) -> Iterator[list[Any]]:
    for number, (table, found) in enumerate(tables):
        written = reading.notation(table, found, options.dates)
        for row in reading.rows(loader.kind, table, found, written, report, mended):
            try:
                if row.private is not None and not loader.kind.keeps_private:
                    raise row.private
                values = loader.stage(row, options)
            except Refused as refused:
                if refused.trouble.weight is Weight.FILE:
                    raise
                report.refuse(row.place, is_private=row.private is not None)
                report.add(_problem(loader, row, refused))
                continue
            if values is None:
                report.left_out += 1
            else:
                yield [number, row.place.row, *values]


def _told(rows: Iterator[list[Any]], report: Report, progress: Progress, about: int) -> Iterator[list[Any]]:
    """Yield rows, and tell how many were read of about so many; of a file whose rows nobody can count, of none."""
    progress(STEPS[1], 0, about)
    for number, row in enumerate(rows):
        if number % TOLD_EVERY == 0:
            progress(STEPS[1], report.read, max(about, report.read) if about else 0)
        yield row
    progress(STEPS[1], report.read, report.read)


def _problem(loader: Loader, row: Read, refused: Refused) -> Problem:
    """Return why a row was refused; of a discreet kind without the value."""
    told = dict(refused.values)
    value = told.pop("value", None)
    value = HIDDEN if value is not None and loader.kind.is_discreet else value
    return Problem(row.place, refused.trouble, value, told, row.private is not None)


def _source(
    connection: Connection, loader: Loader, tables: Sequence[tuple[Table, Recognition]], options: Options
) -> str:
    """Return the id of the source with this name, licence and day, made if it is not there yet.

    Everybody reads the name, so it is never a file's: as a person says, as the form of the table tells, else that of
    the list of codes or of the kind. A list of nothing but private rows makes none: its name would tell whose they are.
    """
    if loader.kind.keeps_private and (options.source is None or not _has_open_row(connection)):
        return source_of_direct_entry(connection)
    known = loader.source_of(tables[0][0].form) or (options.scheme or loader.kind.name, None)
    called = name("source", options.source or known[0])
    licence = options.licence or (known[1] if options.source is None else None)
    licence = None if licence is None else line("licence", licence)
    day = options.as_of
    key = " · ".join(str(each) for each in (called, licence, day) if each is not None)
    found: str | None = connection.scalar(select(source.c.id).where(source.c.key == key))
    if found is None:
        values = {"key": line("source", key), "name": called, "licence": licence, "retrieved_on": day}
        values |= {"id": stable_id("source", key), "url": options.url and web_address("url", options.url)}
        made = insert(source).values(**values, illustrative=False).returning(source.c.id)
        found = connection.scalar(made)
    return str(found)


def _has_open_row(connection: Connection) -> bool:
    """Whether a row that says it may be told is staged, of a kind that keeps private ones."""
    return bool(connection.scalar(text("SELECT EXISTS (SELECT FROM staged WHERE NOT confidential)")))


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


def _complete(merging: Merging, loader: Loader) -> None:
    """Write down what became of its rows; how many were read only where that is told, since rows may tell of types."""
    report = merging.report
    became = {name: getattr(report, name) for name in ("new", "changed", "unchanged", "refused")}
    values: dict[str, Any] = {f"rows_{name}": many for name, many in became.items()}
    values["rows_read"] = _rows_kept(loader, report)
    values["report"] = report.as_kept(is_told=not loader.kind.unnamed)
    its = audit_import.c.id == merging.import_id
    merging.connection.execute(audit_import.update().where(its).values(**values))
