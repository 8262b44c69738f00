"""What all requests of a server share: a pool for each login, the writer, and the processes for long work."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

from geo.audience import GATE, Audience
from geo.database.owner import login_url
from geo.database.pool import Pool
from geo.database.read_pool import PublicStates, ReadPool
from geo.database.replicas import TRUSTED_S, Replicas
from geo.database.writer import Writer
from geo.processes.long_task import LongTask
from geo.processes.turn_thread import TurnThread
from geo.processes.worker_pool import WorkerPools

OF_REPLICAS = frozenset({Audience.PUBLIC, Audience.PARTNER, Audience.PLANNER})
"""Whose questions replicas answer. Custodians and stewards are few."""


class Resources:
    """What requests share: a pool for each login, the writer, and processes for long work, each opened when needed.

    Parameters
    ----------
    owner_url
        The owner's address, from which those of the logins follow.
    size
        The number of connections for each login.
    read_urls
        The owner's addresses of replicas. Identity, custodians and stewards ask the primary in any case.

    """

    def __init__(self, owner_url: str, size: int, read_urls: Sequence[str] = ()) -> None:
        self.gate = Pool(login_url(owner_url, GATE), size, Audience.PUBLIC.timeout_ms, "keys")
        self.replicas = Replicas(read_urls, owner_url)
        self._of = {each: self._reading(owner_url, each, size) for each in Audience}
        self.public_state = PublicStates(self._of[Audience.PUBLIC])
        self.writer = Writer(owner_url, self.replicas.settle if read_urls else None)
        self.worker_pools = WorkerPools()
        self.long_task = LongTask()
        self.checks = TurnThread("Many requests are being checked; try again.", "lakana-checks")
        self.packing = TurnThread("Many answers are being compressed; try again.", "lakana-packing")
        self.writing = TurnThread("Many exports are being written; try again.", "lakana-writing")
        self.anchor_due = asyncio.Event()

    def _reading(self, owner_url: str, audience: Audience, size: int) -> ReadPool:
        name, of_replica = f"reads of {audience.name.lower()}", {}
        for each in self.replicas if audience in OF_REPLICAS else ():
            may_answer = partial(getattr, each, "is_trusted")
            of_replica[each] = Pool(
                login_url(each.url, audience), size, audience.timeout_ms, name, may_answer, TRUSTED_S
            )
            each.pools.append(of_replica[each])
        return ReadPool(Pool(login_url(owner_url, audience), size, audience.timeout_ms, name), of_replica)

    def of(self, audience: Audience) -> ReadPool:
        """Return the pool whose statements run as this audience."""
        return self._of[audience]

    def close(self) -> None:
        """Wait for work under way and close the connections."""
        for each in self._of.values():
            each.close()
        self.gate.close()
        self.replicas.close()
        self.writer.close()
        self.worker_pools.close()
        self.checks.close()
        self.packing.close()
        self.writing.close()
