"""``lakana map``: a map as one HTML file that needs no network."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from api.languages import locale_of
from api.pages.map_choices import read
from api.pages.parameters import term_of
from maps.kinds import FOR_PLANNERS, TAKES, MapKind

Kind = Annotated[str, typer.Argument(help=f"What it shows: {', '.join(each.value for each in MapKind)}.")]
Out = Annotated[Path, typer.Option(help="The file to write.")]
Language = Annotated[
    str | None, typer.Option(help="fr, en or bm; by default the terminal's, or else the country's own.")
]


def _of(name: str) -> str:
    """Return for the help which maps know a choice."""
    return ", ".join(kind.value for kind, names in TAKES.items() if name in names)


def map_(
    kind: Kind,
    out: Out,
    lang: Language = None,
    area: Annotated[str, typer.Option(help="Code of a nation, or of an area inside one: SCHEME:CODE.")] = "",
    category: Annotated[str, typer.Option(help=f"Category of service ({_of('category')}).")] = "",
    max_distance_metres: Annotated[
        str, typer.Option(help=f"Distance in metres that counts as within reach ({_of('metres')}).")
    ] = "",
    period: Annotated[str, typer.Option(help=f"Year or quarter; by default the latest ({_of('period')}).")] = "",
    level: Annotated[str, typer.Option(help=f"Level of the places: LOCALITY, ADM1 or ADM2 ({_of('level')}).")] = "",
    sector: Annotated[str, typer.Option(help=f"Sector of work; by default all ({_of('sector')}).")] = "",
    actors: Annotated[str, typer.Option(help=f"Kind of actors ({_of('actors')}).")] = "",
    incident: Annotated[str, typer.Option(help=f"Type of incident; by default all ({_of('incident')}).")] = "",
    place: Annotated[str, typer.Option(help=f"Code of a town or village: SCHEME:CODE ({_of('place')}).")] = "",
    sites: Annotated[str, typer.Option(help=f"How many sites to find, 1 to 20 ({_of('sites')}).")] = "",
    scenario: Annotated[str, typer.Option(help=f"Id of a scenario; by default the last ({_of('scenario')}).")] = "",
    key: Annotated[
        str | None,
        typer.Option(
            envvar="LAKANA_KEY", help=f"A planner's key, for {', '.join(sorted(k.value for k in FOR_PLANNERS))}."
        ),
    ] = None,
) -> None:
    """Write a map as one file that needs no network: HTML, or a PDF or a PNG where a browser is installed."""
    from api import settings  # noqa: PLC0415  each command imports only what it needs
    from api.cli.console import language  # noqa: PLC0415
    from api.cli.serve import database, prepare  # noqa: PLC0415
    from api.maps import files, printing  # noqa: PLC0415

    chosen = term_of("kind", MapKind, kind.upper())
    given = {
        "area": area,
        "category": category.upper(),
        "metres": max_distance_metres,
        "period": period,
        "level": level.upper(),
        "incident": incident.upper(),
        "sector": sector.upper(),
        "actors": actors.upper(),
        "place": place,
        "sites": sites,
        "scenario": scenario,
    }
    choices = read(chosen, {name: text for name, text in given.items() if text}, locale_of(lang or "fr"))
    form = out.suffix.lower() in printing.FORMS
    if form:
        printing.installed()
    loaded = settings.load()
    with database(loaded) as url:
        prepare(loaded, url)
        choices = choices if lang else replace(choices, locale=language(url))
        shown = None if key is None else files.Credentials(key, loaded)
        page = files.map_file(url, chosen, choices, shown)
        _write_whole(out, printing.printed(page, out.suffix) if form else page)


def brief(
    out: Annotated[Path, typer.Option(help="The file to write; a PDF where its name ends in .pdf, else HTML.")],
    lang: Language = None,
    area: Annotated[str, typer.Option(help="Code of a nation, or of an area inside one: SCHEME:CODE.")] = "",
    category: Annotated[str, typer.Option(help="Category of service.")] = "",
    max_distance_metres: Annotated[str, typer.Option(help="Distance in metres that counts as within reach.")] = "",
) -> None:
    """Write a brief on the coverage of an area: figures, map, tables, method, dates, and what is not known."""
    from api import settings  # noqa: PLC0415
    from api.cli.console import language  # noqa: PLC0415
    from api.cli.serve import database, prepare  # noqa: PLC0415
    from api.maps import files, printing  # noqa: PLC0415

    given = {"area": area, "category": category.upper(), "metres": max_distance_metres}
    choices = read(MapKind.COVERAGE, {name: text for name, text in given.items() if text}, locale_of(lang or "fr"))
    printed = out.suffix.lower() == ".pdf"
    if printed:
        printing.installed()
    loaded = settings.load()
    with database(loaded) as url:
        prepare(loaded, url)
        choices = choices if lang else replace(choices, locale=language(url))
        page = files.brief_file(url, choices)
        _write_whole(out, printing.printed(page, ".pdf") if printed else page)


def _write_whole(out: Path, page: str | bytes) -> None:
    """Write a file beside and rename it: on a full disk no part of it is left, and what was there stays."""
    file, written = out.resolve(), page if isinstance(page, bytes) else page.encode()
    if file.exists() and not file.is_file():  # a pipe, a terminal
        file.write_bytes(written)
        return
    new = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        new.write_bytes(written)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
