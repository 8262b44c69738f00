"""API keys of machines: creating, listing, revoking and looking them up.

A key is shown once, as ``lakana_<prefix>_<secret>``. The prefix finds its row. The secret is 32 random bytes, of which
only HMAC-SHA256(pepper, secret) is kept. Slow hashes protect passwords that people choose; 256 random bits cannot be
guessed, however fast the hash.
"""

from __future__ import annotations

import datetime as dt
import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, select, update

from geo import texts
from geo.audience import Audience, Caller
from geo.database.owner import owner_transaction
from geo.database.statements import Job, Statement
from geo.database.tables import api_key, person
from geo.errors import BadInput
from geo.identity.people import Identity, person_id
from geo.identity.scope import HELD, Scope, caller, holders

SCHEME = "lakana_"
SECRET_BYTES, PREFIX_BYTES = 32, 6
TOKEN = re.compile(rf"{SCHEME}([0-9a-f]{{{2 * PREFIX_BYTES}}})_([A-Za-z0-9_-]{{43}})", re.ASCII)
USUAL_DAYS, MOST_DAYS = 365, 3_650

LOOKUP = Statement(
    "SELECT json_object_agg(h.prefix, json_build_object('digest', h.digest, 'person', p.issuer || ' ' || p.subject,"  # noqa: S608
    " 'live', h.revoked_at IS NULL AND h.expires_at > now() AND (h.person_id IS NULL OR p.revoked_at IS NULL),"
    f" {HELD}))::text"
    " FROM identity.key h LEFT JOIN identity.person p ON p.id = h.person_id WHERE h.prefix = ANY ($1)",
    ("prefixes",),
    {},
)
BOUND = frozenset({Audience.CUSTODIAN.name, Audience.STEWARD.name})
"""Audiences whose keys must belong to a person, because their actions are counted by person."""


def lookup(prefixes: Sequence[str]) -> Job:
    """Return the job that looks up keys by prefix with the gate's login, for :meth:`Token.caller`."""
    return Job(LOOKUP, (list(prefixes),))


@dataclass(frozen=True, slots=True)
class Token:
    """A key as its holder sends it; its ``repr`` does not contain the secret."""

    prefix: str
    secret: str

    @classmethod
    def parse(cls, shown: str) -> Token | None:
        """Return the token in a text, ``None`` if the text is no token."""
        match = TOKEN.fullmatch(shown)
        return match and cls(*match.groups())

    def __repr__(self) -> str:
        """Leave the secret out."""
        return f"Token({self.prefix!r})"

    def digest(self, pepper: bytes) -> str:
        """Return the keyed hash of the secret, which is what we store."""
        return hmac.new(pepper, self.secret.encode(), "sha256").hexdigest()

    def caller(self, row: dict[str, Any] | None, pepper: bytes) -> Caller | None:
        """Return the caller; ``None`` if the key is unknown, expired or revoked, or the secret is wrong.

        A key that is bound to a person ends with them.

        Neither the answer nor the time reveals whether the prefix exists: the same is computed and compared either way.
        """
        right = hmac.compare_digest(self.digest(pepper), row["digest"] if row else "0" * 64)
        if row is None or not right or not row["live"]:
            return None
        return caller(row, f"key:{self.prefix}")


def expiry(written: str, now: dt.datetime) -> dt.datetime:
    """Return when a key expires: after a number of days, or at the end of a day (UTC).

    Raises
    ------
    BadInput
        Where it is neither, or not within the next 3,650 days.

    Examples
    --------
    >>> noon = dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
    >>> expiry("30", noon).isoformat()
    '2026-07-30T12:00:00+00:00'
    >>> expiry("2026-06-30", noon).isoformat()
    '2026-07-01T00:00:00+00:00'

    """
    try:
        if re.fullmatch(r"\d{1,6}", written, re.ASCII):
            end = now + dt.timedelta(days=int(written))
        else:
            end = dt.datetime.combine(dt.date.fromisoformat(written), dt.time(), dt.UTC) + dt.timedelta(days=1)
    except (ValueError, OverflowError):
        raise BadInput("expires", "give a number of days, or a last day as 2027-06-30.") from None
    if not now < end <= now + dt.timedelta(days=MOST_DAYS):
        raise BadInput("expires", f"choose a time within the next {MOST_DAYS:,} days.")
    return end


def create(
    owner_url: str,
    pepper: bytes,
    name: str,
    scope: Scope,
    expires_at: dt.datetime,
    owner: Identity | None = None,
) -> str:
    """Create a key and return its token, which cannot be shown again.

    Parameters
    ----------
    owner_url, pepper
        The database, and the secret that its hash is keyed with.
    name
        A name for the holder.
    scope
        What it may do.
    expires_at
        When the key expires.
    owner
        The person who owns it, required for custodians and stewards. The key ends when the person is revoked.

    Raises
    ------
    BadInput
        If the name is empty, or the scope or the person does not exist.

    """
    name = texts.name("name", name)
    if owner is None and scope.audience in BOUND:
        raise BadInput(
            "person",
            f"the key of a {scope.audience.lower()} is bound to a person: give --person SUBJECT, a person that lakana "
            "people add has added.",
        )
    token = Token(secrets.token_hex(PREFIX_BYTES), secrets.token_urlsafe(SECRET_BYTES))
    with owner_transaction(owner_url) as connection:
        values = {"prefix": token.prefix, "digest": token.digest(pepper), "name": name, "expires_at": expires_at}
        whose = owner and person_id(connection, owner)
        connection.execute(insert(api_key).values(**values, **scope.columns(connection), person_id=whose))
    return f"{SCHEME}{token.prefix}_{token.secret}"


@dataclass(frozen=True, slots=True)
class Key:
    """A key as an operator sees it, without its secret or its hash."""

    prefix: str
    name: str
    expires_at: dt.datetime
    audience: str
    organization: str | None
    area: str | None
    revoked_at: dt.datetime | None
    person: str | None

    def state(self, now: dt.datetime) -> str:
        """Return whether it can be used."""
        if self.revoked_at:
            return "revoked"
        return "active" if now < self.expires_at else "expired"


def listed(owner_url: str) -> list[Key]:
    """Return all keys, the newest first."""
    with owner_transaction(owner_url) as connection:
        whose = select(person.c.subject).where(person.c.id == api_key.c.person_id).scalar_subquery()
        rows = holders(api_key, api_key.c.prefix, api_key.c.name, api_key.c.expires_at).add_columns(whose)
        return [Key(*row) for row in connection.execute(rows)]


def revoke(owner_url: str, prefix: str) -> None:
    """End a key at once. A key that was revoked before keeps its date.

    Raises
    ------
    BadInput
        Where no key has this prefix.

    """
    # Somebody who pastes the whole key means its prefix.
    token = Token.parse(prefix)
    with owner_transaction(owner_url) as connection:
        done = connection.execute(
            update(api_key)
            .where(api_key.c.prefix == (token.prefix if token else prefix))
            .values(revoked_at=func.coalesce(api_key.c.revoked_at, func.now()))
        )
        if not done.rowcount:
            raise BadInput("prefix", "no key has this prefix; lakana keys list shows them all.")
