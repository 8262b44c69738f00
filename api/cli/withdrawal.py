"""``lakana withdraw``: a record out of every surface, with what has been out since when; and what was withdrawn."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from geo.vocabulary import Words, in_language

WITHDRAWN: Words = (
    "Retiré de partout (annuaire, cartes, tuiles, exports). Enregistrements : {many}.",
    "Withdrawn from everywhere (directory, maps, tiles, exports). Records: {many}.",
    None,
)
OUT: Words = ("Était public :", "Had been public:", None)
EVER: Words = ("avant le journal", "before the log began", None)
FACTS: dict[str, Words] = {
    "RECORD": ("l’enregistrement", "the record", None),
    "NAME": ("le nom", "the name", None),
    "PLACE": ("le lieu", "the place", None),
    "LOCALITY": ("la localité", "the locality", None),
    "ACTOR": ("l’acteur", "the actor", None),
    "PHONE": ("le téléphone", "the phone number", None),
    "OPENING_HOURS": ("les heures d’ouverture", "the opening hours", None),
    "LANGUAGES": ("les langues", "the languages", None),
    "CLOSED": ("les jours de fermeture", "the days on which it is closed", None),
    "SOURCE": ("la source", "the source", None),
}
"""The facts of :class:`geo.vocabulary.PublicFact`, by the database's word."""
COPIES: Words = (
    (
        "Les copies restent : une minute dans les caches, {days} jours dans les régions gardées par un navigateur, et "
        "sans limite dans les fichiers exportés et les archives de tuiles. Corrigez aussi la liste d’où cela venait."
    ),
    (
        "Copies stay: a minute in caches, {days} days in regions that a browser keeps, and without end in exported "
        "files and archives of tiles. Mend the list that it came from, too."
    ),
    None,
)


def withdraw(
    record: Annotated[
        str | None, typer.Argument(metavar="ID", help="The id of the record, or the key of a guidance text.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why; the audit log keeps it.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Print what was withdrawn, when, by whom and why.")] = False,
) -> None:
    """Take a record out of every surface at once, with all that leads to it, and say what had been public."""
    from api import settings  # noqa: PLC0415  each command imports only what it needs
    from api.cli.console import language  # noqa: PLC0415
    from api.cli.serve import database  # noqa: PLC0415
    from api.nearest.packs import DAYS  # noqa: PLC0415
    from geo import audit  # noqa: PLC0415
    from geo.audience import Audience, Caller  # noqa: PLC0415
    from geo.database.owner import owner_transaction, upgrade  # noqa: PLC0415
    from geo.errors import BadInput  # noqa: PLC0415
    from geo.texts import shown  # noqa: PLC0415
    from geo.writes.withdrawal import WithdrawRecord, id_of  # noqa: PLC0415

    if (record is None) is not listed or (reason is None) is not listed:
        raise BadInput("reason", "write lakana withdraw ID --reason TEXT, or lakana withdraw --list.")
    loaded = settings.load()
    with database(loaded) as url:
        upgrade(url)
        if record is None or reason is None:
            for each in audit.withdrawals(url):
                typer.echo(shown("  ".join(each)))
            return
        with owner_transaction(url) as connection:
            write = WithdrawRecord(id=id_of(connection, record), reason=reason)
            done = write.apply(connection, Caller(Audience.STEWARD, "owner"))
        audit.note_withdrawn(url, loaded.data_dir)
        say = partial(in_language, locale=language(url))
    typer.echo(say(WITHDRAWN).format(many=f"{done.rows:,}"))
    if done.was_public:
        typer.echo(say(OUT))
    for fact in done.was_public:
        since = f"{fact.since[:16].replace('T', ' ')} UTC" if fact.since else say(EVER)
        typer.echo(f"  {say(FACTS[fact.fact]):<31} {since}")
    typer.echo(say(COPIES).format(days=DAYS))
