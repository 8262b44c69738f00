"""``lakana country``: a pack for another country, from its skeleton to what it still lacks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.texts import shown, shown_lines

if TYPE_CHECKING:
    from geo.vocabulary import Words
    from seeds.packs.check import Finding

WRONG = 3
"""The exit code where the pack cannot be loaded as it is."""

country_app = typer.Typer(
    help="Packs: a folder with the settings (country.toml) and the data files of a country.", no_args_is_help=True
)

SIGNS = {"HERE": "✓", "MISSING": "–", "WRONG": "✗"}
LOADABLE: tuple[Words, Words] = (
    ("Le dossier ne peut pas encore être chargé.", "The folder cannot be loaded yet.", None),
    ("Le dossier peut être chargé : lakana seed {folder}", "The folder can be loaded: lakana seed {folder}", None),
)


@country_app.command("new")
def new(
    code: Annotated[str, typer.Argument(help="The country's code of three letters (ISO 3166-1), such as NER.")],
    folder: Annotated[Path | None, typer.Argument(help="Where to write it; by default a folder of that name.")] = None,
) -> None:
    """Write the skeleton of a pack, with what is known of the country filled in."""
    from seeds.packs import skeleton  # noqa: PLC0415  each command imports only what it needs

    typer.echo(shown(str(skeleton.write(folder or Path(code.lower()), code))))


@country_app.command("check")
def check(folder: Annotated[Path, typer.Argument(help="The pack's folder.")]) -> None:
    """Say what a pack lacks, and what does not work without it; the exit code is 3 where it cannot be loaded."""
    from api.cli.console import language  # noqa: PLC0415
    from geo.vocabulary import in_language  # noqa: PLC0415
    from seeds.packs import check as checking  # noqa: PLC0415
    from seeds.packs import manifest  # noqa: PLC0415

    pack = manifest.read(folder)
    locale, found = language(), checking.check(pack)
    for each in found:
        typer.echo(shown(f"{SIGNS[each.state.name]} {in_language(each.part, locale)}{_meaning(each)}"))
    loadable = checking.is_loadable(found)
    typer.echo(shown_lines(in_language(LOADABLE[loadable], locale).format(folder=folder)))
    raise typer.Exit(0 if loadable else WRONG)


def _meaning(found: Finding) -> str:
    from api.cli.console import language  # noqa: PLC0415
    from geo.vocabulary import in_language  # noqa: PLC0415
    from seeds.troubles import said  # noqa: PLC0415

    locale = language()
    if found.refused is not None:
        trouble = found.refused.trouble
        return f": {' '.join(said(each, locale, **found.refused.values) for each in (trouble.what, trouble.mend))}"
    return "" if found.means is None else f": {in_language(found.means, locale)}"
