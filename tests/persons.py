"""People whose keys the tests make: a custodian's or steward's key is somebody's."""

from __future__ import annotations

from contextlib import suppress

from geo.errors import BadInput
from geo.identity import people
from geo.identity.people import Identity
from geo.identity.scope import Scope

ISSUER = "https://people.example"


def somebody(url: str, subject: str = "awa") -> Identity:
    """Let a person in, unless they are known, and give who they are."""
    identity = Identity(ISSUER, subject)
    with suppress(BadInput):
        people.add(url, identity, subject.title(), Scope("STEWARD"))
    return identity
