"""``lakana tiles``: the public's tiles as one file."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from geo.progress import Progress

DEFAULT_ZOOM = 9

tiles_app = typer.Typer(help="Vector tiles of what the public may see.", no_args_is_help=True)


@tiles_app.command("export")
def export(
    out: Annotated[Path, typer.Option(help="The file to write, such as country.pmtiles.")],
    layers: Annotated[str | None, typer.Option(help="Names with commas between; by default all.")] = None,
    zoom: Annotated[
        int, typer.Option(min=0, max=14, help="The finest zoom; each further one has four times the tiles.")
    ] = DEFAULT_ZOOM,
) -> None:
    """Write the tiles to a PMTiles file that map programs read without a server."""
    from api.cli.console import Console  # noqa: PLC0415  each command imports only what it needs
    from api.cli.open_database import open_database  # noqa: PLC0415
    from geo.queries.tiles.tile import LAYERS, named_layers  # noqa: PLC0415

    names = tuple(LAYERS) if layers is None else tuple(named_layers(layers))
    with (
        tempfile.TemporaryDirectory(dir=out.resolve().parent, prefix=".lakana-tiles-") as folder,
        open_database() as (_, url),
        Console() as progress,
    ):
        new = Path(folder) / "tiles"
        number = asyncio.run(_write(url, names, zoom, new, progress))
        new.replace(out)  # whole, or not at all
    typer.echo(f"{out}: {number:,}")


async def _write(url: str, layers: tuple[str, ...], zoom: int, file: Path, progress: Progress) -> int:
    from api.tiles import archive  # noqa: PLC0415
    from geo.audience import ANYBODY  # noqa: PLC0415
    from geo.service import Resources  # noqa: PLC0415

    resources = Resources(url, 2)
    try:
        return await archive.write(resources, ANYBODY, layers, zoom, file, progress)
    finally:
        resources.close()
