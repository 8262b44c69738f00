"""``lakana seed remove --illustrative``: illustrative rows out of the database, with a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from api.settings import Settings


def remove_illustrative(settings: Settings) -> None:
    """Remove them in one transaction, put the spent release key away, and print what went."""
    from api.cli.console import Console  # noqa: PLC0415  each command imports only what it needs
    from api.cli.serve import database  # noqa: PLC0415
    from geo.cluster.secret_file import RELEASE_KEY  # noqa: PLC0415
    from geo.database.owner import owner_transaction, upgrade, vacuum  # noqa: PLC0415
    from geo.release import publish  # noqa: PLC0415
    from seeds.illustration import removal  # noqa: PLC0415

    with database(settings) as url, Console() as progress:
        upgrade(url)
        with owner_transaction(url) as connection:
            removed = removal.remove(connection, settings.data_dir, progress)
        away = None
        if settings.release_key is None and publish.is_spent(url, RELEASE_KEY.load(settings.data_dir, None)):
            away = RELEASE_KEY.put_away(settings.data_dir)
        vacuum(url)
    typer.echo("\n".join(f"{many:>9,} {what} removed" for what, many in removed.items()) or "Nothing is illustrative.")
    if away is not None:
        typer.echo(f"The release key rounded illustrative counts, so it is spent: it is {away.name} now.")
