"""The door: it limits how many requests are inside at a time, and nobody can fill more than half of the places.

Three kinds of places are counted separately: the public's, by address; those of requests whose key or token is not
checked yet, by address; and those of requests with a valid key or token, by holder. The door recognises a recently
valid key, so a flood of invalid ones from the same address (of a proxy, for example) does not keep its holder out. That
decides only where a request is counted: each key and token is still looked up for each request.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import Counter, OrderedDict, deque
from math import inf
from time import monotonic

from api.identity.budget import network
from geo.errors import Unavailable
from geo.processes.admission_queue import WAITING_EACH, share

STRANGERS = 400
"""Requests whose key or token is not checked yet, half of them from one address: far more than are let in otherwise.
They are looked up a hundred at a time, and a bad key goes no further. So a good key that has not been seen since the
server started waits only some milliseconds among them."""
STRANGERS_PATIENCE_S, STRANGERS_WAITING = 1.0, 200
"""How long such a request waits for a place, in turn, and how many of one address: a flood of bad keys frees 2,800
places a second, and takes each at once again."""
PATIENCE_S, WAITING = 0.3, 100
"""How long a burst of the public's or of a good key's may wait for a place, and how many requests of one holder: five
desks behind one address that open a page of six questions at once are worked off within 0.1 s."""
FLOOD_S = 1.0
"""A holder of whom a request has waited in vain sends a flood until it has stopped for so long: nobody of it waits,
since waiting costs the event loop more than a refusal."""
WAITING_IN_ALL = 4
"""How many times that of all holders together: with bodies of 100 kB, which are read before, 40 MB."""
KNOWN_AT_MOST = 10_000
"""Keys and tokens that are recognised: some 300 bytes each."""
TOO_MANY = "Too many requests at once; try again."
KEY = "lakana.entry"


class Places:
    """The requests inside, counted by holder.

    One holder has at most half of the places. A holder with no request inside is let in even if all places are taken,
    up to twice as many: two holders who fill all places do not keep a third one out.

    A request may wait for a place, and holds none meanwhile. A place that comes free goes to the holder who has waited
    longest and may have one, so a long line delays its own holder alone. If all places to wait are taken, a request
    that joins a shorter line takes the last place of the longest one. If one has waited in vain, its holder sends no
    burst but a flood, and the next ones are refused at once.

    Parameters
    ----------
    most
        How many places there are.
    patience_s
        How long a request may wait for a place; 0 if none may.
    waiting
        How many requests of one holder may wait.
    flood_s
        How long a holder counts as a flood after the last refusal; 0 if none does.

    """

    def __init__(self, most: int, patience_s: float = 0.0, waiting: int = WAITING, flood_s: float = 0.0) -> None:
        self._most = most
        self._patience_s = patience_s
        self._flood_s = flood_s
        self._waiting_each = waiting
        self._waiting_most = WAITING_IN_ALL * waiting
        # The first holder has waited longest for a place.
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()
        self._waiting_now = 0
        self._in_vain: OrderedDict[str, float] = OrderedDict()
        self._each = share(most)
        self._inside: Counter[str] = Counter()
        self._all = 0

    def has_room(self, holder: str) -> bool:
        """Return whether a holder may come in."""
        own = self._inside[holder]
        return own < self._each and self._all < (2 * self._most if own == 0 else self._most)

    def may_wait(self, holder: str) -> bool:
        """Return whether a holder's request may wait for a place."""
        own = self._length(holder)
        if self._is_flood(holder) or self._patience_s <= 0 or own >= self._waiting_each:
            return False
        return self._waiting_now < self._waiting_most or self._length(self._longest()) > own + 1

    async def take(self, holder: str) -> bool:
        """Take a place, in turn if requests may wait for one; return whether there was one in time."""
        if holder not in self._waiting and self.has_room(holder):
            self.enter(holder)
            return True
        if not self.may_wait(holder):
            return False
        if self._waiting_now >= self._waiting_most:
            longest = self._longest()
            self._drop(longest, self._waiting[longest][-1])
        place = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(holder, deque()).append(place)
        self._waiting_now += 1
        try:
            await asyncio.wait({place}, timeout=self._patience_s)
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave(holder)
            raise
        finally:
            if not place.done():
                self._drop(holder, place)
                self._note_in_vain(holder)
        return not place.cancelled()

    def _is_flood(self, holder: str) -> bool:
        """Return whether a request that finds no room is one of a flood, which goes on with it."""
        if monotonic() - self._in_vain.get(holder, -inf) >= self._flood_s:
            return False
        self._note_in_vain(holder)
        return True

    def _note_in_vain(self, holder: str) -> None:
        self._in_vain[holder] = monotonic()
        self._in_vain.move_to_end(holder)
        if len(self._in_vain) > KNOWN_AT_MOST:
            self._in_vain.popitem(last=False)

    def _length(self, holder: str) -> int:
        return len(self._waiting.get(holder, ()))

    def _longest(self) -> str:
        return max(self._waiting, key=self._length)

    def _drop(self, holder: str, place: asyncio.Future[None]) -> None:
        """Turn a request away that waits."""
        self._waiting[holder].remove(place)
        self._left(holder)
        place.cancel()

    def _left(self, holder: str) -> None:
        self._waiting_now -= 1
        if not self._waiting[holder]:
            del self._waiting[holder]

    def enter(self, holder: str) -> None:
        """Take a place."""
        self._inside[holder] += 1
        self._all += 1

    def leave(self, holder: str) -> None:
        """Give a place back, to the next holder who waits and may have it."""
        self._all -= 1
        self._inside[holder] -= 1
        if not self._inside[holder]:
            del self._inside[holder]
        following = next((each for each in self._waiting if self.has_room(each)), None)
        if following is not None:
            self._waiting.move_to_end(following)
            self.enter(following)
            self._waiting[following].popleft().set_result(None)
            self._left(following)


