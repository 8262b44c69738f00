"""The commands ``lakana db``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from api.settings import Settings

db_app = typer.Typer(
    help="The private cluster; upgrade, backup and restore also work with LAKANA_DATABASE_URL.", no_args_is_help=True
)


def _settings() -> Settings:
    from api import settings  # noqa: PLC0415  each command imports only what it needs

    return settings.load()


@db_app.command()
def start() -> None:
    """Start the private cluster, print its address and leave it running."""
    from geo.cluster import private  # noqa: PLC0415

    typer.echo(private.start(_settings().data_dir))


@db_app.command()
def stop() -> None:
    """Stop the private cluster."""
    from geo.cluster import private  # noqa: PLC0415

    typer.echo("stopped" if private.stop(_settings().data_dir) else "was not running")


@db_app.command()
def status() -> None:
    """Print the address of the private cluster; exit with 3 if it is not running."""
    from geo.cluster import private  # noqa: PLC0415

    url = private.status(_settings().data_dir)
    typer.echo(url or "not running")
    if url is None:
        raise typer.Exit(3)


@db_app.command()
def upgrade() -> None:
    """Bring the database to the newest revision."""
    from api.cli.serve import database  # noqa: PLC0415
    from geo.database.owner import upgrade  # noqa: PLC0415

    with database(_settings()) as url:
        upgrade(url)


Identity = Annotated[Path | None, typer.Option(help="The file of the private key, if age has encrypted the backup.")]


@db_app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write; keep it as secret as the database.")],
    encrypt_to: Annotated[
        str | None,
        typer.Option(
            help="Who may read it: a public key of age (age1…), the fingerprint of one of gpg, or a file of one."
        ),
    ] = None,
) -> None:
    """Write the database to one file, which is never overwritten."""
    from api.cli.console import Console  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from geo.cluster.backup import backup  # noqa: PLC0415
    from geo.database.health import note_backup  # noqa: PLC0415

    settings = _settings()
    with database(settings) as url, Console() as progress:
        backup(url, file, progress, recipient=encrypt_to)
    note_backup(settings.data_dir)
    typer.echo(
        f"{file} holds the database, confidential places and raw counts included. Not in it: the release key, the "
        f"pepper of the keys and the anchors of the audit log. Keep {settings.data_dir / 'pepper'} and "
        f"{settings.data_dir / 'audit.anchors'} with it; {settings.data_dir / 'release.key'} apart from it, with "
        "another keeper; or what stands in the place of the two keys in the environment. Of "
        f"{settings.data_dir / 'hidden.ids'}, {settings.data_dir / 'withdrawn.ids'} and "
        f"{settings.data_dir / 'released.counts'} keep always the newest."
    )


@db_app.command()
def restore(file: Annotated[Path, typer.Argument(help="A file that backup wrote.")], identity: Identity = None) -> None:
    """Restore a backup file into an empty database."""
    from api.cli.console import Console  # noqa: PLC0415
    from api.cli.serve import database, give_back  # noqa: PLC0415
    from geo.cluster.backup import restore  # noqa: PLC0415

    settings = _settings()
    with database(settings) as url, Console() as progress:
        restore(url, file, progress, identity=identity)
        give_back(url, settings)
    typer.echo(
        f"The database is restored. Put the release key, the pepper and the anchors that belong to it into "
        f"{settings.data_dir}: another release key is refused, and with another pepper no API key is known. Before you "
        "serve it or release, put the newest hidden.ids, withdrawn.ids and released.counts there too: what has become "
        "confidential since the backup is hidden again, what was withdrawn goes again, and what was published since is "
        "told as it was."
    )


@db_app.command()
def rehearse(
    file: Annotated[Path, typer.Argument(help="A file that backup wrote.")],
    identity: Identity = None,
    alone: Annotated[bool, typer.Option("--alone", help="Compare with no database, as after its loss.")] = False,
) -> None:
    """Restore a backup into a cluster that is thrown away, and compare it with the database; exit 1 if it is wrong."""
    from contextlib import nullcontext  # noqa: PLC0415

    from api.cli.console import Console  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from geo.cluster.rehearsal import rehearse  # noqa: PLC0415

    settings = _settings()
    with nullcontext() if alone else database(settings) as url, Console() as progress:
        found = rehearse(url, file, settings.data_dir, progress, identity=identity)
    for name, (many, now) in found.rows.items():
        if many or now:
            beside = "" if now is None else "  as now" if now == many else f"  now {now:,}"
            typer.echo(f"{name:<32} {many:>12,}{beside}")
    typer.echo(f"{sum(many for many, _ in found.rows.values()):,} rows, {found.entries:,} entries of the log")
    for each in found.wrong:
        typer.echo(each, err=True)
    if found.wrong:
        raise typer.Exit(1)
    typer.echo("The backup can be restored.")
