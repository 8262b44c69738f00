"""``GET /nearest`` is the form, ``POST /nearest`` the answer.

``POST /nearest/places`` is what a name may mean; ``POST /nearest/wrong-number`` says that a number is wrong;
``POST /nearest.txt`` answers in short messages.
Where a child is, and who, is sent in a body alone: it stands in no address, log or history.
"""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from typing import Any

import segno
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from api.exports.asking import Asker
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from api.identity.sessions import is_own, site
from api.identity.visitor import Visitor
from api.languages import page_language
from api.media_types import JSON, preferred
from api.nearest import questions, texts
from api.nearest.asked import HOURS, OLDEST, PROBLEMS, Asked, Spot, asked_of
from api.nearest.questions import Place
from api.nearest.small_map import PRICE, SmallMap, SmallMaps
from api.nearest.told import SHOWN_LEFT_OUT, Told
from api.nearest.wrong_numbers import Said, note
from api.pages.errors import language, not_answered, refused
from api.pages.fixed import Fixed
from api.pages.templates import SCRIPTED, page, page_headers
from geo.audience import ANYBODY
from geo.errors import BadInput, LakanaError
from geo.service import Resources
from geo.vocabulary import IncidentType, Locale, Sex

PATH, PLACES, WRONG_NUMBER, TEXT = "/nearest", "/nearest/places", "/nearest/wrong-number", "/nearest.txt"
MAP = "/nearest/map.svg"
PLAIN = "text/plain"
LONGEST_URL = 200
"""Letters of an address that is printed with its QR code: as long as a host may make it."""


class NearestRoutes:
    """The routes of the page.

    Parameters
    ----------
    operations, resources
        What answers.

    """

    def __init__(self, operations: Operations, resources: Resources) -> None:
        self._operations = operations
        self._resources = resources
        self._said = Said()
        self._maps = SmallMaps(resources)

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route(PATH, self._form, methods=["GET"]),
            Route(PATH, self._answer, methods=["POST"]),
            Route(PLACES, self._places, methods=["POST"]),
            Route(WRONG_NUMBER, self._wrong_number, methods=["POST"]),
            Route(TEXT, self._text, methods=["POST"]),
            Route(MAP, self._map),
        ]

    async def _form(self, request: Request) -> Response:
        try:
            locale = page_language(request)
        except BadInput as error:
            return refused(error, request)
        session = Visitor.of(request).session
        if session is not None:
            return _told(page("nearest.html", locale, session=session, **_filled(Asked({}), [])), locale)
        return await _form(locale).answer(request)

    async def _answer(self, request: Request) -> Response:
        try:
            locale = page_language(request)
            return await self._answered(request, locale)
        except Refused as error:
            return not_answered(error, request)
        except LakanaError as error:
            return refused(error, request)

    async def _answered(self, request: Request, locale: Locale) -> Response:
        asker, asked, choices = self._asker(request, locale), Asked({}), list[Place]()
        try:
            asked = asked_of(await request.body())
            if asked["map.x"] and (tapped := await self._tapped(asked)) is not None:
                return _told(page("nearest.html", locale, **tapped), locale)
            asked.incident, asked.age  # noqa: B018  what is wrong is said before anything is asked
            spot = asked.spot
            if spot is None:
                choices = await questions.places(asker, asked["place"])
                spot = _meant(asked, choices)
        except BadInput as error:
            session = Visitor.of(request).session
            return _told(page("nearest.html", locale, session=session, **_filled(asked, choices, error)), locale, 400)
        moment = asked.moment() or dt.datetime.now(dt.UTC)
        told = Told(await questions.nearest(asker, spot, asked), moment, locale)
        answer = page(
            "nearest_answer.html",
            locale,
            here=PATH,
            session=Visitor.of(request).session,
            asked=asked,
            spot=spot,
            told=told,
            sources=told.sources,
            shown_left_out=SHOWN_LEFT_OUT,
            address=_address(f"{site(request.scope)}{PATH}"),
        )
        return _told(answer, locale)

    async def _tapped(self, asked: Asked) -> dict[str, Any] | None:
        """Return what the form shows after a tap on its map: the place by its coordinates; ``None`` if it was none."""
        drawn = await self._small_map()
        if drawn is None or (spot := drawn.spot(asked["map.x"], asked["map.y"])) is None:
            return None
        chosen = Asked({**asked.fields, "lat": str(spot.lat), "lon": str(spot.lon), "place": "", "at": ""})
        return _filled(chosen, []) | {"exact_km": max(1, round(drawn.km_a_pixel))}

    async def _small_map(self) -> SmallMap | None:
        # Drawn once for all, in a turn of its own: no visitor's line keeps it from the others.
        return await self._maps.get(Asker(self._operations, self._resources, ANYBODY))

    async def _map(self, request: Request) -> Response:
        try:
            Visitor.of(request).account.charge(PRICE)
            drawn = await self._small_map()
        except Refused as error:
            return not_answered(error, request)
        except LakanaError as error:
            return refused(error, request)
        if drawn is None:
            return Response(status_code=404)
        return await Fixed(drawn.svg, "image/svg+xml").answer(request)

    async def _places(self, request: Request) -> Response:
        locale = language(request)
        try:
            asked = asked_of(await request.body())
            choices = await questions.places(self._asker(request, locale), asked["place"])
        except (LakanaError, Refused):
            choices, asked = [], Asked({})  # it is a help; the form says what is wrong
        return _told(page("nearest_places.html", locale, choices=choices, asked=asked), locale)

    async def _wrong_number(self, request: Request) -> Response:
        try:
            locale = page_language(request)
            asked = asked_of(await request.body())
            if is_own(request.scope):  # a page of another site speaks for none of its visitors
                await note(asked, Visitor.of(request), self._said, self._resources)
        except LakanaError as error:
            return refused(error, request)
        return _told(
            page("nearest_reported.html", locale, here=PATH, session=Visitor.of(request).session, asked=asked), locale
        )

    async def _text(self, request: Request) -> Response:
        try:
            locale = page_language(request)
            place, need = texts.wish_of(await request.body())
            told = await texts.messages(self._asker(request, locale), place, need, locale)
        except Refused as error:
            return not_answered(error, request)
        except LakanaError as error:
            return refused(error, request)
        kept = {"cache-control": "no-store", "content-language": locale.name.lower()}
        if preferred(request.headers.get("accept"), (PLAIN, JSON)) == JSON:
            return JSONResponse({"messages": told}, headers=kept)
        return PlainTextResponse("\n\n".join(told), headers=kept)

    def _asker(self, request: Request, locale: Locale) -> Asker:
        return Asker.of(Visitor.of(request), self._operations, self._resources, locale)


