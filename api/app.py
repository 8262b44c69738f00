"""The HTTP application: its routes, and the resources that they share."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from copy import copy
from functools import cache, partial
from math import inf
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Scope

from api import caching
from api.background.audit_anchors import anchoring
from api.background.midnight import telling
from api.background.siting_jobs import sitings
from api.background.watch import Watch
from api.desk.routes import DeskRoutes
from api.desk.trial_routes import TrialRoutes
from api.errors import CHALLENGE, code_of, log, log_internal
from api.exports.endpoint import PATH, Exports
from api.graphql.compile.country_size import counting
from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema, sdl
from api.http.documents import Documents
from api.http.endpoint import Endpoint
from api.http.graphql_request import PATHS, names_document
from api.http.observation import Observe, Observer
from api.http.one_pass import OnePass
from api.http.packing import Pack, Packer
from api.http.refusal import refusal
from api.http.shedding import Doorkeeper, Shedding
from api.identity.admission import Admission, Admit
from api.identity.concurrency import Door
from api.identity.sessions import Sessions
from api.imports.jobs import ImportJobs
from api.imports.routes import ImportRoutes
from api.maps.routes import Maps
from api.metrics import Metrics, Operation
from api.nearest.offline import OfflineRoutes
from api.nearest.routes import NearestRoutes
from api.ogc.endpoint import Ogc
from api.pages import errors, views
from api.pages.fixed import Fixed, assets
from api.settings import Settings
from api.signed_in.duplicates import DuplicatesPage
from api.signed_in.mine import OwnPage
from api.signed_in.sign_in import SignInRoutes
from api.signed_in.steward import StewardPage
from api.tiles.endpoint import Tiles
from geo.database.health import AWAY, Part
from geo.database.statements import Job, Statement
from geo.errors import LakanaError, Unauthenticated
from geo.service import Resources

EXPOSED = "etag", "ratelimit", "ratelimit-policy", "retry-after", "www-authenticate", "x-request-id"
"""Headers that a page of another origin may read."""
ALIVE = Job(Statement("SELECT 'ready'", (), {}), ())


def create_app(settings: Settings, owner_url: str) -> Starlette:
    """Build the application for the database at ``owner_url``; nothing is opened before the first request needs it."""
    caching.program()  # before the first request, which it would hold up
    metrics = Metrics()
    connections = settings.part(settings.connections)
    resources = Resources(owner_url, connections, settings.replica_urls())
    operations = Operations(compiled_schema())
    watch = Watch(owner_url, settings.data_dir, settings.certificate)
    metrics.registry.register(Operation(lambda: watch.found))
    endpoint = Endpoint(operations, Documents(resources.gate), resources, metrics)

    import_jobs = ImportJobs(owner_url, settings.data_dir, settings.workers, resources.replicas.settle)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with (
            resources.replicas.running(told_of_replica, log_internal),
            anchoring(owner_url, settings.data_dir, resources.anchor_due),
            telling(owner_url),
            sitings(resources),
            counting(operations.country, resources),
            import_jobs.running(),
            admission.running(),
            watch.running(),
        ):
            yield
        resources.close()

    doorkeeper = Doorkeeper(Door(connections), metrics.registry)
    sessions = Sessions(resources)
    observer, admission = Observer(metrics), Admission(settings, resources.gate, sessions, resources.replicas.choose)
    packer, refused = Packer(resources.packing), partial(_refusal, metrics)
    app = Starlette(
        routes=[
            *_routes(endpoint, operations, resources, metrics),
            *_probes(settings, resources, metrics, watch),
            *ImportRoutes(import_jobs).routes(),
            *NearestRoutes(operations, resources).routes(),
            *DeskRoutes(operations, resources).routes(),
            *TrialRoutes(operations, resources).routes(),
            *SignInRoutes(sessions).routes(),
            *StewardPage(operations, resources).routes(),
            *DuplicatesPage(operations, resources).routes(),
            *OfflineRoutes(operations, resources).routes(),
            *OwnPage(operations, resources).routes(),
        ],
        middleware=[
            Middleware(Shedding, doorkeeper),
            Middleware(Observe, observer),
            *_cors(settings),
            # Inside CORS, so that a page of another origin can read a refusal too.
            Middleware(Admit, admission, refused),
            Middleware(Pack, packer),
        ],
        lifespan=lifespan,
        exception_handlers={errors.NOT_FOUND: errors.missing, errors.NOT_SO: errors.missing},
    )
    app.router.redirect_slashes = False
    app.state.resources, app.state.country = resources, operations.country
    layers = app.build_middleware_stack()
    app.middleware_stack = OnePass(layers, doorkeeper, observer, admission, endpoint, packer, refused)
    return app


def _cors(settings: Settings) -> list[Middleware]:
    if not settings.cors_origins:
        return []
    allowed = Middleware(
        CORSMiddleware,
        allow_origins=list(settings.cors_origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["authorization", "content-type", "x-request-id"],
        expose_headers=EXPOSED,
    )
    return [allowed]


def told_of_replica(number: int, serves: bool) -> None:
    """Log that a replica came into service, or left it."""
    if serves:
        log.info("replica_in_service", replica=number)
    else:
        log.warning("replica_out_of_service", replica=number)


def _refusal(metrics: Metrics, error: LakanaError, scope: Scope) -> Response:
    """Return the response to a refused request: a page for a browser, GraphQL for a program."""
    metrics.graphql_errors.labels(code_of(error)).inc()
    request = HTTPConnection(scope)
    asks_for_page = errors.is_page(scope["path"]) and errors.wants_html(request)
    answer = errors.refused(error, request) if asks_for_page else refusal(error, scope)
    if isinstance(error, Unauthenticated):
        answer.headers["www-authenticate"] = f'{CHALLENGE}, error="invalid_token"'  # RFC 6750, section 3.1
    return answer


def _routes(endpoint: Endpoint, operations: Operations, resources: Resources, metrics: Metrics) -> list[BaseRoute]:
    tiles = Tiles(resources, metrics)

    async def graphql(request: Request) -> Response:
        if request.method == "GET" and not names_document(request.scope["query_string"]) and errors.wants_html(request):
            return await views.graphiql().answer(request)
        return await endpoint(request)

    return [
        *(Route(path, graphql, methods=["GET", "POST"]) for path in sorted(PATHS)),
        Route("/schema.graphql", _schema),
        *Maps(operations, resources).routes(),
        Route(f"{PATH}{{file}}", Exports(operations, resources, metrics).answer, methods=["GET", "POST"]),
        Route("/tiles/style.json", tiles.style),
        Route("/tiles/{layer}.json", tiles.contents),
        Route("/tiles/{layer}/{z}/{x}/{y}.mvt", tiles.tile),
        *Ogc(operations, resources, metrics).routes(),
        *(Route(f"/assets/{path}", each.answer) for path, each in assets().items()),
    ]


def _probes(settings: Settings, resources: Resources, metrics: Metrics, watch: Watch) -> list[BaseRoute]:
    readiness, figures = Lately(partial(_readiness, resources, watch), 0), Lately(partial(_figures, metrics), 0.5)
    token = None if settings.metrics_token is None else f"Bearer {settings.metrics_token.get_secret_value()}".encode()

    async def readyz(_: Request) -> Response:
        return copy(await readiness.get())

    async def told(request: Request) -> Response:
        shown = request.headers.get("authorization", "").encode()
        if token is not None and not hmac.compare_digest(shown, token):
            return PlainTextResponse("show the token of LAKANA_METRICS_TOKEN", 401, {"www-authenticate": CHALLENGE})
        return copy(await figures.get())

    return [Route("/livez", _livez), Route("/readyz", readyz), Route("/metrics", told)]


@cache
def _sdl() -> Fixed:
    return Fixed(sdl().encode(), "text/plain")


async def _schema(request: Request) -> Response:
    return await _sdl().answer(request)


class Lately:
    """A response that anybody may request without a key or a price: it is computed once for all concurrent requests.

    Parameters
    ----------
    find
        Computes the response.
    lately_s
        How many seconds old it may be.

    """

    def __init__(self, find: Callable[[], Coroutine[Any, Any, Response]], lately_s: float) -> None:
        self._find = find
        self._lately_s = lately_s
        self._finding: asyncio.Task[Response] | None = None
        self._found_at = -inf

    async def get(self) -> Response:
        """Return the last response, or wait for the one that is being computed."""
        if self._finding is None or (self._finding.done() and time.monotonic() - self._found_at > self._lately_s):
            self._finding = asyncio.create_task(self._find())
            self._finding.add_done_callback(self._note)
        return await asyncio.shield(self._finding)

    def _note(self, _: asyncio.Task[Response]) -> None:
        self._found_at = time.monotonic()


async def _figures(metrics: Metrics) -> Response:
    return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)


async def _livez(_: Request) -> Response:
    return PlainTextResponse("ok")


async def _readiness(resources: Resources, watch: Watch) -> Response:
    """Return 200, perhaps with what is wrong beside, or 503 and why it cannot serve."""
    about = {each.part: each for each in watch.found.troubles}
    away = about.pop(Part.DATABASE, None)  # whether it answers is asked now
    try:
        # Not the public's pool: a flood there would look like a database that is gone.
        [answer] = await resources.gate.run([ALIVE], "readyz")
    except LakanaError as error:
        answer = error
    if answer != "ready":
        return PlainTextResponse(away.sentence if away else AWAY, 503, {"retry-after": "1"})
    if (reason := await resources.writer.trouble()) is not None:
        return PlainTextResponse(f"the database answers and cannot write: {reason}", 503, {"retry-after": "30"})
    if (stop := next((each for each in about.values() if each.stops), None)) is not None:
        return PlainTextResponse(stop.sentence, 503, {"retry-after": "30"})
    sentences = [each.sentence for each in about.values()]
    return PlainTextResponse(" ".join(["ready, but:", *sentences]) if sentences else "ready")
