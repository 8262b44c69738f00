"""The pages of maps, each drawn once for all who ask the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from api import caching
from api.compression import coding_of
from api.exports.asking import Asker
from api.identity.budget import MAP_COST, MAPS_A_MINUTE
from api.identity.concurrency import KEY, Entry
from api.identity.visitor import Visitor
from api.languages import page_language
from api.maps import kinds
from api.pages import map_questions
from api.pages.drawn_maps import BUSY, DrawnMap, DrawnMaps
from api.pages.errors import refused
from api.pages.map_choices import Choices, read, refuse_others
from api.pages.map_records import Packed
from geo.audience import Audience
from geo.errors import BadInput, Forbidden, LakanaError
from geo.processes.admission_queue import AdmissionQueue
from maps.kinds import FOR_PLANNERS, TAKES, MapKind

if TYPE_CHECKING:
    from api.graphql.compile.document_cache import Operations
    from geo.service import Resources

DRAWN_S = 10.0
"""How long a process may draw a map: the largest take a second, and the first after a start imports what draws."""
PATIENCE_S = 15.0
"""How long a few callers who open maps together may wait until theirs is drawn; the first after a start takes 3 s, on a
busy machine 8 s: with a patience of 6 s, ten who opened a second map meanwhile were refused."""


WAITING = 20
"""How many may wait until theirs is drawn, ten of them from one holder: who opens ten maps at once is not refused
while all of them are drawn within the patience of a turn."""

Draw = Callable[[str], Awaitable[Packed]]


class Maps:
    """Draws the maps, one at a time for each audience: drawing needs a processor, and the API comes first.

    A map is the same for all who ask the same while nothing public is written, so it is drawn once for an office that
    opens it together, and kept for a minute (:mod:`api.pages.drawn_maps`).
    """

    def __init__(self, operations: Operations, resources: Resources) -> None:
        self._public = partial(map_questions.public, operations, resources)
        self._turns = {
            each: AdmissionQueue(1, PATIENCE_S, BUSY, waiting_each=WAITING, name="maps") for each in Audience
        }
        self._operations = operations
        self._resources = resources
        self._drawn = DrawnMaps()

    def routes(self) -> list[BaseRoute]:
        """Return the route of each kind of map."""
        return [Route(f"/maps/{kind.value}.html", partial(self._shown, kind), methods=["GET"]) for kind in MapKind]

    async def _shown(self, kind: MapKind, request: Request) -> Response:
        """Answer ``/maps/{kind}.html`` with the choices of its address."""
        given = request.query_params
        try:
            refuse_others(kind, given)
            named = {name: given.get(name, "") for name in TAKES[kind]}
            choices = read(kind, named, page_language(request))
        except BadInput as error:
            return refused(error, request)

        async def draw(holder: str) -> Packed:
            answers = await kinds.answers(kind, self._public(holder), choices)
            pool = self._resources.worker_pools.of(Audience.PUBLIC)
            # In a process of its own: nobody else waits while a country's answers are read and its page is made.
            return await pool.run(holder, kinds.page, kind, answers, choices, timeout_s=DRAWN_S)

        if kind in FOR_PLANNERS:
            return await self._own(request, kind, choices)
        return await self._answer(request, (kind, choices), draw)

    async def _own(self, request: Request, kind: MapKind, choices: Choices) -> Response:
        """Answer with a map of a planner's own, which is kept for nobody; its questions are paid beside its price."""
        visitor = Visitor.of(request)
        try:
            if visitor.caller.audience is not Audience.PLANNER:
                raise Forbidden("The map is for planners.")
            turns = self._turns[visitor.caller.audience]
            await turns.take(visitor.turn)
            try:
                visitor.account.charge(MAP_COST)
                asker = Asker.of(visitor, self._operations, self._resources, choices.locale)
                answers = await kinds.answers(kind, replace(self._public(visitor.turn), own=asker.paid), choices)
                pool = self._resources.worker_pools.of(visitor.caller.audience)
                page, csp, _ = await pool.run(visitor.turn, kinds.page, kind, answers, choices, timeout_s=DRAWN_S)
            finally:
                turns.give_back(visitor.turn)
        except LakanaError as error:
            return refused(error, request)
        return HTMLResponse(page, headers={"content-security-policy": csp, "cache-control": "no-store"})

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
            visitor.account.charge_one_of(MAPS_A_MINUTE, MAP_COST)
            with self._drawn.drawing(key):
                return self._drawn.keep(key, DrawnMap(*await draw(visitor.turn)))
        finally:
            turns.give_back(visitor.turn)


def _told(response: Response, headers: list[caching.Header]) -> Response:
    response.raw_headers.extend(headers)
    return response
