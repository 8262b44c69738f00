"""``lakana template``: a workbook to be filled in and imported."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from geo.vocabulary import Words, in_language

WRITTEN: Words = (
    "{path} : à remplir, puis lakana import {kind} {path}",
    "{path}: fill it in, then lakana import {kind} {path}",
    None,
)


def template(
    kind: Annotated[str, typer.Argument(help="A kind that lakana import takes, such as services.")],
    lang: Annotated[str | None, typer.Option(help="fr or en; by default the terminal's language.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; by default KIND.xlsx.")] = None,
) -> None:
    """Write an XLSX to be filled in: a column for each field, drop-downs, an example, and what each column wants."""
    from api.cli.console import language  # noqa: PLC0415  each command imports only what it needs
    from api.languages import locale_of  # noqa: PLC0415
    from geo.errors import BadInput  # noqa: PLC0415
    from seeds.loading.kinds import LOADERS  # noqa: PLC0415
    from seeds.templates import workbook  # noqa: PLC0415

    if kind not in LOADERS:
        raise BadInput("kind", f"there is no kind {kind}; the kinds are {', '.join(LOADERS)}.")
    locale = language() if lang is None else locale_of(lang)
    path = out or Path(f"{kind}.xlsx")
    workbook.write(LOADERS[kind].kind, path, locale)
    typer.echo(in_language(WRITTEN, language()).format(path=path, kind=kind))
