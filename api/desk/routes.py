"""``GET /`` is the desk as its address says; ``GET /desk/areas`` what a name may mean.

An address without a choice shows the country. What is wrong with a choice is said in the page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api import caching
from api.desk import questions
from api.desk.choices import PROBLEMS, WITHIN, Choices, beside_of, choices_of
from api.desk.downloads import downloads
from api.desk.ground import Grounds
from api.desk.questions import Area, Ground
from api.desk.told import Told
from api.exports.asking import Asker
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused
from api.identity.visitor import Visitor
from api.languages import page_language
from api.pages.errors import language, not_answered, refused
from api.pages.templates import SCRIPTED, page, page_headers
from geo.audience import Audience
from geo.errors import BadInput, LakanaError
from geo.service import Resources
from geo.vocabulary import IncidentType, Locale, Season, ServiceCategory, Stage, TravelMode
from maps.palette import SHARE_BOUNDS, SHARES

PATH, AREAS, GROUND = "/", "/desk/areas", "/desk/ground.json"
BAD = "BAD_USER_INPUT"
QUESTIONS = {PROBLEMS[each] for each in ("nation", "none", "places")}
"""What is no mistake of whoever asks."""
TRIAL_WORDS = {
    "site": "Site",
    "added": "new",
    "closed": "closed",
    "moved": "moved",
    "remove": "Remove",
    "close": "Close",
    "move": "Move",
    "where": "Click on the map where it should stand.",
    "failed": "This cannot be done now; try again.",
}
"""What the script says of sites that are tried."""
NOT_KEPT = [(b"cache-control", caching.NOBODY), caching.VARY]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of the desk shows, as far as it is known: what was chosen, from what, and the answer."""

    choices: Choices
    ground: Ground | None = None
    told: Told | None = None
    other: Told | None = None
    problem: str | None = None
    matches: Sequence[Area] = ()
    place: str = ""


class DeskRoutes:
    """The routes of the desk.

    Parameters
    ----------
    operations, resources
        What answers.

    """

    def __init__(self, operations: Operations, resources: Resources) -> None:
        self._operations = operations
        self._resources = resources
        self._grounds = Grounds()

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route(PATH, self._desk, methods=["GET"]),
            Route(AREAS, self._areas, methods=["GET"]),
            Route(GROUND, self._ground, methods=["GET"]),
        ]

    async def _desk(self, request: Request) -> Response:
        try:
            locale = page_language(request)
            return await self._answered(request, locale)
        except Refused as error:
            return not_answered(error, request)
        except LakanaError as error:
            return refused(error, request)

    async def _answered(self, request: Request, locale: Locale) -> Response:
        headers = await self._kept(request, locale)
        if (told := _unchanged(request, headers)) is not None:
            return told
        asker, given = self._asker(request, locale), request.query_params
        shown, visitor = await _shown(asker, given, locale), Visitor.of(request)
        if isinstance(shown, Choices):
            more = {name: given.get(name) for name in ("lang", "beside")}
            return RedirectResponse(f"{PATH}?{shown.query(**more)}", 303)
        made = await asker.beside(lambda: _page(shown, locale, visitor))  # a table may have thousands of areas
        return _with(made, headers if shown.told else NOT_KEPT)

    async def _kept(self, request: Request, locale: Locale) -> list[caching.Header]:
        """Return how long a page may be kept: the public's while what it reads is the same, each time asked again."""
        state = await self._state(request)
        if state is None:
            return NOT_KEPT
        query: bytes = request.scope["query_string"]
        tag = caching.tag(request.url.path, state, query, locale.name)
        return caching.headers(tag, caching.OWN)

    async def _state(self, request: Request) -> str | None:
        """Return what the public's answers hang on, the data and the day; ``None`` for others."""
        if Visitor.of(request).caller.audience is not Audience.PUBLIC:
            return None
        return f"{await self._resources.public_state.read()} {dt.datetime.now(dt.UTC).date().isoformat()}"

    async def _areas(self, request: Request) -> Response:
        """Return the areas that a name may mean, to be chosen from: a help beside the form, which works without it."""
        place, locale = request.query_params.get("place", "").strip(), language(request)
        matches: Sequence[Area] | None
        try:
            matches, _ = await questions.areas_named(self._asker(request, locale), place)
        except (LakanaError, Refused):
            matches = None
        shown = page("desk_areas.html", locale, matches=matches, place=place, area=None)
        return _with(HTMLResponse(shown), NOT_KEPT)

    async def _ground(self, request: Request) -> Response:
        """Return what the map is drawn on as JSON."""
        try:
            locale = page_language(request)
            headers = await self._kept(request, locale)
            if (told := _unchanged(request, headers)) is not None:
                return told
            choices, state = choices_of(request.query_params), await self._state(request)
            body = await self._grounds.ground(self._asker(request, locale), choices, state)
        except Refused as error:
            is_bad = error.errors[0]["extensions"]["code"] == BAD
            return refused(BadInput("area", PROBLEMS["area"]), request) if is_bad else not_answered(error, request)
        except LakanaError as error:
            return refused(error, request)
        return _with(Response(body, media_type="application/json"), headers)

    def _asker(self, request: Request, locale: Locale) -> Asker:
        return Asker.of(Visitor.of(request), self._operations, self._resources, locale)