class Entry:
    """A request's place."""

    __slots__ = ("_address", "_digest", "_door", "_holder", "_is_inside", "_places")

    def __init__(self, door: Door, address: str, shown: bytes | None) -> None:
        self._is_inside = False
        self._door = door
        self._address = address
        self._digest = None if shown is None else door.digest(shown)
        known = None if self._digest is None else door.known.get(self._digest)
        if shown is None:
            self._places, self._holder = door.public, address
        elif known is None:
            self._places, self._holder = door.strangers, address
        else:
            self._places, self._holder = door.holders, known

    def has_room(self) -> bool:
        """Return whether there is a place for it, or it may wait for one."""
        return self._places.has_room(self._holder) or self._places.may_wait(self._holder)

    async def take(self) -> bool:
        """Take the place; return whether there was one."""
        self._is_inside = await self._places.take(self._holder)
        return self._is_inside

    def leave(self) -> None:
        """Give the place back, unless that has been done."""
        if self._is_inside:
            self._is_inside = False
            self._places.leave(self._holder)

    async def is_good(self, holder: str) -> None:
        """Count the request to this holder from now on: its key or token is theirs.

        It may have to wait for one of the holder's places, and holds none meanwhile.

        Raises
        ------
        Unavailable
            If the holder has as many requests inside as they may, and none leaves in time.

        """
        if self._digest is not None:
            self._door.know(self._digest, holder)
        if self._places is self._door.strangers:
            await self._move(self._door.holders, holder)

    async def is_nobodys(self) -> None:
        """Count the request to the public from now on: its session is over; else as :meth:`is_good`."""
        self.is_bad()
        await self._move(self._door.public, self._address)

    async def _move(self, places: Places, holder: str) -> None:
        self.leave()
        self._places, self._holder = places, holder
        if not await self.take():
            raise Unavailable(TOO_MANY)

    def is_bad(self) -> None:
        """Forget the request's key or token: it is not valid."""
        if self._digest is not None:
            self._door.known.pop(self._digest, None)


class Door:
    """The places of all who are inside.

    Parameters
    ----------
    connections
        Database connections of each login: that many requests of each kind may enter, plus those that may wait.

    """

    def __init__(self, connections: int) -> None:
        most = connections * (1 + WAITING_EACH)
        self.public, self.holders = (Places(most, PATIENCE_S, WAITING, FLOOD_S) for _ in range(2))
        self.strangers = Places(max(STRANGERS, most), STRANGERS_PATIENCE_S, STRANGERS_WAITING)
        self.known: OrderedDict[bytes, str] = OrderedDict()
        self._secret = secrets.token_bytes(32)

    def digest(self, shown: bytes) -> bytes:
        """Return what is kept of a key or token: it reveals nothing, and no other process can compare it."""
        return hashlib.blake2b(shown, digest_size=16, key=self._secret).digest()

    def know(self, digest: bytes, holder: str) -> None:
        """Remember whose a key or token was, and forget those longest unused."""
        self.known[digest] = holder
        self.known.move_to_end(digest)
        if len(self.known) > KNOWN_AT_MOST:
            self.known.popitem(last=False)

    def entry(self, client: tuple[str, int] | None, shown: bytes | None) -> Entry:
        """Return the place of a request, by its client's address and what it shows of who asks."""
        return Entry(self, network(client[0] if client else ""), shown)
