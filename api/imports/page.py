"""The page on which a steward chooses a file, sees what was recognised, corrects it, and has it loaded."""

from __future__ import annotations

from functools import cache
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.identity.sessions import Session
from api.identity.visitor import Visitor
from api.imports.words import MORE, ORDERS, TEXTS, kinds, said
from api.languages import page_language
from api.pages.errors import refused
from api.pages.fixed import Fixed
from api.pages.templates import SCRIPTED, page_headers
from api.pages.templates import page as rendered
from geo.audience import Audience
from geo.errors import BadInput
from geo.vocabulary import Locale


async def page(request: Request) -> Response:
    """Answer ``/imports?lang=``; the page itself holds nothing, so anybody may open it.

    A steward who is signed in needs no key.
    """
    try:
        locale = page_language(request)
    except BadInput as error:
        return refused(error, request)
    visitor = Visitor.of(request)
    if visitor.session is None:
        return await _page(locale).answer(request)
    headers = {**page_headers(locale, SCRIPTED), "cache-control": "no-store"}
    needs_key = visitor.caller.audience is not Audience.STEWARD
    return HTMLResponse(_rendered(locale, visitor.session, needs_key=needs_key), headers=headers)


@cache
def _page(locale: Locale) -> Fixed:
    return Fixed(_rendered(locale).encode(), "text/html", page_headers(locale, SCRIPTED))


def _rendered(locale: Locale, session: Session | None = None, *, needs_key: bool = True) -> str:
    data: dict[str, Any] = {"words": said(locale), "kinds": kinds(locale)}
    if session is not None and not needs_key:
        data["csrf"] = session.form_token
    given: dict[str, Any] = {"texts": TEXTS, "more": MORE, "orders": ORDERS, "data": data, "needs_key": needs_key}
    return rendered("imports.html", locale, here="/imports", session=session, **given)