async def _shown(asker: Asker, given: QueryParams, locale: Locale) -> Shown | Choices:
    """Return what a page shows, or the choices that it should have had in its address."""
    try:
        choices, beside = choices_of(given), beside_of(given)
        found = await questions.ground(asker, choices)
    except BadInput as error:
        return Shown(Choices(), await questions.ground(asker, Choices()), problem=error.problem)
    choices = questions.settled(choices, found)
    place, edition = given.get("place", "").strip(), given.get("edition")
    if place and given.get("for") != place:
        return await _placed(asker, place, choices, found)
    if found.area is None:
        return Shown(choices, found, problem=PROBLEMS["nation" if found.nations else "none"])
    code = await _in_edition(asker, edition, found)
    if code != choices.area:
        return replace(choices, area=code)
    try:
        told = Told(await questions.answer(asker, choices), choices, locale)
        other = Told(await questions.answer(asker, beside), beside, locale) if beside else None
        return Shown(choices, found, told, other)
    except Refused as error:
        if error.errors[0]["extensions"]["code"] != BAD:
            raise
        return Shown(choices, found, problem=PROBLEMS["within"])


async def _placed(asker: Asker, place: str, choices: Choices, found: Ground) -> Shown | Choices:
    """Return the choices with the one area of exactly this name, or the page that asks which is meant."""
    matches, meant = await questions.areas_named(asker, place, found.area)
    if meant is not None:
        return replace(choices, area=str(meant["areaCode"]), level=None)
    problem = PROBLEMS["places" if matches else "place"]
    return Shown(choices, found, problem=problem, matches=matches, place=place)


async def _in_edition(asker: Asker, edition: str | None, found: Ground) -> str:
    """Return the code of the area in the edition that was chosen, or its own where none was."""
    assert found.area is not None  # noqa: S101  it was looked for before
    wanted = next((each for each in found.editions if each["areaCode"] == edition), None)
    return str(found.area["areaCode"]) if wanted is None else await questions.in_edition(asker, found.area, wanted)


def _page(shown: Shown, locale: Locale, visitor: Visitor) -> Response:
    choices, told = shown.choices, shown.told
    lang, beside = locale.name.lower(), shown.other.choices.query() if shown.other else None
    given: Mapping[str, Any] = {
        "choices": choices,
        "ground": shown.ground,
        "told": told,
        "sources": told.coverage["sources"] if told else [],
        "problem": shown.problem,
        "matches": shown.matches,
        "place": shown.place,
        "area": shown.ground.area if shown.ground else None,
        "other": shown.other,
        "beside": beside,
        "address": f"{PATH}?{choices.query(lang=lang, beside=beside)}",
        "trial_words": TRIAL_WORDS,
        "token": visitor.session.form_token if visitor.session else "",
        "needs_key": visitor.caller.audience is not Audience.PLANNER,
        "ground_address": f"{GROUND}?{_ground_of(choices, shown.ground).query()}",
        "classes": list(zip((0, *SHARE_BOUNDS), (*SHARE_BOUNDS, 100), SHARES, strict=True)),
        "downloads": downloads(choices, shown.ground.nation if shown.ground else None, locale),
        "document": questions.DESK.strip(),
        "variables": orjson.dumps(choices.variables(), option=orjson.OPT_INDENT_2).decode(),
        "categories": ServiceCategory,
        "stages": Stage,
        "incidents": IncidentType,
        "modes": TravelMode,
        "seasons": Season,
    }
    is_refused = shown.told is None and shown.problem not in QUESTIONS
    headers = {name: each for name, each in page_headers(locale, SCRIPTED).items() if name != "vary"}
    return HTMLResponse(
        page("desk.html", locale, session=visitor.session, **given), 400 if is_refused else 200, headers
    )


def _ground_of(choices: Choices, found: Ground | None) -> Choices:
    """Return the choices that the ground of the map hangs on; the level is named, as its price hangs on it."""
    next_level = next(iter(found.levels), None) if found else None
    return replace(choices, within=WITHIN, by=None, level=choices.level or next_level)


def _unchanged(request: Request, headers: list[caching.Header]) -> Response | None:
    """Return the response to a client that has an answer with this tag already."""
    tags = [value for name, value in headers if name == b"etag"]
    known = caching.known(request.headers.get("if-none-match"), tags)
    return None if known is None else _with(Response(status_code=304), caching.headers(known, caching.OWN))


def _with(response: Response, headers: list[caching.Header]) -> Response:
    response.raw_headers.extend(headers)
    return response
