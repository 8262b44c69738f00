"""Invitations: a link by which a person signs in, good once and for a few days.

The link holds a secret that is shown to whoever makes it, once. A person has one open link: a later one takes its
place, and one who has signed in may be invited again, on another device for example.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, insert, update

from geo.database.owner import owner_transaction
from geo.database.statements import Job, Statement
from geo.database.tables import invitation
from geo.database.tokens import digest_of, new_token
from geo.errors import BadInput
from geo.identity.people import Identity, person_id

USUAL_HOURS, MOST_HOURS = 72, 168

_OPEN = Statement(
    "SELECT json_object_agg(i.digest, json_build_object('open', true))::text"
    " FROM identity.invitation i JOIN identity.person p ON p.id = i.person_id WHERE i.digest = ANY ($1)"
    " AND i.spent_at IS NULL AND i.revoked_at IS NULL AND i.expires_at > now() AND p.revoked_at IS NULL",
    ("digests",),
    {},
)


def lookup(digests: Sequence[str]) -> Job:
    """Return the job that finds open links with the gate's login; its answer has a row for each."""
    return Job(_OPEN, (list(digests),))


def invite(owner_url: str, identity: Identity, hours: int = USUAL_HOURS) -> str:
    """Make a link for a person and return its secret, which cannot be shown again.

    Parameters
    ----------
    owner_url
        The database.
    identity
        A person who was let in. An open link of theirs is withdrawn.
    hours
        How long it is good, 1 to 168.

    Raises
    ------
    BadInput
        If there is no such person, or the time is out of bounds.

    """
    if not 1 <= hours <= MOST_HOURS:
        raise BadInput("hours", f"give 1 to {MOST_HOURS}.")
    code = new_token()
    with owner_transaction(owner_url) as connection:
        whose = person_id(connection, identity)
        is_open = invitation.c.revoked_at.is_(None) & invitation.c.spent_at.is_(None)
        before = update(invitation).where(invitation.c.person_id == whose, is_open)
        connection.execute(before.values(revoked_at=func.now()))
        made = {"person_id": whose, "digest": digest_of(code), "expires_at": func.now() + dt.timedelta(hours=hours)}
        connection.execute(insert(invitation).values(**made))
    return code
