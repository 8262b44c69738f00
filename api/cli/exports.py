"""``lakana export``: a list, a map layer or a table as a file, as an audience sees it."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from api.exports.asking import Asker
    from api.exports.exporting import Export
    from api.settings import Settings
    from geo.progress import Progress

FORMS = "csv, xlsx, geojson, gpkg; of services hsds.json, hsds.zip. By default what the file's name says, else csv."


def export(
    name: Annotated[str | None, typer.Argument(help="What to export, such as services; left out, all names.")] = None,
    arguments: Annotated[
        list[str] | None, typer.Argument(help="NAME=VALUE: the arguments of its query, such as level=ADM1.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            help="csv, xlsx, geojson, gpkg; of services hsds.json, hsds.zip. By default what the file's name says.",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; by default the name, in this folder.")] = None,
    lang: Annotated[str | None, typer.Option(help="fr, en or bm; by default the terminal's or the country's.")] = None,
    key: Annotated[
        str | None, typer.Option(envvar="LAKANA_KEY", help="Whose view of the data; without a key the public's.")
    ] = None,
) -> None:
    """Export a list with the arguments of its query to a file that other programs read."""
    from api.cli.console import Console, language  # noqa: PLC0415  each command imports only what it needs
    from api.cli.open_database import open_database  # noqa: PLC0415
    from api.exports import requested  # noqa: PLC0415
    from api.exports.formats import parted  # noqa: PLC0415
    from api.languages import locale_of  # noqa: PLC0415

    if name is None:
        for each in requested.names():
            typer.echo(each)
        return
    ending = form or (parted(out.name)[1] if out else "") or "csv"
    locale = language() if lang is None else locale_of(lang)
    asked = requested.from_texts(name, ending, [_pair(each) for each in arguments or ()], locale)
    file = out or Path(f"{name}.{ending}")
    beside = file.resolve().parent
    with (
        tempfile.TemporaryDirectory(dir=beside, prefix=".lakana-export-") as folder,
        open_database() as (settings, url),
        Console() as progress,
    ):
        if lang is None:
            asked = replace(asked, locale=language(url))
        new = Path(folder) / "export"
        rows = asyncio.run(_write(asked, settings, url, key, new, progress))
        new.replace(file)  # whole, or not at all
    typer.echo(f"{file}: {rows:,}")


def _pair(text: str) -> tuple[str, str]:
    from geo.errors import BadInput  # noqa: PLC0415

    name, sign, value = text.partition("=")
    if not (name and sign):
        raise BadInput("arguments", f"write {text} as NAME=VALUE.")
    return name, value


async def _write(asked: Export, settings: Settings, url: str, key: str | None, file: Path, progress: Progress) -> int:
    """Write a file, and return how many rows it has."""
    from api.exports import exporting  # noqa: PLC0415
    from api.graphql.compile.response import Refused  # noqa: PLC0415
    from geo.errors import BadInput  # noqa: PLC0415

    asker = await _asker(settings, url, key, asked)
    try:
        return (await exporting.write(asked, asker, file, progress)).rows
    except Refused as refused:
        raise BadInput("", refused.errors[0]["message"]) from None
    finally:
        asker.resources.close()


async def _asker(settings: Settings, url: str, key: str | None, asked: Export) -> Asker:
    from api.exports.asking import Asker  # noqa: PLC0415
    from api.graphql.compile.document_cache import Operations  # noqa: PLC0415
    from api.graphql.schema import compiled_schema  # noqa: PLC0415
    from api.identity.admission import Credentials  # noqa: PLC0415
    from geo.audience import ANYBODY  # noqa: PLC0415
    from geo.service import Resources  # noqa: PLC0415

    resources = Resources(url, 2)
    caller: Any = ANYBODY
    if key is not None:
        try:
            caller = await Credentials(settings, resources.gate).caller([f"Bearer {key}".encode()])
        except BaseException:
            resources.close()
            raise
    return Asker(Operations(compiled_schema()), resources, caller.speaking(asked.locale))
