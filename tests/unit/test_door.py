"""The door: nobody fills it, and a key that was good is known again among bad ones."""

from __future__ import annotations

import asyncio
import time

import pytest
from prometheus_client import CollectorRegistry
from starlette.responses import PlainTextResponse

from api.http.shedding import Shedding
from api.identity import concurrency as doors
from api.identity.concurrency import TOO_MANY, Door, Places
from geo.errors import Unavailable

ADDRESS, OTHER = ("192.0.2.1", 1), ("192.0.2.2", 1)


def room(entry):
    """Return whether there is a place at once."""
    return entry._places.has_room(entry._holder)


def enter(entry):
    entry._places.enter(entry._holder)
    entry._is_inside = True


def fill(door, client, shown=None, at_most=1_000):
    """Let in as many as may come; the entries."""
    inside: list[doors.Entry] = []
    while len(inside) < at_most and room(entry := door.entry(client, shown)):
        enter(entry)
        inside.append(entry)
    return inside


def test_one_address_has_half_of_the_places_and_two_keep_no_third_out():
    door = Door(8)
    assert len(fill(door, ADDRESS)) == 20
    assert len(fill(door, OTHER)) == 20
    third = fill(door, ("192.0.2.3", 1))
    assert len(third) == 1  # beyond forty, each address gets one place
    assert len([1 for n in range(100) if fill(door, (f"198.51.100.{n}", 1), at_most=1)]) == 39
    for entry in third:
        entry.leave()
    assert len(fill(door, ("192.0.2.4", 1))) == 1


def test_a_place_is_given_back_once():
    """As the answer is ready, and again at the request's end."""
    door = Door(8)
    first, second = (fill(door, ADDRESS, at_most=1)[0] for _ in range(2))
    first.leave()
    first.leave()
    assert door.public._all == 1
    second.leave()
    assert door.public._all == 0


def test_an_answer_that_nobody_takes_holds_no_place():
    """Its first part may have to wait for the client already."""
    door = Door(8)
    held = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(_message):
        held.append(door.public._all)

    async def app(scope, receive, send):
        held.append(door.public._all)
        await PlainTextResponse("done")(scope, receive, send)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "client": ADDRESS}
    asyncio.run(Shedding(app, door, CollectorRegistry())(scope, receive, send))
    assert held == [1, 0, 0]


def test_all_who_leave_are_forgotten():
    door = Door(8)
    for entry in fill(door, ADDRESS):
        entry.leave()
    assert (door.public._all, door.public._inside) == (0, {})
    places = Places(4)
    assert places.has_room("x")
    assert places._inside == {}


def test_bad_keys_of_an_address_keep_out_neither_its_public_nor_a_key_that_was_good():
    door = Door(8)
    good = door.entry(ADDRESS, b"Bearer good")
    enter(good)
    good.is_good("key:good")
    good.leave()
    assert len(fill(door, ADDRESS, b"Bearer bad")) == 200
    assert not room(door.entry(ADDRESS, b"Bearer never seen"))
    assert door.entry(ADDRESS, None).has_room()
    again = door.entry(ADDRESS, b"Bearer good")
    assert again.has_room()
    again.is_bad()  # it was revoked in the meantime
    assert not room(door.entry(ADDRESS, b"Bearer good"))


def test_a_key_that_was_never_seen_passes_among_many_bad_ones_of_its_address():
    """After a restart every key is such a one: a bad one goes as soon as it is looked up."""
    door = Door(8)
    fill(door, ADDRESS, b"Bearer bad", at_most=100)
    cold = door.entry(ADDRESS, b"Bearer cold")
    assert cold.has_room()
    enter(cold)
    cold.is_good("key:cold")
    assert door.entry(ADDRESS, b"Bearer cold")._places is door.holders


def test_it_passes_where_they_take_all_places():
    """Of five keys that were good, three got 503 on their first request after a restart."""

    async def come(door):
        inside = fill(door, ADDRESS, b"Bearer bad")
        cold, flood = door.entry(ADDRESS, b"Bearer cold"), door.entry(ADDRESS, b"Bearer bad")
        assert cold.has_room()
        first = asyncio.create_task(cold.take())
        await asyncio.sleep(0)
        second = asyncio.create_task(flood.take())
        await asyncio.sleep(0)
        inside.pop().leave()
        assert await first
        assert not second.done()
        cold.is_good("key:cold")  # and goes to its own places, so that the next comes in
        assert await second
        for entry in (*inside, cold, flood):
            entry.leave()
        return door.strangers

    strangers = asyncio.run(come(Door(8)))
    assert (strangers._all, strangers._inside, strangers._waiting) == (0, {}, {})


def test_it_waits_for_a_second_and_who_leaves_meanwhile_takes_no_place():
    async def come(places):
        places.enter("x")
        began = time.monotonic()
        assert not await places.take("x")
        assert time.monotonic() - began >= 0.05
        leaving = asyncio.create_task(places.take("x"))
        await asyncio.sleep(0)
        places.leave("x")
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving

    places = Places(1, 0.05)
    asyncio.run(come(places))
    assert (places._all, places._inside, places._waiting) == (0, {}, {})


def test_no_more_wait_than_may():
    async def come(places):
        places.enter("x")
        waiting = [asyncio.create_task(places.take("x")) for _ in range(doors.STRANGERS_WAITING + 1)]
        await asyncio.sleep(0)
        assert not places.may_wait("x")
        assert places.may_wait("another")
        assert await asyncio.gather(*waiting) == [False] * len(waiting)

    asyncio.run(come(Places(1, 0.05)))


def test_a_holder_has_half_of_the_places_by_whatever_address():
    door = Door(8)
    entries = []
    for number in range(20):
        entry = door.entry((f"192.0.2.{number}", 1), b"Bearer good")
        enter(entry)
        entry.is_good("key:good")
        entries.append(entry)
    one_more = door.entry(("192.0.2.99", 1), b"Bearer another key of the same")
    assert one_more.has_room()
    enter(one_more)
    with pytest.raises(Unavailable, match=TOO_MANY):
        one_more.is_good("key:good")
    one_more.leave()
    assert door.strangers._all == 0
    for entry in entries:
        entry.leave()
    assert door.holders._all == 0


def test_what_is_known_again_is_bounded_and_holds_no_key(monkeypatch):
    monkeypatch.setattr(doors, "KNOWN_AT_MOST", 3)
    door = Door(8)
    for number in range(5):
        entry = door.entry(ADDRESS, f"Bearer {number}".encode())
        enter(entry)
        entry.is_good(f"key:{number}")
        entry.leave()
    assert list(door.known.values()) == ["key:2", "key:3", "key:4"]
    assert {len(each) for each in door.known} == {16}
    assert Door(8).digest(b"x") != door.digest(b"x")
