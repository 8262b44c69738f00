"""The door: nobody fills it, and a key that was good is known again among bad ones."""

from __future__ import annotations

import asyncio
import time

import pytest
from prometheus_client import CollectorRegistry
from starlette.responses import PlainTextResponse

from api.http.shedding import Doorkeeper, Shedding
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
    asyncio.run(Shedding(app, Doorkeeper(door, CollectorRegistry()))(scope, receive, send))
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
    asyncio.run(good.is_good("key:good"))
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
    asyncio.run(cold.is_good("key:cold"))
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
        await cold.is_good("key:cold")  # and goes to its own places, so that the next comes in
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

    places = Places(1, 0.05, doors.STRANGERS_WAITING)
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

    asyncio.run(come(Places(1, 0.05, doors.STRANGERS_WAITING)))


def test_a_holder_has_half_of_the_places_by_whatever_address():
    door = Door(8)
    entries = []
    for number in range(20):
        entry = door.entry((f"192.0.2.{number}", 1), b"Bearer good")
        enter(entry)
        asyncio.run(entry.is_good("key:good"))
        entries.append(entry)
    one_more = door.entry(("192.0.2.99", 1), b"Bearer another key of the same")
    assert one_more.has_room()
    enter(one_more)
    with pytest.raises(Unavailable, match=TOO_MANY):
        asyncio.run(one_more.is_good("key:good"))
    one_more.leave()
    assert door.strangers._all == 0
    for entry in entries:
        entry.leave()
    assert door.holders._all == 0


async def asked(entry, seconds=0.005):
    """Ask something: return whether there was a place."""
    if not entry.has_room() or not await entry.take():
        return False
    await asyncio.sleep(seconds)
    entry.leave()
    return True


def test_an_office_that_opens_its_desks_at_once_is_worked_off():
    """Five desks of six questions behind one address: 8 of 30 were refused within 90 ms, on an idle server."""

    async def come(door):
        return await asyncio.gather(*(asked(door.entry(ADDRESS, None)) for _ in range(30)))

    door = Door(8)
    assert asyncio.run(come(door)) == [True] * 30
    assert (door.public._all, door.public._inside, door.public._waiting, door.public._waiting_now) == (0, {}, {}, 0)


@pytest.mark.parametrize("is_known", [True, False])
def test_so_is_a_planner_who_asks_much_at_once(is_known):
    """24 at once: 4 were refused, whether or not the door had seen the key before."""

    async def ask(door):
        entry = door.entry(ADDRESS, b"Bearer good")
        assert await entry.take()
        await asyncio.sleep(0)
        await entry.is_good("key:good")
        await asyncio.sleep(0.005)
        entry.leave()

    async def come(door):
        if is_known:
            door.know(door.digest(b"Bearer good"), "key:good")
        await asyncio.gather(*(ask(door) for _ in range(24)))

    door = Door(8)
    asyncio.run(come(door))
    assert (door.holders._all, door.strangers._all, door.holders._waiting) == (0, 0, {})


def test_a_line_delays_its_own_holder_alone():
    """Two who fill all places and wait for more do not get each place again that they give back."""

    async def come(door):
        first, second = fill(door, ADDRESS), fill(door, OTHER)
        lines = [
            asyncio.create_task(door.entry(each, None).take())
            for each in (ADDRESS, OTHER)
            for _ in range(doors.WAITING)
        ]
        await asyncio.sleep(0)
        third = ("192.0.2.3", 1)
        assert await door.entry(third, None).take()  # at once, as long as it has none
        waiting = [asyncio.create_task(door.entry(third, None).take()) for _ in range(5)]
        await asyncio.sleep(0)
        assert not door.entry(ADDRESS, None).has_room()
        for own, other in zip(first[:9], second[:9], strict=True):
            own.leave()
            other.leave()
        await asyncio.sleep(0.01)
        assert [each.done() and each.result() for each in waiting] == [True] * 5
        for each in (*lines, *waiting):
            each.cancel()

    began = time.monotonic()
    asyncio.run(come(Door(8)))
    assert time.monotonic() - began < doors.PATIENCE_S


def test_so_many_wait_in_all_and_a_newcomer_takes_the_place_of_the_longest_line():
    async def come(places):
        for holder in "abcdef":
            places.enter(holder)
        lines = [asyncio.create_task(places.take(holder)) for holder in "abcd" for _ in range(3)]
        await asyncio.sleep(0)
        assert places._waiting_now == 12
        assert not places.may_wait("a")
        late = [asyncio.create_task(places.take(holder)) for holder in "ef"]
        await asyncio.sleep(0)
        assert (places._waiting_now, places.may_wait("e")) == (12, True)
        assert [len(line) for line in places._waiting.values()] == [2, 2, 3, 3, 1, 1]
        assert await asyncio.gather(*lines, *late) == [False] * 14

    places = Places(1, 0.05, 3)
    asyncio.run(come(places))
    assert (places._waiting, places._waiting_now, places._all) == ({}, 0, 6)


def test_nobody_of_a_flood_waits():
    """Waiting costs the event loop more than a refusal, and the refused of a flood are told so at once."""

    async def come(places):
        places.enter("x")
        assert not await places.take("x")  # in vain
        for _ in range(3):
            began = time.monotonic()
            assert not await places.take("x")
            assert time.monotonic() - began < 0.02
            assert places.may_wait("another")
            await asyncio.sleep(0.06)  # goes on, and lasts longer than a pause of it
        await asyncio.sleep(0.11)
        assert places.may_wait("x")

    asyncio.run(come(Places(1, 0.05, 10, 0.1)))


def test_what_is_known_again_is_bounded_and_holds_no_key(monkeypatch):
    monkeypatch.setattr(doors, "KNOWN_AT_MOST", 3)
    door = Door(8)
    for number in range(5):
        entry = door.entry(ADDRESS, f"Bearer {number}".encode())
        enter(entry)
        asyncio.run(entry.is_good(f"key:{number}"))
        entry.leave()
    assert list(door.known.values()) == ["key:2", "key:3", "key:4"]
    assert {len(each) for each in door.known} == {16}
    assert Door(8).digest(b"x") != door.digest(b"x")
