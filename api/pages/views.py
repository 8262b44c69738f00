"""The pages of GraphiQL and of the maps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from functools import cache
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api import caching
from api.compression import coding_of
from api.identity.budget import MAP_COST
from api.identity.concurrency import KEY, Entry
from api.identity.visitor import Visitor
from api.pages import map_questions, map_records
from api.pages.drawn_maps import BUSY, DrawnMap, DrawnMaps
from api.pages.errors import refused
from api.pages.fixed import Fixed
from api.pages.map_records import Packed, packed
from api.pages.parameters import DEFAULT_CATEGORY, DEFAULT_DISTANCE_M, category_of, page_language
from api.pages.templates import OWN_ONLY, template
from geo.arguments import reach_in_metres
from geo.audience import Audience
from geo.errors import BadInput, LakanaError
from geo.processes.admission_queue import AdmissionQueue
from geo.vocabulary import ServiceCategory

if TYPE_CHECKING:
    from api.graphql.compile.document_cache import Operations
    from geo.service import Resources

# GraphiQL's editor sets style elements of its own; scripts come from our assets only.
GRAPHIQL_POLICY = (
    OWN_ONLY
    + "script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src 'self' data:; connect-src 'self'"
)

DRAWN_S = 10.0
"""How long a process may draw a map: the largest take a second, and the first after a start imports what draws."""
PATIENCE_S = 6.0
"""How long a few callers who open maps together may wait until theirs is drawn; the first after a start takes 3 s."""


Draw = Callable[[str], Awaitable[Packed]]


@cache
def graphiql() -> Fixed:
    """Return the GraphiQL page."""
    headers = {"content-security-policy": GRAPHIQL_POLICY, "vary": "Accept, Accept-Encoding"}
    return Fixed(template("graphiql.html").render().encode(), "text/html", headers)


class Maps:
    """Draws the maps, one at a time for each audience: drawing needs a processor, and the API comes first.

    A map is the same for all who ask the same while nothing public is written, so it is drawn once for an office that
    opens it together, and kept for a minute (:mod:`api.pages.drawn_maps`).
    """

    def __init__(self, operations: Operations, resources: Resources) -> None:
        self._public = map_questions.public(operations, resources)
        self._turns = {each: AdmissionQueue(1, PATIENCE_S, BUSY) for each in Audience}
        self._resources = resources
        self._drawn = DrawnMaps()

    async def overview(self, request: Request) -> Response:
        """Answer ``/maps/overview.html?area=&lang=``."""
        area = request.query_params.get("area")
        try:
            locale = page_language(request)
        except BadInput as error:
            return refused(error, request)

        async def draw(holder: str) -> Packed:
            answers = await map_questions.overview(self._public, area)
            return await self._apart(holder, map_records.draw_overview, answers, locale)

        return await self._answer(request, ("overview", locale, area), draw)

    async def coverage(self, request: Request) -> Response:
        """Answer ``/maps/coverage.html?category=&metres=&area=&lang=``."""
        area = request.query_params.get("area")
        try:
            locale, (category, distance_m) = page_language(request), _reach(request)
        except BadInput as error:
            return refused(error, request)

        async def draw(holder: str) -> Packed:
            answers = await map_questions.coverage(self._public, category, distance_m, locale, area)
            return await self._apart(holder, map_records.draw_coverage, answers, category, distance_m, locale)

        return await self._answer(request, ("coverage", locale, category, distance_m, area), draw)

    async def _apart(self, holder: str, *given: object) -> Packed:
        """Draw in a process of its own: nobody else waits while a country's answers are read and its page is made."""
        return await self._resources.worker_pools.of(Audience.PUBLIC).run(holder, packed, *given, timeout_s=DRAWN_S)

    async def _answer(self, request: Request, asked: Hashable, draw: Draw) -> Response:
        visitor = Visitor.of(request)
        try:
            key = (visitor.caller.audience, asked, await self._resources.public_state.read())
            # Everybody is shown what the public is; but what a key asked for is in no cache that others share.
            is_public = visitor.caller.audience is Audience.PUBLIC
            control, tag = caching.EVERYBODY if is_public else caching.OWN, caching.tag(*map(str, key))
            shown = caching.known(request.headers.get("if-none-match"), [tag])
            if shown is not None:
                return _told(Response(status_code=304), caching.headers(shown, control))
            place: Entry = request.scope[KEY]
            kept = await self._drawn.find(key, visitor.turn, place.leave)
            if kept is None:
                with self._drawn.drawing(key, visitor.turn):
                    kept = await self._draw(key, visitor, draw)
            else:
                visitor.account.charge(kept.price)
        except LakanaError as error:
            return refused(error, request)
        coding = coding_of(request.headers.get("accept-encoding"))
        headers = {"content-security-policy": kept.csp}
        if coding is None:
            return _told(HTMLResponse(kept.html, headers=headers), caching.headers(tag, control))
        page = HTMLResponse(kept.packed[coding], headers={**headers, "content-encoding": coding})
        return _told(page, caching.headers(caching.of_coding(tag, coding), control))

    async def _draw(self, key: Hashable, visitor: Visitor, draw: Draw) -> DrawnMap:
        """Draw a map in its turn, which alone costs a map's price; who gets no turn is charged for none."""
        turns = self._turns[visitor.caller.audience]
        await turns.take(visitor.turn)
        try:
            found = self._drawn.kept(key)
            if found is not None:  # by another holder, meanwhile
                visitor.account.charge(found.price)
                return found
            visitor.account.charge(MAP_COST)
            with self._drawn.drawing(key):
                return self._drawn.keep(key, DrawnMap(*await draw(visitor.turn)))
        finally:
            turns.give_back(visitor.turn)


def _told(response: Response, headers: list[caching.Header]) -> Response:
    response.raw_headers.extend(headers)
    return response


def _reach(request: Request) -> tuple[ServiceCategory, float]:
    category = category_of(request.query_params.get("category", DEFAULT_CATEGORY.name))
    try:
        distance_m = float(request.query_params.get("metres", DEFAULT_DISTANCE_M))
    except ValueError:
        raise BadInput("metres", "give a number of metres.") from None
    reach_in_metres("metres", distance_m)
    return category, distance_m
