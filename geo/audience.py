"""Who asks: audiences, each with a database login of its own, and the caller of a request."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Audience(StrEnum):
    """Who may ask. The value is the login that statements run as: it is granted what this audience may see, no more."""

    PUBLIC = "lakana_public"
    PARTNER = "lakana_partner"
    PLANNER = "lakana_planner"
    CUSTODIAN = "lakana_custodian"
    STEWARD = "lakana_steward"

    @property
    def timeout_ms(self) -> int:
        """What a statement of this audience may take, and the latest that another one of its request may begin."""
        return _TIMEOUTS_MS[self]


_TIMEOUTS_MS = {
    Audience.PUBLIC: 2_000,
    Audience.PARTNER: 5_000,
    Audience.PLANNER: 15_000,
    Audience.CUSTODIAN: 5_000,
    Audience.STEWARD: 15_000,
}

WITH_A_KEY = frozenset(each for each in Audience if each is not Audience.PUBLIC)
"""Everybody who shows a key: partners and above."""

GATE = "lakana_gate"
"""The login that looks keys and people up, before anybody knows whose request it is."""

LOGINS = (*Audience, GATE)


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request it is.

    Parameters
    ----------
    audience
        What the caller may see and do.
    holder
        What the audit log calls the caller: a key by its prefix, a person by issuer and subject.
    organization_id
        For partners, whose services are their own, and for planners who share their scenarios.
    area_id
        For partners whose key is limited to an area, that area.
    person
        Who asks, by a token or by a key that is bound to them: issuer and subject. What is counted by person is counted
        by it.
    address
        For the public, the address (see :func:`api.identity.budget.network`); it tells apart who waits for whom,
        nothing else.

    """

    audience: Audience
    holder: str
    organization_id: str | None = None
    area_id: str | None = None
    person: str | None = None
    address: str | None = field(default=None, compare=False)

    @property
    def turn(self) -> str:
        """Who takes turns with others: a person whatever keys they hold, else a key; of the public an address."""
        return self.person or self.address or self.holder

    @property
    def keeper(self) -> str:
        """Whose what is kept is, and by whom it is counted: a person's whatever keys they hold, else a key's."""
        return self.person or self.holder

    @property
    def owner(self) -> str:
        """Whose the caller's scenarios are: the organisation's or, without one, the keeper's own."""
        return self.keeper if self.organization_id is None else f"organization:{self.organization_id}"


ANYBODY = Caller(Audience.PUBLIC, "public")
"""Whoever shows no key."""
