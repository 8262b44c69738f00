"""Forms that pages send: their fields, and that they come from a page of whoever is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.identity.visitor import Visitor
from api.pages.errors import refused
from geo.errors import BadInput, LakanaError, Unauthenticated
from geo.vocabulary import Locale

SIGN_IN = "/signin"
MOST_BYTES, MOST_FIELDS = 10_000, 40
"""A form that people fill in has a tenth of it."""


async def fields_of(request: Request) -> Mapping[str, str]:
    """Return the fields of a form that was sent, without blanks around; of several of one name the last.

    Raises
    ------
    BadInput
        If it is no form, or larger than what people fill in.

    """
    body = await request.body()
    try:
        pairs = parse_qsl(body.decode(), max_num_fields=MOST_FIELDS) if len(body) <= MOST_BYTES else None
    except ValueError:
        pairs = None
    if pairs is None:
        raise BadInput("", "send the fields of the form.")
    return {name: value.strip() for name, value in pairs}


async def own_fields_of(request: Request) -> Mapping[str, str]:
    """Return the fields of a form from a page of whoever is signed in.

    Raises
    ------
    Unauthenticated
        If nobody is signed in.
    Forbidden
        If it is from no page of this session.
    BadInput
        As :func:`fields_of`.

    """
    session = Visitor.of(request).session
    if session is None:
        raise Unauthenticated("Sign in first.")
    fields = await fields_of(request)
    session.check(fields.get("csrf", ""))
    return fields


def to(path: str, locale: Locale) -> Response:
    """Return the answer that leads a browser to another page, which it gets."""
    return RedirectResponse(f"{path}?lang={locale.name.lower()}", 303, {"cache-control": "no-store"})


def stopped(error: LakanaError, request: Request, locale: Locale) -> Response:
    """Return the answer to what may not be: the way to the sign-in for whoever is not signed in, else why not."""
    return to(SIGN_IN, locale) if isinstance(error, Unauthenticated) else refused(error, request)
