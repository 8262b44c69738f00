"""A pack into the database, by the importers that everybody uses: its files in their order, its settings, its zones."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from sqlalchemy import Connection, text

from geo import audit
from geo.errors import BadInput
from geo.progress import Progress, silent
from geo.vocabulary import Locale
from geo.writes import zones
from seeds.loading import importing
from seeds.loading.kinds import LOADERS
from seeds.packs import settings
from seeds.packs.manifest import Data, Pack
from seeds.reports.report import Outcome, Report
from seeds.troubles import Refused, said

PLANNED_BY = {
    "areas": ("lakana.admin_area", "lakana.area_within"),
    "crosswalk": ("lakana.area_crosswalk", "lakana.area_within"),
    "population": ("lakana.area_population",),
    "localities": ("lakana.locality", "lakana.locality_name", "lakana.area_set"),
}
"""The tables that a kind fills and later ones are joined with."""


Begin = Callable[[], AbstractContextManager[Connection]]
"""Begins a transaction of the owner's, or goes on with one."""


def load(begin: Begin, pack: Pack, progress: Progress = silent) -> list[Report]:
    """Load the files of a pack and its settings, and divide the country into zones if it is not divided yet.

    Each file is loaded whole or not at all. Loading a pack again changes what has changed in it.

    Parameters
    ----------
    begin
        Begins the transaction of each file, or goes on with one of the whole, which is to be undone if this fails.
    pack
        The country.
    progress
        Told of each file.

    Returns
    -------
    list of Report
        One of each file, in their order.

    Raises
    ------
    BadInput
        If a file cannot be read, or rows of it are refused that it does not leave out; it names the file.

    """
    if not any(each.kind == "areas" for each in pack.files):
        raise BadInput("files", "a country begins with a file of areas; `lakana country check` says what is missing.")
    reports = []
    for number, each in enumerate(pack.files, 1):
        progress(each.path.name, number, len(pack.files))
        with begin() as connection:
            reports.append(_load(connection, _of_nation(_in_division(each, pack), pack)))
            if each.kind in PLANNED_BY:  # how many there are, which no vacuum has seen yet
                connection.execute(text(f"ANALYZE {', '.join(PLANNED_BY[each.kind])}"))
            if each.kind == "areas":  # what follows is read by them: numbers without a calling code, words for levels
                with audit.bulk(connection, "country", name=pack.name("en")):
                    settings.apply(connection, pack)
    with begin() as connection, audit.bulk(connection, "country", name=pack.name("en")):
        zones.make(connection, pack.hiding)
    return reports


def _in_division(data: Data, pack: Pack) -> Data:
    """Return a file whose areas are of the pack's own division, unless it names one: a database may hold others."""
    if data.kind == "areas" or data.options.edition is not None or not pack.divisions:
        return data
    own = pack.divisions[0]
    areas = (each.options for each in pack.files if each.kind == "areas")
    edition = own.edition or next((each.edition for each in areas if each.scheme == own.scheme), None)
    if edition is None:
        return data
    return replace(data, options=replace(data.options, edition=f"{own.scheme}@{edition}"))


def _of_nation(data: Data, pack: Pack) -> Data:
    """Return a file of the law of a country as that of the pack's own nation, unless it names one."""
    if data.kind not in {"guidance", "pathways"} or data.options.nation is not None or not pack.divisions:
        return data
    own = pack.divisions[0]
    return replace(data, options=replace(data.options, nation=f"{own.scheme}:{own.nation}"))


def _load(connection: Connection, data: Data) -> Report:
    if data.kind not in LOADERS:
        raise BadInput("files", f"{data.path.name}: there is no kind {data.kind}; the kinds are {', '.join(LOADERS)}.")
    if not data.path.is_file():
        raise BadInput("files", f"there is no file {data.path.name}; `lakana country check` says what is missing.")
    try:
        report = importing.load(connection, LOADERS[data.kind], [data.path], replace(data.options, is_pack=True))
    except Refused as refused:
        told = " ".join(
            said(each, Locale.EN, **refused.values) for each in (refused.trouble.what, refused.trouble.mend)
        )
        raise BadInput("files", f"{data.path.name}: {told}") from None
    if report.outcome is Outcome.REFUSED:
        raise BadInput(
            "files",
            f"{data.path.name}: {report.refused} rows are refused; `lakana import {data.kind} --dry-run` tells each, "
            "and `accept_partial = true` leaves them out.",
        )
    return report
