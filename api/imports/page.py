"""The page on which a steward chooses a file, sees what was recognised, corrects it, and has it loaded."""

from __future__ import annotations

from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from api.imports.words import kinds, said
from api.pages.errors import refused
from api.pages.fixed import Fixed
from api.pages.parameters import locale_of
from api.pages.templates import HOME_POLICY, template
from geo.errors import BadInput
from geo.vocabulary import Locale

POLICY = f"{HOME_POLICY}; script-src 'self'"


async def page(request: Request) -> Response:
    """Answer ``/imports?lang=``; the page itself holds nothing, so anybody may open it."""
    try:
        locale = locale_of(request.query_params.get("lang", Locale.FR.name))
    except BadInput as error:
        return refused(error, request)
    return await _page(locale).answer(request)


@cache
def _page(locale: Locale) -> Fixed:
    words = said(locale)
    text = template("imports.html").render(
        locale=locale, locales=(Locale.FR, Locale.EN), words=words, data={"words": words, "kinds": kinds(locale)}
    )
    return Fixed(text.encode(), "text/html", {"content-security-policy": POLICY})
