"""The page of GraphiQL."""

from __future__ import annotations

from functools import cache

from api.pages.fixed import Fixed
from api.pages.templates import OWN_ONLY, template

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
