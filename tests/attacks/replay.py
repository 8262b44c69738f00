"""The same questions in two worlds: what differs between the answers is what the worlds' difference leaks through."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field

import httpx
import orjson
from graphql import get_named_type

from api.graphql.compile.reserved import reserved_for
from api.graphql.schema import compiled_schema
from geo.audience import Audience
from tests.attacks.arguments import Values
from tests.attacks.client import WITHOUT_CUSTODIAN, Client, Request, got
from tests.attacks.exports import export_requests, opened
from tests.attacks.operations import codes, successes, surfaces
from tests.attacks.routes import figures, route_requests
from tests.attacks.size import SIZE

DONE = frozenset(each.encode() for each in successes(compiled_schema()))
REFUSALS = {"FORBIDDEN", "UNAUTHENTICATED"}
LONGEST_URL = 65_536
"""What httpx sends; the server takes less."""
View = Callable[[Request, httpx.Response], bytes]

# Headers that differ between two requests of the same world, each with its reason. All others must be the same.
VOLATILE_HEADERS = {
    "ratelimit": "what is left of a budget hangs on the second of the minute",
    "ratelimit-policy": "goes with it",
    "date": "a clock's",
}


@dataclass
class Replay:
    """What came of a replay."""

    requests: int = 0
    compared_bytes: int = 0
    written: int = 0
    """Writes that succeeded."""
    answered: set[str] = field(default_factory=set)
    """The root fields and arguments that got an answer without an error."""
    asked: set[str] = field(default_factory=set)
    """The root fields and arguments that were requested."""
    differences: list[str] = field(default_factory=list)


def plan(scout: Client, audience: Audience, values: Values) -> list[Request]:
    """Return everything that the schema and the routes let an audience ask; the scout finds out by asking."""
    requests = operations(scout, audience, values, "query")
    for each in requests[::7]:  # some by GET as well
        asked = orjson.loads(each.content)
        by_get = got(asked["query"], asked["variables"])
        if len(by_get.path) < LONGEST_URL:
            requests.append(by_get)
    return [*requests, *export_requests(values, audience), *route_requests(scout)]


def operations(
    scout: Client, audience: Audience, values: Values, kind: str, names: Container[str] | None = None
) -> list[Request]:
    """Return every operation of a kind, or those of the root fields named.

    A small round looks deep below a type once, as ``nodes`` gives the records of ``node``; and below what the public may
    ask, as the public. Of the arguments that the public may give, each other audience gives its share.
    """
    found: list[Request] = []
    seen: set[str] = set()
    for surface in surfaces(compiled_schema()):
        if surface.kind == kind and (names is None or surface.name in names):
            below = get_named_type(surface.field.type).name
            as_public = audience is not Audience.PUBLIC and not reserved_for(surface.field)
            asked_before = below in seen or as_public
            asked = surface.requests(
                lambda each: scout.answer(each, audience),
                values,
                shallow=asked_before and not SIZE.chunks,
                turn=WITHOUT_CUSTODIAN.index(audience),
                shares=len(WITHOUT_CUSTODIAN) - 1 if as_public and not SIZE.chunks else 1,
            )
            found += (request for request, _ in asked)
            if not asked_before:
                seen.add(below)
    return found


def learn(scout: Client, values: Values, audience: Audience = Audience.PUBLIC) -> None:
    """Take in the ids, codes, names and cursors that the answers to an audience's questions hold."""
    for surface in surfaces(compiled_schema()):
        if surface.kind == "query":
            asked = surface.requests(
                lambda each: scout.answer(each, audience), values, shallow=True, alone=not SIZE.chunks
            )
            for _, answer in asked:
                told = orjson.loads(answer.content)
                values.learn(told)
                # Learn the root's type as well, which the requested part may not name.
                root = (told.get("data") or {}).get(surface.name)
                values.learn(root, get_named_type(surface.field.type).name)


def visible(request: Request, response: httpx.Response) -> bytes:
    """Return all of a response that a client can tell from another."""
    body = figures(response.content) if request.path == "/metrics" else opened(response.content)
    headers = sorted((name, value) for name, value in response.headers.items() if name not in VOLATILE_HEADERS)
    if request.path == "/metrics":
        headers = [each for each in headers if each[0] != "content-length"]
    return orjson.dumps([response.status_code, headers]) + body


class Written:
    """Gives what is visible of an answer after writes, in which ids, moments and hashes are new in each world.

    A new id is told by the order in which it was first seen; that a moment or a hash stands there is kept.
    """

    def __init__(self, known: str) -> None:
        self._known = known
        self._new: dict[bytes, bytes] = {}

    def __call__(self, request: Request, response: httpx.Response) -> bytes:
        """Return the visible part of a response."""
        here = NEW_ID.sub(self._order, LENGTH.sub(b"", visible(request, response)))
        here = SECRET.sub(b"a secret", SUBJECT.sub(b"somebody", here))
        return HASH.sub(b"a hash", MOMENT.sub(b"a moment", CURSOR.sub(b"a cursor", here)))

    def _order(self, found: re.Match[bytes]) -> bytes:
        if found[0].decode() in self._known:
            return found[0]
        return self._new.setdefault(found[0], b"new %d" % len(self._new))


LENGTH = re.compile(rb'\["content-length","\d+"\],')
"""The length varies because a moment is printed without trailing zeros."""
NEW_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT = re.compile(rb"20\d\d-\d\d-\d\dT[0-9:.]+(?:Z|\+00:00)?")
HASH = re.compile(rb"\b[0-9a-f]{64}\b")
SECRET = re.compile(rb'(?<="secret":")[A-Za-z0-9_-]{43}')
SUBJECT = re.compile(rb"(?<=lakana )[0-9a-f]{12}")
CURSOR = re.compile(rb'(?<="cursor":")[^"]+|(?<="endCursor":")[^"]+|(?<="startCursor":")[^"]+')


def replay(
    one: Client,
    other: Client,
    audience: Audience,
    requests: Iterable[Request],
    *,
    at_most: int | None = None,
    views: tuple[View, View] = (visible, visible),
) -> Replay:
    """Ask the same in two worlds and compare byte for byte.

    ``at_most`` is the number of differences after which nothing more is asked; ``views`` give what is compared.
    """
    found = Replay()
    for request in requests:
        answer = one.answer(request, audience)
        twin = other.send(request, audience)
        _compare(found, request, views[0](request, answer), views[1](request, twin))
        found.written += any(each in answer.content for each in DONE)
        if request.path == "/graphql" and request.method == "POST" and request.content:
            _note(found, request, answer)
        if at_most is not None and len(found.differences) >= at_most:
            break
    return found


def _compare(found: Replay, request: Request, here: bytes, there: bytes) -> None:
    found.requests += 1
    found.compared_bytes += len(here)
    if here != there:
        at = next((i for i, pair in enumerate(zip(here, there, strict=False)) if pair[0] != pair[1]), -1)
        around = slice(max(at - 100, 0), at + 100)
        found.differences.append(f"{request}\n  {here[around]!r}\n  {there[around]!r}")


def _note(found: Replay, request: Request, answer: httpx.Response) -> None:
    asked = orjson.loads(request.content)
    name = asked["query"].split("{")[1].split("(")[0].strip()
    given = {name, *(f"{name}({argument})" for argument, value in asked["variables"].items() if value is not None)}
    said = codes(answer)
    if not said & REFUSALS:  # if this audience is refused, another one must get the answer
        found.asked |= given
    if not said:
        found.answered |= given
