"""``lakana import``: load the files that people have, all or nothing, and say what was found."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.vocabulary import Words, in_language

if TYPE_CHECKING:
    from collections.abc import Mapping


UNDO = "undo"
UNDONE: Words = ("Annulé : {rows} lignes de la base.", "Undone: {rows} rows of the database.", None)
UNDONE_BEFORE: Words = ("Cet import était déjà annulé.", "This import had been undone already.", None)
STANDS: Words = (
    "Rien n’a été annulé, car du travail ultérieur repose sur cet import ; annulez ou modifiez-le d’abord :",
    "Nothing was undone, since later work stands on this import; undo or change that first:",
    None,
)
CHANGED: Words = ("{rows} de {table} modifiés depuis", "{rows} of {table} changed since", None)
REFERRED: Words = ("{rows} de {table} cités par {referring}", "{rows} of {table} referred to by {referring}", None)
HIDDEN: Words = ("ce qui ne se dit pas", "what is not told", None)

NOTHING_LOADED, LOADED_IN_PART = 3, 4
"""Exit codes; a file of which nothing can be read is 1."""


def import_(
    kind: Annotated[
        str,
        typer.Argument(
            help="areas, population, grid, localities, organizations, presence, services, shelters, incidents,"
            " trainings, guidance, pathways, context, crosswalk or ground; or undo, to undo an import."
        ),
    ],
    files: Annotated[
        list[Path],
        typer.Argument(
            help="CSV, XLSX, XLS, ODS, GeoJSON, Shapefile, GeoPackage, GeoTIFF, a package of HSDS, or a zip archive;"
            " of undo the id of the import."
        ),
    ],
    dry_run: Annotated[bool, typer.Option(help="Read and compare, load nothing.")] = False,
    accept_partial: Annotated[bool, typer.Option(help="Load the good rows and leave out those refused.")] = False,
    column: Annotated[
        list[str] | None, typer.Option("--map", help="column=field: which column holds what; field - leaves it out.")
    ] = None,
    mapping: Annotated[str | None, typer.Option(help="Take columns as saved under this name.")] = None,
    save_mapping: Annotated[
        str | None, typer.Option(help="Save what is recognised under this name, for lists with the same columns.")
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="The sheet of a workbook, or the file of an archive.")] = None,
    header_row: Annotated[int | None, typer.Option(help="The row with the names of the columns.")] = None,
    encoding: Annotated[str | None, typer.Option(help="How letters are written, such as cp1252.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="The sign between cells.")] = None,
    decimal: Annotated[str | None, typer.Option(help="The decimal sign.")] = None,
    dates: Annotated[str | None, typer.Option(help="day-first or month-first.")] = None,
    scheme: Annotated[str | None, typer.Option(help="Whose codes they are, such as COD-AB.")] = None,
    edition: Annotated[str | None, typer.Option(help="The edition of areas, or SCHEME@EDITION.")] = None,
    valid_from: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From when areas are in force.")
    ] = None,
    valid_to: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From when areas are in force no more.")
    ] = None,
    as_of: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day the data are of.")] = None,
    source: Annotated[str | None, typer.Option(help="Who made the data; by default what the format tells.")] = None,
    licence: Annotated[str | None, typer.Option(help="Its licence.")] = None,
    url: Annotated[str | None, typer.Option(help="Where the source is found on the web.")] = None,
    by_name: Annotated[bool, typer.Option(help="Find areas by name alone: codes are of another edition.")] = False,
    spelling: Annotated[
        list[str] | None, typer.Option(help="NAME=CODE: which area a spelling means, now and in later imports.")
    ] = None,
    nation: Annotated[
        str | None,
        typer.Option(help="CODE=NAME of the nation, where no column says it; of guidance and pathways its CODE."),
    ] = None,
    children_of_100: Annotated[
        float | None, typer.Option(help="Under 18 among 100 people, where a table gives totals only.")
    ] = None,
    shares: Annotated[
        bool, typer.Option(help="The people of a table are only shares, by which a larger area's number is spread.")
    ] = False,
    mends: Annotated[
        Path | None,
        typer.Option(help="A table (CSV) of cells to be read otherwise: where (code=XX0401), field, value, why."),
    ] = None,
    refused: Annotated[
        Path | None, typer.Option(help="Write the rows that were refused to this file, to be mended and loaded again.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write all problems to this file: .csv, .xlsx or .html.")] = None,
) -> None:
    """Import files of a kind into the database, all or nothing, and print a report.

    `lakana import undo ID` takes back what an import did, unless later work stands on it; the report names its id.

    The exit code is 0 where everything was loaded, 3 where rows were refused and nothing was loaded, 4 where the rest
    was, and 1 where a file cannot be read at all.
    """
    from api import settings  # noqa: PLC0415  each command imports only what it needs
    from api.cli import import_report  # noqa: PLC0415
    from api.cli.console import Console, language  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from geo.database.owner import upgrade  # noqa: PLC0415
    from geo.errors import BadInput  # noqa: PLC0415
    from seeds.columns.cells import DateOrder  # noqa: PLC0415
    from seeds.loading import importing  # noqa: PLC0415
    from seeds.loading.kinds import LOADERS  # noqa: PLC0415
    from seeds.loading.options import Options  # noqa: PLC0415
    from seeds.readers.table import Corrections  # noqa: PLC0415
    from seeds.reports import formats, refused_rows  # noqa: PLC0415
    from seeds.reports.report import Outcome  # noqa: PLC0415
    from seeds.troubles import Refused  # noqa: PLC0415

    if kind == UNDO:
        _undo(str(files[0]))
        return
    if kind not in LOADERS:
        raise BadInput("kind", f"there is no kind {kind}; the kinds are {', '.join(LOADERS)}.")
    orders = {each.value: each for each in DateOrder}
    if dates is not None and dates not in orders:
        raise BadInput("dates", f"give {' or '.join(orders)}.")
    options = Options(
        dry_run=dry_run,
        accept_partial=accept_partial,
        corrections=Corrections(sheet, encoding, delimiter, decimal, header_row),
        columns=_pairs("map", column),
        mapping=mapping,
        save_mapping=save_mapping,
        dates=None if dates is None else orders[dates],
        scheme=scheme,
        edition=edition,
        valid_from=_day(valid_from),
        valid_to=_day(valid_to),
        as_of=_day(as_of),
        source=source,
        licence=licence,
        url=url,
        by_name=by_name,
        spellings=_pairs("spelling", spelling),
        nation=nation,
        children_of_100=children_of_100,
        shares=shares,
        mends=mends,
    )
    if report is not None:
        write_report = formats.writer_for(report)
    locale = language()
    try:
        with database(settings.load()) as owner, Console() as progress:
            upgrade(owner)
            found = importing.run(owner, LOADERS[kind], files, options, progress)
    except Refused as error:
        typer.echo(import_report.refusal(error, locale), err=True)
        raise typer.Exit(1) from None
    import_report.show(found, locale)
    if report is not None:
        write_report(found, report, locale)
    if refused is not None:
        refused_rows.write(found, refused)
    codes = {Outcome.REFUSED: NOTHING_LOADED, Outcome.PARTLY: LOADED_IN_PART}
    raise typer.Exit(codes.get(found.outcome, NOTHING_LOADED if found.refused else 0))


def _undo(import_id: str) -> None:
    """Undo an import and say so; the exit code is 3 where later work stands on it."""
    from api.cli.console import language  # noqa: PLC0415
    from api.cli.open_database import open_database  # noqa: PLC0415
    from geo.writes.imports import StandsFirm  # noqa: PLC0415
    from seeds.loading import undoing  # noqa: PLC0415

    locale = language()
    with open_database() as (_, url):
        try:
            rows = undoing.run(url, import_id)
        except StandsFirm as firm:
            typer.echo(in_language(STANDS, locale), err=True)
            for each in firm.standing:
                referring = each.referring or in_language(HIDDEN, locale)
                words = in_language(CHANGED if each.is_changed else REFERRED, locale)
                told = words.format(rows=each.rows, table=each.table, referring=referring)
                typer.echo(f"  {told}", err=True)
            raise typer.Exit(NOTHING_LOADED) from None
    typer.echo(in_language(UNDONE if rows else UNDONE_BEFORE, locale).format(rows=f"{rows:,}"))


def _pairs(option: str, given: list[str] | None) -> Mapping[str, str]:
    from geo.errors import BadInput  # noqa: PLC0415

    pairs = [each.rpartition("=") for each in given or ()]
    for left, sign, right in pairs:
        if not (left.strip() and sign and right.strip()):
            raise BadInput(option, "write it with a sign of equality, as in NAME=VALUE.")
    return {left.strip(): right.strip() for left, _, right in pairs}


def _day(given: dt.datetime | None) -> dt.date | None:
    return None if given is None else given.date()
