"""Sessions: what a spent link has opened, for the pages alone, until its person leaves, is revoked, or time is up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from geo.audience import Audience, Caller
from geo.database.statements import Job, Statement
from geo.database.tokens import digest_of
from geo.identity.scope import HELD, caller

_HOUR_S = 3_600
_DAY_S = 24 * _HOUR_S
LASTS: dict[str, tuple[int, int]] = {
    Audience.PARTNER.name: (30 * _DAY_S, 90 * _DAY_S),
    Audience.PLANNER.name: (30 * _DAY_S, 90 * _DAY_S),
    Audience.CUSTODIAN.name: (12 * _HOUR_S, 7 * _DAY_S),
    Audience.STEWARD.name: (12 * _HOUR_S, 7 * _DAY_S),
}
"""Seconds after which a session ends: unused, and in any case. Long for whoever works on a phone far from an operator,
short for whoever may change the directory or ask for a place."""
SEEN_EVERY_S = 300
"""How often it is noted that a session is used."""

_LOOKUP = Statement(
    "SELECT json_object_agg(s.digest, json_build_object('person', h.issuer || ' ' || h.subject, 'name', h.name,"  # noqa: S608
    " 'age_s', extract(epoch FROM now() - s.created_at), 'unseen_s', extract(epoch FROM now() - s.seen_at),"
    f" 'by_steward', i.invited_by <> 'owner', {HELD}))::text"
    " FROM identity.session s JOIN identity.invitation i ON i.id = s.invitation_id"
    " JOIN identity.person h ON h.id = i.person_id WHERE s.digest = ANY ($1)"
    " AND s.ended_at IS NULL AND i.revoked_at IS NULL AND h.revoked_at IS NULL",
    ("digests",),
    {},
)


def lookup(digests: Sequence[str]) -> Job:
    """Return the job that finds sessions with the gate's login, for :meth:`SignedIn.of`."""
    return Job(_LOOKUP, (list(digests),))


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person who is signed in; the ``repr`` does not contain the secret."""

    caller: Caller
    name: str
    token: str = field(repr=False)
    due: bool = False
    """Whether it is time to note that the session is used."""

    @classmethod
    def of(cls, token: str, row: dict[str, Any] | None) -> SignedIn | None:
        """Return who is signed in, ``None`` if the session is unknown or over.

        The caller is the person, whatever keys or sessions they hold: limits count them together.
        """
        if row is None:
            return None
        idle_s, longest_s = LASTS[row["audience"]]
        if row["unseen_s"] >= idle_s or row["age_s"] >= longest_s:
            return None
        return cls(caller(row, f"person:{row['person']}"), row["name"], token, due=row["unseen_s"] >= SEEN_EVERY_S)


def sign_in(connection: Connection, code: str, session: str) -> bool:
    """Spend a link and open the session of a new secret; return whether the link was good, and first spent now."""
    asked = text("SELECT identity.sign_in(:link, :session)")
    return bool(connection.scalar(asked, {"link": digest_of(code), "session": digest_of(session)}))


def sign_out(connection: Connection, session: str) -> None:
    """End a session; one that is over stays so."""
    connection.execute(text("SELECT identity.sign_out(:session)"), {"session": digest_of(session)})


def see(connection: Connection, session: str) -> None:
    """Note that a session is used."""
    connection.execute(text("SELECT identity.see(:session)"), {"session": digest_of(session)})
