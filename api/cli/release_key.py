"""``lakana release-key check``: whether the key at hand is the one that the database's counts were released under."""

from __future__ import annotations

import typer

HELP = "The key of the rounding of published counts."
release_key_app = typer.Typer(help=HELP, no_args_is_help=True)


@release_key_app.callback(help=HELP)
def _one_of_several() -> None:
    """Keep ``check`` a command of its own, which typer drops where there is only one."""


@release_key_app.command()
def check() -> None:
    """Compare the release key at hand with the database's; exit with 1 where nothing can be released under it."""
    from api import settings  # noqa: PLC0415  each command imports only what it needs
    from api.cli.serve import database  # noqa: PLC0415
    from geo.cluster.secret_file import RELEASE_KEY  # noqa: PLC0415
    from geo.database.owner import upgrade  # noqa: PLC0415
    from geo.release import publish  # noqa: PLC0415

    loaded = settings.load()
    given = loaded.release_key.get_secret_value() if loaded.release_key else None
    where = RELEASE_KEY.variable if given else str(loaded.data_dir / RELEASE_KEY.name)
    if given is None and not (loaded.data_dir / RELEASE_KEY.name).exists():
        key = None
    else:
        key = RELEASE_KEY.load(loaded.data_dir, given)
    with database(loaded) as url:
        upgrade(url)
        told, fits = publish.key_state(url, key)
    typer.echo(f"{where}: {told}")
    if not fits:
        raise typer.Exit(1)
