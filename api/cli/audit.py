"""``lakana audit``: verify the audit log, and anchor its head outside of the database."""

from __future__ import annotations

import typer

from geo.texts import shown

audit_app = typer.Typer(help="The audit log: a chain of hashes, anchored outside the database.", no_args_is_help=True)


@audit_app.command()
def verify() -> None:
    """Look for edits, deletions and a cut tail; exit with 1 if something is wrong."""
    from api import settings  # noqa: PLC0415  each command imports only what it needs
    from api.cli.serve import database  # noqa: PLC0415
    from geo import audit  # noqa: PLC0415

    loaded = settings.load()
    with database(loaded) as url:
        many, wrong = audit.verify(url, loaded.data_dir)
    for each in wrong:
        typer.echo(shown(each))
    anchored = audit.anchors(loaded.data_dir)
    last = anchored[-1].number if anchored else 0
    typer.echo(f"{many} entries: {'sound' if not wrong else f'{len(wrong)} things are wrong'}")
    if last < many:
        typer.echo(
            f"Entries {last + 1} to {many} are not anchored yet; lakana audit anchor keeps them from a cut unseen."
        )
    if wrong:
        raise typer.Exit(1)


@audit_app.command()
def anchor() -> None:
    """Write the head of the log to the file of anchors, as a server does each day."""
    from api import settings  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from geo import audit  # noqa: PLC0415

    loaded = settings.load()
    with database(loaded) as url:
        head = audit.anchor(url, loaded.data_dir)
    typer.echo(f"entry {head.number}, {head.hash}" if head else "the log is empty")
