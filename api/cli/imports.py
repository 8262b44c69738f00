"""``lakana import``: load the files that people have, all or nothing, and say what was found."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from geo.vocabulary import Words, in_language
from seeds.loading.declared import OPTIONS, Option, Written

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


TYPES: Mapping[Written, Any] = {
    Written.TEXT: str | None,
    Written.FLAG: bool,
    Written.DAY: dt.datetime | None,
    Written.ROW: int | None,
    Written.SHARE: float | None,
    Written.PAIRS: list[str] | None,
    Written.ORDER: str | None,
    Written.FILE: Path | None,
}


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command that takes all options of an import in the place of ``**said``."""
    own = inspect.signature(command, eval_str=True)
    parameters = [*list(own.parameters.values())[:-1], *map(_parameter, OPTIONS)]
    command.__signature__ = own.replace(parameters=parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    return command


def _parameter(option: Option) -> inspect.Parameter:
    flag = f"--{(option.flag or option.name).replace('_', '-')}"
    formats = ["%Y-%m-%d"] if option.written is Written.DAY else None
    none = False if option.written is Written.FLAG else None
    default = typer.Option(none, flag, help=option.words, formats=formats)
    return inspect.Parameter(
        option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=TYPES[option.written]
    )


@with_options
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
    refused: Annotated[
        Path | None, typer.Option(help="Write the rows that were refused to this file, to be mended and loaded again.")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Write all problems to this file: .csv, .xlsx or .html.")] = None,
    **said: Any,
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
    from seeds.loading import importing  # noqa: PLC0415
    from seeds.loading.kinds import LOADERS  # noqa: PLC0415
    from seeds.loading.options import made  # noqa: PLC0415
    from seeds.reports.report import Outcome  # noqa: PLC0415
    from seeds.troubles import Refused  # noqa: PLC0415

    if kind == UNDO:
        _undo(str(files[0]))
        return
    if kind not in LOADERS:
        raise BadInput("kind", f"there is no kind {kind}; the kinds are {', '.join(LOADERS)}.")
    options = replace(made({each.name: _value(each, said[each.name]) for each in OPTIONS}), dry_run=dry_run)
    if report is not None:
        from seeds.reports.formats import writer_for  # noqa: PLC0415

        write_report = writer_for(report)
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
        from seeds.reports import refused_rows  # noqa: PLC0415

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


def _value(option: Option, given: Any) -> Any:
    """Return the value of an option that the command line gives as its texts have it."""
    from geo.errors import BadInput  # noqa: PLC0415
    from seeds.loading.options import date_order  # noqa: PLC0415

    match option.written:
        case Written.PAIRS:
            return _pairs(option.flag or option.name, given)
        case Written.DAY:
            return given and given.date()
        case Written.ORDER if given is not None:
            try:
                return date_order(given)
            except ValueError as error:
                raise BadInput(option.name, str(error)) from None
    return given


def _pairs(option: str, given: list[str] | None) -> Mapping[str, str]:
    from geo.errors import BadInput  # noqa: PLC0415

    pairs = [each.rpartition("=") for each in given or ()]
    for left, sign, right in pairs:
        if not (left.strip() and sign and right.strip()):
            raise BadInput(option, "write it with a sign of equality, as in NAME=VALUE.")
    return {left.strip(): right.strip() for left, _, right in pairs}
