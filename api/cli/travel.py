"""``lakana travel``: the speeds that travel times are estimated with where no roads are loaded."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, TypeVar

import typer

from geo.errors import BadInput
from geo.texts import shown
from geo.vocabulary import Season, TravelMode

travel_app = typer.Typer(
    help="Settings that travel times are estimated with: distance = time × speed / detour.", no_args_is_help=True
)

Choice = TypeVar("Choice", bound=Enum)


def _choice(kind: type[Choice], field: str, name: str) -> Choice:
    try:
        return kind[name.upper()]
    except KeyError:
        raise BadInput(field, f"choose one of {', '.join(each.name for each in kind)}.") from None


@travel_app.command("list")
def list_settings() -> None:
    """Print every setting with its source."""
    from api import settings  # noqa: PLC0415  each command imports only what it needs
    from api.cli.serve import database  # noqa: PLC0415
    from geo.database.owner import upgrade  # noqa: PLC0415
    from geo.writes import travel_estimates  # noqa: PLC0415

    with database(settings.load()) as url:
        upgrade(url)
        known = travel_estimates.listed(url)
    for each in known:
        figures = f"{each.speed_km_h:g} km/h  × {each.detour:g}"
        typer.echo(f"{each.mode.name:<10}  {each.season.name:<5}  {figures}  {shown(each.source)}")


@travel_app.command("set")
def change_setting(
    mode: Annotated[str, typer.Argument(help="WALK, MOTORCYCLE or CAR.")],
    season: Annotated[str, typer.Argument(help="DRY or RAINY.")],
    speed: Annotated[float, typer.Option(help="Speed along the way in km/h, above 0, at most 200.")],
    detour: Annotated[float, typer.Option(help="Length of the way divided by that of the straight line, 1 to 5.")],
    source: Annotated[str, typer.Option(help="Where the figures come from, 1 to 200 characters.")],
) -> None:
    """Change a setting; later estimates use it."""
    from api import settings  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from geo.database.owner import upgrade  # noqa: PLC0415
    from geo.writes import travel_estimates  # noqa: PLC0415

    chosen = travel_estimates.Setting(
        mode=_choice(TravelMode, "mode", mode),
        season=_choice(Season, "season", season),
        speed_km_h=speed,
        detour=detour,
        source=source,
    )
    with database(settings.load()) as url:
        upgrade(url)
        travel_estimates.change(url, chosen)
    typer.echo(f"{chosen.mode.name} {chosen.season.name}: {speed:g} km/h, detour {detour:g}")
