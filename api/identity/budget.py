"""The cost that a caller may use up in a minute: an account for each holder of a key and each public address.

We measured the library ``limits`` and do not use it: its in-memory storage scans every account up to a hundred times a
second, in a thread of its own, to find those that have expired. With 100,000 addresses, which one IPv6 network can
have, that takes half a processor. Here every window is equally long, so the oldest account expires first.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import lru_cache

from api.graphql.compile.tariff import POINT_MS, WORKER_POINT_MS
from geo.audience import Audience
from geo.bounded_cache import BoundedCache
from geo.errors import RateLimited
from geo.metering import Meter, nobody

WINDOW_S = 60
ACCOUNTS_AT_MOST = 100_000
THE_CROWD = "the crowd"
"""The account that all further holders share once there are ``ACCOUNTS_AT_MOST``: it bounds an attack's memory."""

COST_PER_MINUTE = {
    Audience.PUBLIC: 20_000,
    Audience.PARTNER: 100_000,
    Audience.PLANNER: 300_000,
    Audience.CUSTODIAN: 100_000,
    Audience.STEWARD: 300_000,
}
REQUEST_COST = 1
"""The cost of any request, even a refused one; an operation costs its price in addition."""
MAP_COST = 1_900
"""The extra cost of a map: roughly that of its queries (coverage 2,100; hotspots 1,600; the overview 4,200, as lists
are priced by their limits). Ten maps a minute are within the public's budget, with what they take besides (3 each on
the seeds): who looks at ten in a row is not refused, however busy the machine is. Charged wholly by the clock as other
answers are, a map was 1,900 on a quiet machine and 7,600 on a busy one, where the third was refused. What ten maps
leave of a quota they can use up by the clock. What keeps maps from taking all besides is that one is drawn at a time,
that holders take turns, and that each of their statements ends by the public's timeout. Drawing one takes a tenth of a
second of a processor."""
MAPS_A_MINUTE = 10
BESIDES = 60
"""Points that are left for what a map takes beside its price: its request, the bytes of one that is kept, and the
reading of its documents, which is owed once for each holder."""

AT_MOST_TIMES = 4
"""A request is charged at most this many times its price, however long it took: rounded down to 1, 2 or 4 times."""
OWED_STEPS = 20
"""Debt counts in steps of a twentieth of the quota; for the public, that is 0.1 s of a processor."""
DONE_AT_MOST = 15_000
"""So many points of a holder's work are known to be owed already: the documents among it fill 33 MB of the 48 of their
cache. With more than it holds, documents that put each other out would be read again and again for nothing."""

Clock = Callable[[], float]


