"""Who made a request, and the account that it is charged to."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import HTTPConnection, Request
from starlette.types import Scope

from api.identity.budget import Bill
from api.identity.sessions import Session
from geo import metering
from geo.audience import Caller

KEY = "lakana.visitor"


@dataclass(frozen=True, slots=True)
class Visitor:
    """A caller with their bill, and their session where they opened a page signed in."""

    caller: Caller
    account: Bill
    session: Session | None = None

    @property
    def turn(self) -> str:
        """The holder as which the caller takes turns."""
        return self.caller.turn

    def enter(self, scope: Scope) -> None:
        """Attach this to the request, and meter the request."""
        scope[KEY] = self
        metering.enter(self.account.meter)

    @staticmethod
    def session_of(request: HTTPConnection) -> Session | None:
        """Return the session of whoever sent a request; none where it was refused before anybody looked."""
        visitor: Visitor | None = request.scope.get(KEY)
        return None if visitor is None else visitor.session

    @staticmethod
    def of(request: Request) -> Visitor:
        """Return the visitor that :class:`api.identity.admission.Admit` attached to a request."""
        visitor: Visitor = request.scope[KEY]
        return visitor
