"""The command ``lakana``."""

from __future__ import annotations

import gc
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import (
    audit,
    country,
    db,
    documents,
    exports,
    identity,
    imports,
    maps,
    release_key,
    roads,
    templates,
    tiles,
    travel,
    withdrawal,
    zones,
)
from geo.errors import BadInput, LakanaError
from geo.texts import shown_lines
from geo.vocabulary import Grain

if TYPE_CHECKING:
    from api.settings import Settings

MANY_NEW_OBJECTS = 50_000
"""So many are made before Python's collector looks for cycles among them. Modules hold few, and by its usual bound of
700 it took a sixth of the start of a command. The server sets its own bound."""

app = typer.Typer(
    help="Map child-protection actors, shelters and aggregated incidents.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(db.db_app, name="db")
app.add_typer(release_key.release_key_app, name="release-key")
app.add_typer(roads.roads_app, name="roads")
app.add_typer(audit.audit_app, name="audit")
app.add_typer(identity.keys_app, name="keys")
app.add_typer(identity.people_app, name="people")
app.add_typer(tiles.tiles_app, name="tiles")
app.add_typer(travel.travel_app, name="travel")
app.add_typer(zones.zones_app, name="zones")
app.add_typer(country.country_app, name="country")
app.add_typer(documents.documents_app, name="documents")
app.command("import")(imports.import_)
app.command("template")(templates.template)
app.command("export")(exports.export)
app.command("map")(maps.map_)
app.command("brief")(maps.brief)
app.command("withdraw")(withdrawal.withdraw)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"lakana {metadata.version('lakana')}")
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Map child-protection actors, shelters and aggregated incidents."""


def _settings(**given: Any) -> Settings:
    from api import settings  # noqa: PLC0415  each command imports only what it needs

    return settings.load(**given)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (LAKANA_HOST or 127.0.0.1).")] = None,
    port: Annotated[int | None, typer.Option(help="Port, 0 for any free one (LAKANA_PORT or 8000).")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that answer (LAKANA_WORKERS or 1).")] = None,
) -> None:
    """Start everything that is missing and serve until Ctrl-C; SIGHUP renews several processes one by one."""
    from api.cli import serve as serving  # noqa: PLC0415

    serving.serve(_settings(host=host, port=port, workers=workers))


@app.command()
def seed(
    pack: Annotated[
        Path | None,
        typer.Argument(help="The folder of a country's pack; by default the seeds'. Or remove: take rows out."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the random rows: the same number gives the same rows.")] = 1,
    services: Annotated[int, typer.Option(min=0, help="Number of extra illustrative services, for load tests.")] = 0,
    illustrative: Annotated[bool, typer.Option("--illustrative", help="Of remove: every illustrative row.")] = False,
) -> None:
    """Load a country: its areas, people and services, its settings. Illustrative rows are marked as such.

    lakana seed remove --illustrative takes them out again, with what was published of them, and nothing else.
    """
    from api.cli import import_report  # noqa: PLC0415
    from api.cli.console import Console, language  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from geo.database.owner import upgrade  # noqa: PLC0415
    from seeds import seeding  # noqa: PLC0415

    if (pack == Path("remove")) is not illustrative:
        raise BadInput("illustrative", "write lakana seed remove --illustrative; nothing else is removed by seed.")
    if illustrative:
        from api.cli.seed_removal import remove_illustrative  # noqa: PLC0415

        remove_illustrative(_settings())
        return
    with database(_settings()) as url, Console() as progress:
        upgrade(url)
        folder = pack or seeding.USUAL
        reports = seeding.seed(url, folder, seed=seed, services=services, progress=progress)
        locale = language(url)
    for each in reports:
        import_report.show(each, locale)


@app.command()
def release(
    quarter: Annotated[str | None, typer.Argument(help="Such as 2025-Q4; by default all that are due.")] = None,
    grain: Annotated[
        Grain | None,
        typer.Option(
            help="How finely counts are published, for ever; by default the finest that passes, except by-type."
        ),
    ] = None,
) -> None:
    """Publish incident counts, rounded so that they reveal no child."""
    from api.cli.console import Console  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from api.cli.serve import release_key as key_at_hand  # noqa: PLC0415
    from geo.database.owner import upgrade  # noqa: PLC0415
    from geo.release import publish  # noqa: PLC0415

    settings = _settings()
    with database(settings) as url, Console() as progress:
        upgrade(url)
        published = publish.release(
            url,
            key_at_hand(settings),
            quarter,
            data_dir=settings.data_dir,
            wanted=grain,
            progress=progress,
            say=typer.echo,
        )
    typer.echo(f"published {', '.join(published)}" if published else "nothing to publish")


@app.command()
def schema() -> None:
    """Print the GraphQL schema."""
    from api.graphql.schema import sdl  # noqa: PLC0415

    typer.echo(sdl(), nl=False)


def main() -> None:
    """Run the command; an error that the user can fix is one line on standard error and exit code 1."""
    gc.set_threshold(MANY_NEW_OBJECTS, *gc.get_threshold()[1:])
    from psycopg2 import Error  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    try:
        app()
    except (SQLAlchemyError, Error) as error:
        # No traceback, no statement and no values of it, since one of them may be secret.
        from geo.database.sqlstates import refusal, trouble  # noqa: PLC0415

        typer.echo(f"lakana: {trouble(error) or refusal(error)}", err=True)
        sys.exit(1)
    except LakanaError as error:
        typer.echo(shown_lines(f"lakana: {error}"), err=True)
        sys.exit(1)
    except OSError as error:
        told = f"lakana: {error.strerror}: {error.filename}" if error.filename else f"lakana: {error}"
        typer.echo(shown_lines(told), err=True)
        sys.exit(1)