class Account:
    """The budget of a minute that began with its holder's first request.

    ``spent`` is the sum of the prices; the headers report it. ``owed`` is what answers took beyond their prices, and
    the work that a holder causes once (:meth:`owe`). It is published nowhere and counts in whole steps only, so that
    nobody can infer from it how long the database worked. ``done`` is that work, by its cost.
    ``holder`` is whose it is. What other processes charge comes in by :meth:`learn`.
    """

    __slots__ = ("_said", "done", "ends_at", "holder", "ledger", "owed", "spent")

    def __init__(self, ledger: Ledger, ends_at: float, owed: int = 0, holder: str = "") -> None:
        self.ledger = ledger
        self.holder = holder
        self.ends_at = ends_at
        self.spent = 0
        self.owed = owed
        self.done: BoundedCache[int, int] | None = None
        self._said = 0, owed

    def add(self, spent: int = 0, owed: int = 0) -> None:
        """Add to what is spent, or to what is owed."""
        self.spent += spent
        self.owed += owed
        self.ledger.noted(self)

    @property
    def unsaid(self) -> tuple[int, int]:
        """What was spent and owed in this process since the others learnt of it last."""
        return self.spent - self._said[0], self.owed - self._said[1]

    def learn(self, sent: tuple[int, int], told: tuple[int, int], left_s: float) -> None:
        """Learn what is spent and owed in all processes.

        Parameters
        ----------
        sent
            What was spent and owed here when it was asked.
        told
            What is spent and owed in all.
        left_s
            Seconds until the window ends.

        """
        self.spent, self.owed = told[0] + self.spent - sent[0], told[1] + self.owed - sent[1]
        self._said = told
        self.ends_at = self.ledger.clock() + left_s

    def divide(self, parts: int) -> None:
        """Go on alone: with one part of what is spent and owed, which the others have not been told."""
        self.spent, self.owed = math.ceil(self.spent / parts), math.ceil(self.owed / parts)
        self._said = 0, 0

    def charge(self, cost: int, later: int = 0) -> None:
        """Charge a cost, up to the last unit of the quota; a refused cost is not charged.

        Parameters
        ----------
        cost
            What is charged.
        later
            What will be owed for it (:meth:`owe`), and must be left as well.

        Raises
        ------
        RateLimited
            Where less is left, with the seconds until the window ends.

        """
        cost = max(cost, 0)
        whole, left = cost + max(later, 0), self.left
        if whole > left:
            raise RateLimited(
                f"This request costs {whole:,}, and {left:,} of {self.ledger.quota:,} a minute are left. "
                f"Ask again in {self.seconds} s, or for less at once.",
                self.seconds,
            )
        step = max(1, self.ledger.quota // OWED_STEPS)
        if whole > left - self.owed // step * step:
            raise RateLimited(
                f"Your answers this minute took more work than their prices, and that is charged too: too little of "
                f"{self.ledger.quota:,} a minute is left. Ask again in {self.seconds} s, or for less at once.",
                self.seconds,
            )
        self.add(cost)

    def unpaid(self, work: Hashable, cost: int) -> int:
        """Return what :meth:`owe` would add: the cost of a piece of work or, if it is owed already, nothing."""
        return 0 if self.done is not None and self.done.get(hash(work)) else cost

    def owe(self, work: Hashable, cost: int, *, anew: bool = False) -> int:
        """Owe the cost of a piece of work, once a minute; return what is added. Nothing is refused.

        It hangs on what this holder asked for alone, and never on whether the work has been done for others already:
        that would tell what others ask for. Work that is done ``anew``, since too much was kept, is owed again.
        """
        added = cost if anew else self.unpaid(work, cost)
        if added > 0:
            if self.done is None:
                self.done = BoundedCache(DONE_AT_MOST)
            self.done.put(hash(work), added, added)
            self.add(owed=added)
        return added

    @property
    def quota(self) -> int:
        """What its holder may use up in a minute."""
        return self.ledger.quota

    @property
    def left(self) -> int:
        """What is left of the quota."""
        return max(0, self.ledger.quota - self.spent)

    @property
    def overdrawn(self) -> int:
        """What was charged beyond the whole quota; it is carried over into the next minute."""
        return max(0, self.spent + self.owed - self.ledger.quota)

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the policy and what is left, as in draft-ietf-httpapi-ratelimit-headers (08 to 11)."""
        return [
            (b"ratelimit-policy", self.ledger.policy),
            (b"ratelimit", f'"{self.ledger.name}";r={self.left};t={self.seconds}'.encode()),
        ]

    @property
    def seconds(self) -> int:
        """Seconds until the window ends, rounded up."""
        return max(1, math.ceil(self.ends_at - self.ledger.clock()))


class Bill:
    """What one request is charged: its price before, and what it took beyond that afterwards.

    Parameters
    ----------
    account
        The account that is charged.

    """

    __slots__ = ("account", "meter", "price", "spare", "taken")

    def __init__(self, account: Account) -> None:
        self.account = account
        self.meter = Meter(self._settle, self.owe)
        self.price = self.taken = 0
        self.spare: int | None = None

    def charge_one_of(self, times: int, cost: int) -> None:
        """Charge a price that so many times fit into a minute, however long each takes.

        What they take beyond it is owed from what these leave of the quota, and no more: for work that is bounded by
        turns of its own as well.

        Raises
        ------
        RateLimited
            Where less is left.

        """
        self.spare = self.account.quota - times * (cost + BESIDES)
        self.charge(cost)

    def charge(self, cost: int) -> None:
        """Charge a price.

        Raises
        ------
        RateLimited
            Where less is left.

        """
        self.account.charge(cost)
        self.price += cost

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return the headers of the account: the policy and what is left."""
        return self.account.headers()

    def owe(self, work: Hashable, cost: int, *, anew: bool = False) -> None:
        """Owe the cost of a piece of work, once for each holder (:meth:`Account.owe`)."""
        self.price += self.account.owe(work, cost, anew=anew)

    def read(self, document: Hashable, cost: int) -> None:
        """Owe the reading of a document, once for each holder.

        Raises
        ------
        RateLimited
            Where less is left than it costs.

        """
        self.account.charge(0, self.account.unpaid(document, cost))
        self.owe(document, cost)

    def _settle(self, meter: Meter) -> None:
        points = (meter.database_s + meter.processor_s) * 1_000 / POINT_MS + meter.worker_s * 1_000 / WORKER_POINT_MS
        due = beyond(self.price, points)
        if due > self.taken:
            added = due - self.taken
            if self.spare is not None:
                added = min(added, max(0, self.spare - self.account.owed))
            self.account.add(owed=added)
            self.taken = due


def beyond(price: int, points: float) -> int:
    """Return the charge afterwards for a request that took so many points: nothing, or once or three times its price.

    Examples
    --------
    >>> [beyond(10, points) for points in (0, 19.9, 20, 39.9, 40, 1_000_000)]
    [0, 0, 10, 10, 30, 30]

    """
    times = points / max(price, 1)
    return price * (0 if times < 2 else 1 if times < AT_MOST_TIMES else AT_MOST_TIMES - 1)  # noqa: PLR2004  doubled


class Ledger:
    """The accounts of one kind of holder.

    Parameters
    ----------
    name
        What the headers call the policy.
    quota
        Cost that a holder may use up in a window.
    clock
        Returns the time in seconds; for tests.

    Examples
    --------
    >>> ledger = Ledger("public", 10, clock=lambda: 0.0)
    >>> ledger.account("192.0.2.1").charge(10)
    >>> ledger.account("192.0.2.1").charge(1)
    Traceback (most recent call last):
    geo.errors.RateLimited: This request costs 1, and 0 of 10 a minute are left. Ask again in 60 s, or for less at once.
    >>> ledger.account("192.0.2.2").headers()[1]
    (b'ratelimit', b'"public";r=10;t=60')

    """

    def __init__(self, name: str, quota: int, clock: Clock = time.monotonic) -> None:
        self.name = name
        self.clock = clock
        self.noted: Callable[[Account], None] = nobody
        """Is told of each account that is charged."""
        self._whole, self._parts = quota, 1
        self._accounts: OrderedDict[str, Account] = OrderedDict()
        self._set_quota()

    def divide(self, parts: int) -> None:
        """Give each holder one part of the quota from now on, and of what they have used up; 1 for the whole of it."""
        if parts > self._parts:
            for each in self.accounts():
                each.divide(parts)
        self._parts = parts
        self._set_quota()

    def _set_quota(self) -> None:
        self.quota = max(1, self._whole // self._parts)
        self.policy = f'"{self.name}";q={self.quota};w={WINDOW_S}'.encode()

    def account(self, holder: str) -> Account:
        """Return a holder's account."""
        account = self._accounts.get(holder)
        now = self.clock()
        if account is not None and now < account.ends_at:
            return account
        self._accounts.pop(holder, None)
        self._forget(now)
        if account is None and len(self._accounts) >= ACCOUNTS_AT_MOST and holder != THE_CROWD:
            return self.account(THE_CROWD)
        return self._begin(holder, now, account)

    def accounts(self) -> list[Account]:
        """Return all accounts, in the order in which their windows began."""
        return list(self._accounts.values())

    def _begin(self, holder: str, now: float, before: Account | None) -> Account:
        account = self._accounts[holder] = Account(self, now + WINDOW_S, before.overdrawn if before else 0, holder)
        return account

    def _forget(self, now: float) -> None:
        # Accounts expire in the order in which they began. Two are removed for each new one, so they never pile up. One
        # that owes more than a minute's quota is carried on until it is paid; otherwise waiting would cancel the debt.
        for _ in range(2):
            if self._accounts and next(iter(self._accounts.values())).ends_at <= now:
                holder, over = self._accounts.popitem(last=False)
                if over.overdrawn:
                    self._begin(holder, now, over)

    def __len__(self) -> int:
        """Return the number of accounts."""
        return len(self._accounts)


@lru_cache(maxsize=4096)
def network(host: str) -> str:
    """Return what counts as one address: of IPv6 the /64, which one customer holds.

    Examples
    --------
    >>> network("192.0.2.1"), network("::ffff:192.0.2.1"), network("2001:db8::1:2:3")
    ('192.0.2.1', '192.0.2.1', '2001:db8::/64')

    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return f"{ipaddress.IPv6Address(int(address) >> 64 << 64)}/64"
