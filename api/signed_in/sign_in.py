"""``/signin`` spends a link, ``/signout`` ends the session.

The link is ``/signin#SECRET``. What stands behind ``#`` is sent to nobody: no log and no referrer holds it, and a
program that opens links in mail does not spend it. A script puts it into the form's field, where it can be pasted too;
the form is sent by POST alone.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from api.identity.sessions import (
    FORM,
    SESSION,
    Sessions,
    cookie,
    form_token,
    is_form_of,
    is_own,
    shown_cookie,
)
from api.identity.visitor import Visitor
from api.languages import page_language
from api.pages.errors import language, refused
from api.pages.templates import SCRIPTED, csrf_field, page, page_headers
from api.signed_in.forms import SIGN_IN, fields_of, own_fields_of, stopped, to
from geo.audience import Audience
from geo.database.tokens import new_token
from geo.errors import LakanaError
from geo.identity.sessions import LASTS
from geo.vocabulary import Locale

LEAVE = "/signout"
SIGN_IN_PRICE = 500
"""One address of the public may try 40 links a minute: an office signs in, and nobody guesses 256 bits."""
FORM_LASTS_S = 3_600
HOMES = {Audience.PARTNER: "/mine", Audience.PLANNER: "/", Audience.STEWARD: "/steward"}
"""The page that one comes to; others stay on this one."""
PROBLEMS = {
    "link": "This link is not good: it was used, withdrawn, or is too old. Ask whoever gave it to you for another.",
    "form": "The form is too old, or this browser takes no cookies. Try once more.",
}


class SignInRoutes:
    """The routes of signing in and out.

    Parameters
    ----------
    sessions
        Opens and ends sessions.

    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route(SIGN_IN, self._show, methods=["GET"]),
            Route(SIGN_IN, self._enter, methods=["POST"]),
            Route(LEAVE, self._leave, methods=["POST"]),
        ]

    async def _show(self, request: Request) -> Response:
        try:
            return _page(request, page_language(request))
        except LakanaError as error:
            return refused(error, request)

    async def _enter(self, request: Request) -> Response:
        try:
            locale, fields = page_language(request), await fields_of(request)
            secret = shown_cookie(request.scope, FORM)
            if not is_own(request.scope) or secret is None or not is_form_of(secret, fields.get("csrf", "")):
                return _page(request, locale, PROBLEMS["form"], 403)
            visitor = Visitor.of(request)
            visitor.account.charge(SIGN_IN_PRICE)
            code = fields.get("code", "").rpartition("#")[2]
            token = await self._sessions.open(code, visitor.turn)
            found = await self._sessions.find(token) if token else None
            if token is None or found is None:
                return _page(request, locale, PROBLEMS["link"], 400)
            if visitor.session is not None:
                await self._sessions.end(visitor.session.signed_in)
        except LakanaError as error:
            return refused(error, request)
        _, longest_s = LASTS[found.caller.audience.name]
        answer = to(HOMES.get(found.caller.audience, SIGN_IN), locale)
        answer.headers.append("set-cookie", cookie(request.scope, SESSION, token, longest_s))
        answer.headers.append("set-cookie", cookie(request.scope, FORM, "", 0, strict=True))
        return answer

    async def _leave(self, request: Request) -> Response:
        try:
            locale = page_language(request)
            await own_fields_of(request)
            session = Visitor.of(request).session
            assert session is not None  # noqa: S101  otherwise no form is its
            await self._sessions.end(session.signed_in)
        except LakanaError as error:
            return stopped(error, request, language(request))
        answer = to(SIGN_IN, locale)
        answer.headers.append("set-cookie", cookie(request.scope, SESSION, "", 0))
        return answer


def _page(request: Request, locale: Locale, problem: str | None = None, status: int = 200) -> Response:
    visitor = Visitor.of(request)
    headers = {**page_headers(locale, SCRIPTED), "cache-control": "no-store"}
    if visitor.session is not None and problem is None:
        shown = page(
            "signin.html", locale, here=SIGN_IN, session=visitor.session, audience=visitor.caller.audience.name
        )
        return HTMLResponse(shown, status, headers)
    secret = shown_cookie(request.scope, FORM) or new_token()
    shown = page(
        "signin.html", locale, here=SIGN_IN, problem=problem, form=csrf_field(form_token(secret)), audience=None
    )
    headers["set-cookie"] = cookie(request.scope, FORM, secret, FORM_LASTS_S, strict=True)
    return HTMLResponse(shown, status, headers)
