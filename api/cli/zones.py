"""``lakana zones``: the zones in which confidential services are published."""

from __future__ import annotations

from typing import Annotated

import typer

from geo.texts import shown

zones_app = typer.Typer(
    help="The zones in which confidential places are published, made once for a country.", no_args_is_help=True
)


@zones_app.command("list")
def list_zones() -> None:
    """Print every zone with its areas and its size."""
    from api import settings  # noqa: PLC0415  each command imports only what it needs
    from api.cli.serve import database  # noqa: PLC0415
    from geo.database.owner import upgrade  # noqa: PLC0415
    from geo.writes import zones  # noqa: PLC0415

    with database(settings.load()) as url:
        upgrade(url)
        for each in zones.listed(url):
            size = f"{each.people:,} people  {each.radius_m / 1000:,.0f} km"
            typer.echo(shown(f"{each.name}  {', '.join(each.codes)}  {size}"))


@zones_app.command("make")
def make_zones(
    people: Annotated[int, typer.Option(help="The fewest people in a part, 50,000 or more.")] = 50_000,
    localities: Annotated[int, typer.Option(help="The fewest localities in a part, 20 or more.")] = 20,
    radius_metres: Annotated[
        float, typer.Option(help="The least radius of a circle of equal area, 10,000 or more.")
    ] = 10_000,
) -> None:
    """Divide the countries into zones. They can be redone until the first confidential service is published in them."""
    from api import settings  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from geo.database.owner import upgrade  # noqa: PLC0415
    from geo.writes import zones  # noqa: PLC0415

    least = zones.Thresholds(people=people, localities=localities, radius_m=radius_metres)
    with database(settings.load()) as url:
        upgrade(url)
        made = zones.remake(url, least)
    typer.echo(f"{made} zones" if made else "nothing to divide: no nation has an outline, or its zones are in use.")
