"""What all requests of a server share: a pool for each login, the writer, and the processes for long work."""

from __future__ import annotations

import asyncio

from geo.audience import GATE, Audience
from geo.database.owner import login_url
from geo.database.pool import Pool
from geo.database.public_state import PublicState
from geo.database.writer import Writer
from geo.processes.long_task import LongTask
from geo.processes.turn_thread import TurnThread
from geo.processes.worker_pool import WorkerPools


class Resources:
    """What requests share: a pool for each login, the writer, and processes for long work, each opened when needed.

    Parameters
    ----------
    owner_url
        The owner's address, from which those of the logins follow.
    size
        The number of connections for each login.

    """

    def __init__(self, owner_url: str, size: int) -> None:
        self._of = {
            each: Pool(login_url(owner_url, each), size, each.timeout_ms, f"reads of {each.name.lower()}")
            for each in Audience
        }
        self.public_state = PublicState(self._of[Audience.PUBLIC])
        self.gate = Pool(login_url(owner_url, GATE), size, Audience.PUBLIC.timeout_ms, "keys")
        self.writer = Writer(owner_url)
        self.worker_pools = WorkerPools()
        self.long_task = LongTask()
        self.checks = TurnThread("Many requests are being checked; try again.", "lakana-checks")
        self.packing = TurnThread("Many answers are being compressed; try again.", "lakana-packing")
        self.writing = TurnThread("Many exports are being written; try again.", "lakana-writing")
        self.anchor_due = asyncio.Event()

    def of(self, audience: Audience) -> Pool:
        """Return the pool whose statements run as this audience."""
        return self._of[audience]

    def close(self) -> None:
        """Wait for work under way and close the connections."""
        for each in (*self._of.values(), self.gate):
            each.close()
        self.writer.close()
        self.worker_pools.close()
        self.checks.close()
        self.packing.close()
        self.writing.close()
