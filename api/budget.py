"""What a caller may use up in a minute: accounts of cost, one for each holder of a key and each address of the public.

Kept here and not by a library, since that was measured: the in-memory storage of ``limits`` looks through every account
up to a hundred times a second, in a thread of its own, to find those that are over. With 100,000 addresses, which one
network of IPv6 holds, that takes half a processor. Here every window is equally long, so the oldest is over first.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache

from geo.audience import Audience
from geo.errors import RateLimited

WINDOW_S = 60
ACCOUNTS_AT_MOST = 100_000
THE_CROWD = "the crowd"
"""The one account of those who come when there are as many as are kept: what an attack takes up has a bound."""

COST_PER_MINUTE = {
    Audience.PUBLIC: 20_000,
    Audience.PARTNER: 100_000,
    Audience.PLANNER: 300_000,
    Audience.CUSTODIAN: 100_000,
    Audience.STEWARD: 300_000,
}
REQUEST_COST = 1
"""What any request costs, refused ones too; an operation costs its price on top."""
MAP_COST = 2_000
"""What a map costs on top: about what its questions would (coverage 2,100; the overview 4,200, with lists priced by
their limits). Ten maps a minute leave room for others: one takes a tenth of a second of a processor to draw."""

Clock = Callable[[], float]


class Account:
    """What is left of a minute that began with its holder's first request."""

    __slots__ = ("_ledger", "ends_at", "spent")

    def __init__(self, ledger: Ledger, ends_at: float) -> None:
        self._ledger = ledger
        self.ends_at = ends_at
        self.spent = 0

    def charge(self, cost: int) -> None:
        """Take a cost, the last unit included; what is refused is not taken.

        Raises
        ------
        RateLimited
            Where less is left, with the seconds until the window ends.

        """
        left = self._ledger.quota - self.spent
        if cost > left:
            raise RateLimited(
                f"This request costs {cost:,}, and {left:,} of {self._ledger.quota:,} a minute are left. "
                f"Ask again in {self.seconds} s, or for less at once.",
                self.seconds,
            )
        self.spent += cost

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Tell the policy and what is left, in the form of draft-ietf-httpapi-ratelimit-headers (08 to 11)."""
        left = self._ledger.quota - self.spent
        return [
            (b"ratelimit-policy", self._ledger.policy),
            (b"ratelimit", f'"{self._ledger.name}";r={left};t={self.seconds}'.encode()),
        ]

    @property
    def seconds(self) -> int:
        """Seconds until the window ends, rounded up."""
        return max(1, math.ceil(self.ends_at - self._ledger.clock()))


class Ledger:
    """The accounts of one kind of holder.

    Parameters
    ----------
    name
        What the headers call the policy.
    quota
        Cost that a holder may use up in a window.
    clock
        Gives the time in seconds; for tests.

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
        self.quota = quota
        self.clock = clock
        self.policy = f'"{name}";q={quota};w={WINDOW_S}'.encode()
        self._accounts: OrderedDict[str, Account] = OrderedDict()

    def account(self, holder: str) -> Account:
        """Give a holder's account."""
        account = self._accounts.get(holder)
        now = self.clock()
        if account is not None and now < account.ends_at:
            return account
        self._accounts.pop(holder, None)
        self._forget(now)
        if len(self._accounts) >= ACCOUNTS_AT_MOST and holder != THE_CROWD:
            return self.account(THE_CROWD)
        account = self._accounts[holder] = Account(self, now + WINDOW_S)
        return account

    def _forget(self, now: float) -> None:
        # They end in the order of their coming. Two go for each that comes, so that they never pile up.
        for _ in range(2):
            if self._accounts and next(iter(self._accounts.values())).ends_at <= now:
                self._accounts.popitem(last=False)

    def __len__(self) -> int:
        """Count the accounts that are kept."""
        return len(self._accounts)


@lru_cache(maxsize=4096)
def network(host: str) -> str:
    """Give what counts as one address: of IPv6 the /64, which one customer holds.

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
