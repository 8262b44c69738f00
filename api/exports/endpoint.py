"""Exports over HTTP: ``GET /exports/services.xlsx?categories=MEDICAL``, and POST with the arguments as JSON."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api import caching
from api.errors import CHALLENGE, INTERNAL, STATUS, told, told_as
from api.exports import arguments, exporting, requested
from api.exports.asking import Asker
from api.exports.exporting import Export
from api.exports.formats import parted
from api.exports.requested import NoSuchExport
from api.exports.tables import Table
from api.graphql.compile import guard, tariff
from api.graphql.compile.compiled_operation import PERSONAL
from api.graphql.compile.document_cache import Operations
from api.graphql.compile.response import Refused, located
from api.identity.concurrency import KEY
from api.identity.visitor import Visitor
from api.languages import page_language
from api.media_types import attachment
from api.metrics import Metrics
from geo.audience import Audience
from geo.errors import BadInput, LakanaError, Unavailable
from geo.processes.admission_queue import AdmissionQueue
from geo.progress import silent
from geo.service import Resources

PATH = "/exports/"
AT_ONCE, PATIENCE_S = 4, 6.0
"""Exports of an audience that are made at a time, two of each holder, and how long a few may wait for their turn."""
BUSY = "Others are exporting; try again."
NO_ROOM = "The file cannot be written now; try again."
LANGUAGE = "language"
PART_BYTES = 262_144
MOST_BODY_BYTES = 100_000
BAD = "BAD_USER_INPUT"


class Exports:
    """Answers ``/exports/{file}``.

    Parameters
    ----------
    operations, resources
        What answers the queries.
    metrics
        Counts the errors.

    """

    def __init__(self, operations: Operations, resources: Resources, metrics: Metrics) -> None:
        self._operations = operations
        self._resources = resources
        self._metrics = metrics
        self._turns = {each: AdmissionQueue(AT_ONCE, PATIENCE_S, BUSY, name="exports") for each in Audience}

    async def answer(self, request: Request) -> Response:
        """Answer a request."""
        try:
            return await self._asked(request, Visitor.of(request))
        except NoSuchExport as error:
            return self._refuse([told(located(error))], 404, 1)
        except Refused as refused:
            Visitor.of(request).account.owe("refused", int(tariff.REFUSED), anew=True)
            return self._refuse(refused.errors, None, 1)
        except LakanaError as error:
            return self._refuse([told(located(error))], told_as(error).status, getattr(error, "retry_after_s", 1))

    async def _asked(self, request: Request, visitor: Visitor) -> Response:
        export = await _read(request, visitor)
        if request.method == "GET" and export.personal():
            error = {"message": PERSONAL, "extensions": {"code": BAD}}
            return self._refuse([error], 405, 1, {"allow": "POST"})
        tag = await self._tag(request, visitor, export)
        if tag is not None and (shown := caching.known(request.headers.get("if-none-match"), [tag])) is not None:
            return _with(Response(status_code=304), caching.headers(shown, caching.EVERYBODY))
        turns, place = self._turns[visitor.caller.audience], request.scope[KEY]
        await turns.take(visitor.turn)
        place.leave()  # an export has a turn of its own, and takes long
        try:
            return await self._made(request, visitor, export, tag)
        finally:
            turns.give_back(visitor.turn)

    async def _tag(self, request: Request, visitor: Visitor, export: Export) -> bytes | None:
        """Return the tag of what the public gets by GET; of others' it is made of the file."""
        if request.method != "GET" or visitor.caller.audience is not Audience.PUBLIC:
            return None
        state, day = await self._resources.public_state.read(), dt.datetime.now(dt.UTC).date().isoformat()
        return caching.tag(state, day, request.scope["path"], request.scope["query_string"], export.locale.name)

    async def _made(self, request: Request, visitor: Visitor, export: Export, tag: bytes | None) -> Response:
        asker = Asker.of(visitor, self._operations, self._resources, export.locale)
        with tempfile.TemporaryDirectory(prefix="lakana-export-") as folder:
            path = Path(folder) / "export"
            try:
                await exporting.write(export, asker, path, silent)
            except OSError as error:
                raise Unavailable(NO_ROOM) from error
            file = path.open("rb")  # stays readable when its name is gone
        size = file.seek(0, 2)
        control = caching.EVERYBODY if tag is not None else caching.OWN
        if request.method != "GET" or asker.momentary:
            headers = [(b"cache-control", caching.NOBODY), caching.VARY]
        else:
            if tag is None:
                tag = caching.tag(visitor.caller.audience, visitor.turn, await asyncio.to_thread(_digest, file))
                if (shown := caching.known(request.headers.get("if-none-match"), [tag])) is not None:
                    file.close()
                    return _with(Response(status_code=304), caching.headers(shown, control))
            headers = caching.headers(tag, control)
        response = StreamingResponse(_parts(file), media_type=None)
        return _with(
            response,
            [
                (b"content-type", export.format.media_type.encode()),
                (b"content-length", str(size).encode()),
                (b"content-disposition", attachment(request.path_params["file"]).encode()),
                (b"content-language", export.locale.name.lower().encode()),
                *headers,
            ],
        )

    def _refuse(
        self,
        errors: list[dict[str, Any]],
        status: int | None,
        retry_after_s: int,
        more: Mapping[str, str] | None = None,
    ) -> Response:
        shown = [{"message": each["message"], "extensions": each["extensions"]} for each in errors]
        for each in shown:
            self._metrics.graphql_errors.labels(each["extensions"]["code"]).inc()
        code = shown[0]["extensions"]["code"]
        status = status or STATUS.get(code, 500 if code == INTERNAL else 400)
        headers = {"cache-control": "no-store", **(more or {})}
        if status in {429, 503}:
            headers["retry-after"] = str(retry_after_s)
        if status == 401:  # noqa: PLR2004
            headers["www-authenticate"] = CHALLENGE
        return Response(orjson.dumps({"errors": shown}), status, headers, "application/json")