def _meant(asked: Asked, choices: list[Place]) -> Spot:
    """Return the one place of exactly this name.

    Raises
    ------
    BadInput
        Where there is none, or several.

    """
    exact = [spot for spot, _, is_exact in choices if is_exact]
    if len(exact) == 1:
        return exact[0]
    kind = "place" if not asked["place"] else "several" if choices else "unknown"
    raise BadInput("place", PROBLEMS[kind])


def _filled(asked: Asked, choices: list[Place], error: BadInput | None = None) -> dict[str, Any]:
    return {
        "here": PATH,
        "asked": asked,
        "choices": choices,
        "problem": error and error.problem,
        "incidents": IncidentType,
        "sexes": Sex,
        "hours": HOURS,
        "oldest": OLDEST,
        "exact_km": None,
    }


@cache
def _form(locale: Locale) -> Fixed:
    shown = page("nearest.html", locale, **_filled(Asked({}), []))
    return Fixed(shown.encode(), "text/html", page_headers(locale, SCRIPTED))


def _told(shown: str, locale: Locale, status: int = 200) -> Response:
    return HTMLResponse(shown, status, {**page_headers(locale, SCRIPTED), "cache-control": "no-store"})


@lru_cache(maxsize=64)
def _address(url: str) -> dict[str, str]:
    """Return the address of the page, which holds nothing that was asked, and its QR code unless it is too long."""
    code = segno.make(url, error="m").svg_inline(scale=3, border=2, omitsize=False) if len(url) <= LONGEST_URL else ""
    return {"url": url[:LONGEST_URL], "code": code}
