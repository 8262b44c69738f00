"""The commands ``lakana keys`` and ``lakana people``: who may read or write more than the public."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.open_database import open_database
from geo.errors import BadInput
from geo.texts import shown

if TYPE_CHECKING:
    from api.settings import Settings
    from geo.identity.people import Identity

keys_app = typer.Typer(help="Keys for machines, sent as Authorization: Bearer.", no_args_is_help=True)
people_app = typer.Typer(
    help="People, who sign in at an OpenID Connect provider, or to the pages by a link.", no_args_is_help=True
)

Name = Annotated[str, typer.Option(help="A name to recognise the holder by.")]
Audience = Annotated[str, typer.Option(help="partner, planner, custodian or steward.")]
Organization = Annotated[str | None, typer.Option(help="For partners and planners: their organisation, by name or id.")]
Area = Annotated[str | None, typer.Option(help="For partners: the area they are limited to, as SCHEME:CODE.")]
Issuer = Annotated[
    str | None,
    typer.Option(help="The provider; by default LAKANA_OIDC_ISSUER. Of people who were invited: lakana."),
]
Subject = Annotated[str, typer.Option(help="The person's id at the provider: sub in their tokens.")]


@keys_app.command("create")
def create_key(
    name: Name,
    audience: Audience,
    organization: Organization = None,
    area: Area = None,
    expires: Annotated[str, typer.Option(help="Days of validity, or the last day (UTC), such as 2027-06-30.")] = "365",
    person: Annotated[
        str | None,
        typer.Option(help="For custodians and stewards: the key's owner, by the subject given to people add."),
    ] = None,
    issuer: Issuer = None,
) -> None:
    """Create a key and print it. It cannot be shown again."""
    from api.identity.admission import pepper  # noqa: PLC0415
    from geo.identity import keys  # noqa: PLC0415
    from geo.identity.scope import Scope  # noqa: PLC0415

    scope, expires_at = Scope(audience, organization, area), keys.expiry(expires, dt.datetime.now(dt.UTC))
    with open_database() as (settings, url):
        owner = None if person is None else _identity(settings, issuer, person)
        token = keys.create(url, pepper(settings), name, scope, expires_at, owner)
    typer.echo(f"Good until {expires_at:%Y-%m-%d %H:%M} UTC. Keep it now; it is not shown again.", err=True)
    typer.echo(token)


@keys_app.command("list")
def list_keys() -> None:
    """Print the keys, without their secrets, the newest first."""
    from geo.identity import keys  # noqa: PLC0415

    with open_database() as (_, url):
        known = keys.listed(url)
    now = dt.datetime.now(dt.UTC)
    _table(
        ("PREFIX", "STATE", "AUDIENCE", "EXPIRES", "ORGANISATION", "AREA", "PERSON", "NAME"),
        [
            (k.prefix, k.state(now), k.audience, f"{k.expires_at:%Y-%m-%d}", k.organization, k.area, k.person, k.name)
            for k in known
        ],
    )


@keys_app.command("revoke")
def revoke_key(prefix: Annotated[str, typer.Argument(help="As shown by lakana keys list.")]) -> None:
    """End a key at once."""
    from geo.identity import keys  # noqa: PLC0415

    with open_database() as (_, url):
        keys.revoke(url, prefix)
    typer.echo("revoked", err=True)


@people_app.command("add")
def add_person(
    subject: Subject,
    name: Name,
    audience: Audience,
    issuer: Issuer = None,
    organization: Organization = None,
    area: Area = None,
) -> None:
    """Give a person access."""
    from geo.identity import people  # noqa: PLC0415
    from geo.identity.scope import Scope  # noqa: PLC0415

    scope = Scope(audience, organization, area)
    with open_database() as (settings, url):
        people.add(url, _identity(settings, issuer, subject), name, scope)
    typer.echo("added", err=True)


@people_app.command("invite")
def invite_person(
    name: Annotated[str | None, typer.Option(help="Of a new person: what they are called.")] = None,
    audience: Annotated[str | None, typer.Option(help="Of a new person: partner, planner, custodian, steward.")] = None,
    organization: Organization = None,
    area: Area = None,
    subject: Annotated[str | None, typer.Option(help="A known person, as lakana people list shows them.")] = None,
    issuer: Annotated[str, typer.Option(help="Their provider; by default none.")] = "lakana",
    hours: Annotated[int, typer.Option(help="How long the link is good, 1 to 168 hours.")] = 72,
    address: Annotated[str | None, typer.Option(help="Where people reach the service: https://lakana.example.")] = None,
) -> None:
    """Let a person in, or a known one anew, and print a link by which they sign in to the pages, once."""
    from geo.identity import invitations, people  # noqa: PLC0415
    from geo.identity.scope import Scope  # noqa: PLC0415

    if (subject is None) != (name is not None and audience is not None):
        raise BadInput("subject", "give --name and --audience of a new person, or --subject of a known one.")
    with open_database() as (settings, url):
        if name is not None and audience is not None:
            identity = people.Identity(people.NO_PROVIDER, people.new_subject())
            people.add(url, identity, name, Scope(audience, organization, area))
        else:
            identity = people.Identity(issuer, subject or "")
        code = invitations.invite(url, identity, hours)
    base = (address or f"http://localhost:{settings.port}").rstrip("/")
    typer.echo(f"Good once, for {hours} hours. Hand it over safely: whoever opens it is taken for them.", err=True)
    typer.echo(f"{base}/signin#{code}")


@people_app.command("list")
def list_people() -> None:
    """Print the people, the newest first."""
    from geo.identity import people  # noqa: PLC0415

    with open_database() as (_, url):
        known = people.listed(url)
    _table(
        ("STATE", "AUDIENCE", "ORGANISATION", "AREA", "NAME", "SUBJECT", "ISSUER"),
        [(p.state(), p.audience, p.organization, p.area, p.name, p.subject, p.issuer) for p in known],
    )


@people_app.command("revoke")
def revoke_person(subject: Subject, issuer: Issuer = None) -> None:
    """Keep a person out from now on, whatever tokens, links and sessions they hold."""
    from geo.identity import people  # noqa: PLC0415

    with open_database() as (settings, url):
        people.revoke(url, _identity(settings, issuer, subject))
    typer.echo("revoked", err=True)


def _identity(settings: Settings, issuer: str | None, subject: str) -> Identity:
    from geo.identity.people import Identity  # noqa: PLC0415

    chosen = issuer or settings.oidc_issuer
    if chosen is None:
        raise BadInput("issuer", "say which provider, or set LAKANA_OIDC_ISSUER.")
    return Identity(chosen, subject)


def _table(head: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> None:
    """Print rows with tabs between the columns, for people and for ``cut``."""
    for row in (head, *rows):
        typer.echo("\t".join(shown(each or "-") for each in row))