async def _read(request: Request, visitor: Visitor) -> Export:
    """Return what is to be exported.

    Raises
    ------
    NoSuchExport
        If there is no such export or format.
    BadInput
        If an argument is not good.

    """
    name, ending = parted(request.path_params["file"])
    pairs = list(request.query_params.multi_items())
    texts = [each for each in pairs if each[0] != LANGUAGE]
    export = requested.from_texts(name, ending, texts, page_language(request, LANGUAGE))
    if request.method != "POST":
        return export
    return replace(export, given={**export.given, **await _body(request, visitor, export.table)})


async def _body(request: Request, visitor: Visitor, table: Table) -> Mapping[str, Any]:
    """Return the arguments that a body gives as JSON; an empty one gives none."""
    body = await request.body()
    if len(body) > MOST_BODY_BYTES:
        raise BadInput("", f"The request is larger than {MOST_BODY_BYTES:,} bytes; ask for less at once.")
    visitor.account.charge(guard.parsing_price(body))
    try:
        given = orjson.loads(body) if body.strip() else {}
    except orjson.JSONDecodeError as error:
        raise BadInput("", f"The request is not JSON: {error.msg} at character {error.pos}.") from None
    if not isinstance(given, dict):
        raise BadInput("", "The request must be a JSON object: the arguments by their names.")
    visitor.account.charge(guard.variables_price(len(body), guard.values_in(given)))
    arguments.check(table, given)
    return given


async def _parts(file: BinaryIO) -> AsyncIterator[bytes]:
    """Yield a file in parts, and close it at the end or where its client leaves."""
    try:
        file.seek(0)
        while part := await asyncio.to_thread(file.read, PART_BYTES):
            yield part
    finally:
        file.close()


def _digest(file: BinaryIO) -> bytes:
    file.seek(0)
    digest = hashlib.blake2b(digest_size=16)
    for part in iter(partial(file.read, PART_BYTES), b""):
        digest.update(part)
    return digest.digest()


def _with(response: Response, headers: list[caching.Header]) -> Response:
    response.raw_headers.extend(headers)
    return response
