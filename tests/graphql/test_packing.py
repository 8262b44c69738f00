"""Answers over a kilobyte are sent compressed to whoever takes it."""

from __future__ import annotations

import asyncio
import gzip

import pytest

from api.compression import LEAST_BYTES, coding_of
from api.http.answer import Answer
from api.http.packing import AT_ONCE_BYTES, Packer
from api.identity.budget import Bill, Ledger
from api.identity.visitor import Visitor
from geo.audience import ANYBODY
from geo.errors import Unavailable
from geo.processes.turn_thread import TurnThread

pytestmark = pytest.mark.database

LONG = {"query": "{ services(first: 50) { edges { node { id category } } } }"}
SHORT = {"query": "{ __typename }"}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0.2, gzip;q=0.9", "gzip"),
        ("*", "br"),
        ("*;q=0.5, br;q=0", "gzip"),
        ("identity", None),
        ("deflate", None),
        ("gzip;q=0", None),
        ("", None),
        ("gzip;q=x, " * 100, None),
        ("\u00e9", None),
    ],
)
def test_the_coding_that_the_client_likes_best(accepted, coding):
    assert coding_of(accepted) == coding
    assert coding_of(accepted.encode("latin-1")) == coding


@pytest.mark.parametrize("coding", ["br", "gzip"])
@pytest.mark.parametrize("origin", [{}, {"origin": "https://front.example"}])
def test_both_ways_through_http_compress(http, coding, origin):
    """In the one pass, and by the layers."""
    plain = http("POST", "/graphql", json=LONG, headers={"accept-encoding": "identity", **origin})
    packed = http("POST", "/graphql", json=LONG, headers={"accept-encoding": coding, **origin})
    assert packed.json() == plain.json()
    assert packed.headers["content-encoding"] == coding
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < len(plain.content) / 3
    assert all("Accept-Encoding" in each.headers["vary"] for each in (plain, packed))
    short = http("POST", "/graphql", json=SHORT, headers={"accept-encoding": coding, **origin})
    assert "content-encoding" not in short.headers


@pytest.mark.parametrize("path", ["/maps/overview.html", "/schema.graphql", "/", "/assets/graphiql/graphiql.min.js"])
def test_pages_and_files_are_compressed_with_a_tag_of_their_own(http, path):
    seen = {}
    for coding in ("br", "gzip", "identity"):
        answer = http("GET", path, headers={"accept-encoding": coding}, timeout=60)
        assert answer.headers.get("content-encoding", "identity") == coding
        assert "Accept-Encoding" in answer.headers["vary"]
        seen[coding] = answer.headers["etag"], answer.content
    assert len({content for _, content in seen.values()}) == 1
    tags = [tag for tag, _ in seen.values()]
    assert len(set(tags)) == 3
    for tag in tags:
        again = http("GET", path, headers={"accept-encoding": "br", "if-none-match": tag})
        assert (again.status_code, again.headers["etag"], again.content) == (304, tag, b"")


def test_an_answer_by_get_has_the_tag_of_its_coding(http):
    tags = []
    for coding in ("br", "identity"):
        answer = http("GET", "/graphql", params=LONG, headers={"accept-encoding": coding})
        tags.append(answer.headers["etag"])
        again = http("GET", "/graphql", params=LONG, headers={"accept-encoding": coding, "if-none-match": tags[-1]})
        assert (again.status_code, again.headers["etag"]) == (304, tags[-1])
    assert tags[0] == tags[1].removesuffix('"') + '.br"'


def test_a_picture_is_small_already():
    """So is what has a coding."""
    thread, whose = TurnThread("", "packing"), Visitor(ANYBODY, Bill(Ledger("public", 100).account("a")))

    def packed(*headers, size=5_000):
        answer = Answer(200, [*headers], b"a" * size)
        return asyncio.run(Packer(thread).packed(answer, b"br", whose)) is not answer

    json, picture = (b"content-type", b"application/json"), (b"content-type", b"image/png")
    assert packed(json)
    assert not packed(picture)
    assert not packed()
    assert not packed(json, (b"content-encoding", b"gzip"))
    assert not packed(json, size=LEAST_BYTES)
    thread.close()


def test_a_large_answer_is_compressed_in_a_thread_or_goes_as_it_is():
    class Busy(TurnThread):
        async def run(self, *_):
            raise Unavailable("busy")

    answer = Answer(200, [(b"content-type", b"text/html"), (b"content-length", b"0")], b"a" * (AT_ONCE_BYTES + 1))
    whose = Visitor(ANYBODY, Bill(Ledger("public", 100).account("a")))
    thread, busy = TurnThread("", "packing"), Busy("", "packing")
    packed = asyncio.run(Packer(thread).packed(answer, b"gzip", whose))
    assert gzip.decompress(packed.body) == answer.body
    assert asyncio.run(Packer(busy).packed(answer, b"gzip", whose)).body == answer.body
    assert (
        asyncio.run(Packer(busy).packed(Answer(200, answer.headers, b"a" * AT_ONCE_BYTES), b"gzip", whose)).body
        != answer.body
    )
    thread.close()
    busy.close()
