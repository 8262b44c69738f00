"""The pages: the planner's start page, and GraphiQL."""

from __future__ import annotations

from functools import cache

from starlette.requests import Request
from starlette.responses import Response

from api.pages.errors import refused
from api.pages.fixed import Fixed
from api.pages.parameters import DEFAULT_CATEGORY, DEFAULT_DISTANCE_M, page_language
from api.pages.templates import OWN_ONLY, page, page_headers, template
from geo.errors import BadInput
from geo.vocabulary import Locale, ServiceCategory

# GraphiQL's editor sets style elements of its own; scripts come from our assets only.
GRAPHIQL_POLICY = (
    OWN_ONLY
    + "script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src 'self' data:; connect-src 'self'"
)


@cache
def graphiql() -> Fixed:
    """Return the GraphiQL page."""
    headers = {"content-security-policy": GRAPHIQL_POLICY, "vary": "Accept, Accept-Encoding"}
    return Fixed(template("graphiql.html").render().encode(), "text/html", headers)


async def home(request: Request) -> Response:
    """Return the planner's start page: the maps with their choices, and the ways in for developers."""
    try:
        locale = page_language(request)
    except BadInput as error:
        return refused(error, request)
    return await _home(locale).answer(request)


@cache
def _home(locale: Locale) -> Fixed:
    chosen, distance_m = DEFAULT_CATEGORY.name, int(DEFAULT_DISTANCE_M)
    shown = page("home.html", locale, categories=ServiceCategory, chosen=chosen, distance_m=distance_m)
    return Fixed(shown.encode(), "text/html", page_headers(locale))
