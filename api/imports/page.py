"""The page on which a steward chooses a file, sees what was recognised, corrects it, and has it loaded."""

from __future__ import annotations

from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from api.imports.words import MORE, ORDERS, TEXTS, kinds, said
from api.pages.errors import refused
from api.pages.fixed import Fixed
from api.pages.parameters import page_language
from api.pages.templates import SCRIPTED, page_headers
from api.pages.templates import page as rendered
from geo.errors import BadInput
from geo.vocabulary import Locale


async def page(request: Request) -> Response:
    """Answer ``/imports?lang=``; the page itself holds nothing, so anybody may open it."""
    try:
        locale = page_language(request)
    except BadInput as error:
        return refused(error, request)
    return await _page(locale).answer(request)


@cache
def _page(locale: Locale) -> Fixed:
    data = {"words": said(locale), "kinds": kinds(locale)}
    text = rendered("imports.html", locale, here="/imports", texts=TEXTS, more=MORE, orders=ORDERS, data=data)
    return Fixed(text.encode(), "text/html", page_headers(locale, SCRIPTED))
