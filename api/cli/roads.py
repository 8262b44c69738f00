"""``lakana roads``: the roads of OpenStreetMap, and travel times along them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geo.texts import shown

if TYPE_CHECKING:
    from geo.roads.network import Status

roads_app = typer.Typer(help="The roads of OpenStreetMap, and travel times along them.", no_args_is_help=True)


@roads_app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="An extract of OpenStreetMap: .osm.pbf, .osm, .osm.gz or .osm.bz2.")],
    max_off_road_metres: Annotated[
        float, typer.Option(help="How far from any road a place may be and still be reached along roads.")
    ] = 5_000,
) -> None:
    """Replace the roads with those of a file and compute travel times; all or nothing."""
    from api import settings  # noqa: PLC0415  each command imports only what it needs
    from api.cli.console import Console  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from geo.database.owner import upgrade  # noqa: PLC0415
    from geo.roads import network  # noqa: PLC0415

    with database(settings.load()) as url, Console() as progress:
        upgrade(url)
        found = network.import_roads(url, file, max_off_road_metres, progress)
    typer.echo(_told(found))


@roads_app.command()
def refresh(
    everything: Annotated[bool, typer.Option("--all", help="All categories, not only those that changed.")] = False,
) -> None:
    """Recompute the travel times of categories whose services have changed."""
    from api import settings  # noqa: PLC0415
    from api.cli.console import Console  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from geo.roads import network  # noqa: PLC0415

    with database(settings.load()) as url, Console() as progress:
        computed = network.refresh(url, everything=everything, progress=progress)
    typer.echo(f"computed {', '.join(each.name for each in computed)}" if computed else "nothing changed")


@roads_app.command()
def drop() -> None:
    """Delete the roads and the times along them; travel times are estimates again."""
    from api import settings  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from geo.roads import network  # noqa: PLC0415

    with database(settings.load()) as url:
        typer.echo("dropped" if network.drop(url) else "there were none")


@roads_app.command()
def status() -> None:
    """Print which roads are loaded and which travel times are stale; exit with 3 if no roads are loaded."""
    from api import settings  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from geo.roads import network  # noqa: PLC0415

    with database(settings.load()) as url:
        found = network.status(url)
    if found is None:
        typer.echo("no roads")
        raise typer.Exit(3)
    typer.echo(_told(found))


def _told(found: Status) -> str:
    dated = "" if found.roads_as_of is None else f", data of {found.roads_as_of:%Y-%m-%d}"
    size = f"{found.nodes:,} nodes, {found.edges:,} edges, at most {found.max_off_road_m:g} metres off the road"
    lines = [
        f"{shown(found.file)}{dated}, imported {found.imported_at:%Y-%m-%d}: {size}",
        f"travel times of {len(found.computed)} categories",
    ]
    if found.stale:
        names = ", ".join(each.name for each in found.stale)
        lines.append(f"stale since services changed, lakana roads refresh computes them anew: {names}")
    return "\n".join(lines)
