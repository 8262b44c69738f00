"""Audiences, each with a database login of its own, and the caller of a request."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from geo.vocabulary import Locale


class Audience(StrEnum):
    """An audience. Its value is the login that statements run as, which is granted only what the audience may see."""

    PUBLIC = "lakana_public"
    PARTNER = "lakana_partner"
    PLANNER = "lakana_planner"
    CUSTODIAN = "lakana_custodian"
    STEWARD = "lakana_steward"

    @property
    def timeout_ms(self) -> int:
        """How long a statement may run, and how long after its request's first statement another may still begin."""
        return _TIMEOUTS_MS[self]


_TIMEOUTS_MS = {
    Audience.PUBLIC: 2_000,
    Audience.PARTNER: 5_000,
    Audience.PLANNER: 15_000,
    Audience.CUSTODIAN: 5_000,
    Audience.STEWARD: 15_000,
}

WITH_A_KEY = frozenset(each for each in Audience if each is not Audience.PUBLIC)
"""Everybody who authenticates: partners and above."""

GATE = "lakana_gate"
"""The login that looks up keys and people, before the caller of a request is known."""

LOGINS = (*Audience, GATE)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request.

    Parameters
    ----------
    audience
        What the caller may see and do.
    holder
        What the audit log calls the caller: a key by its prefix, a person by issuer and subject.
    organization_id
        For partners, whose services are those of the organisation, and for planners, who share scenarios within it.
    area_id
        For partners whose key is limited to an area, that area.
    person
        Issuer and subject of the person, from a token or from a key that is bound to them. Limits for each person count
        by it.
    by_steward
        Whether they came in by a link that a steward made, and may have kept: what only the organisation that runs a
        confidential shelter may do there is not for them.
    address
        For the public, the address (see :func:`api.identity.budget.network`); used only to let callers take turns.
    language
        The language of what is read, where a field does not ask for another.

    """

    audience: Audience
    holder: str
    organization_id: str | None = None
    area_id: str | None = None
    person: str | None = None
    by_steward: bool = False
    address: str | None = field(default=None, compare=False)
    language: Locale = field(default=Locale.FR, compare=False)

    @property
    def turn(self) -> str:
        """The holder that takes turns: the person whatever keys they hold, else the key; for the public the address."""
        return self.person or self.address or self.holder

    @property
    def keeper(self) -> str:
        """The owner of stored things, by whom they are counted: the person whatever keys they hold, else the key."""
        return self.person or self.holder

    @property
    def owner(self) -> str:
        """The owner of the caller's scenarios: the organisation or, without one, the keeper."""
        return self.keeper if self.organization_id is None else f"organization:{self.organization_id}"

    def speaking(self, language: Locale) -> Caller:
        """Return the caller with another language."""
        return self if language is self.language else replace(self, language=language)


ANYBODY = Caller(Audience.PUBLIC, "public")
"""A caller who shows no key."""
