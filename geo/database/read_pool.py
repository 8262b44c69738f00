"""The connections of one login for reading: to the replica of the current request, else to the primary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

from geo.database.pool import Pool
from geo.database.public_state import PublicState
from geo.database.replicas import Replica, ask_primary, chosen
from geo.database.statements import Answer, Job
from geo.errors import LakanaError, Unavailable

OUT_OF_SERVICE = "The replica went out of service."


class OutOfService(Unavailable):
    """A replica cannot answer, or may be older than what was acknowledged; the primary can."""


@dataclass(frozen=True)
class ReadPool:
    """Runs jobs on the replica of the current request and, where that cannot answer, on the primary.

    Parameters
    ----------
    primary
        The login's pool of the primary.
    of_replica
        Those of the replicas.

    """

    primary: Pool
    of_replica: Mapping[Replica, Pool]

    async def run(self, jobs: Sequence[Job], holder: str, most_bytes: float = inf) -> list[Answer]:
        """Run jobs one after the other (see :meth:`geo.database.pool.Pool.run`)."""
        replica = chosen()
        if replica is not None and replica in self.of_replica:
            try:
                return await self.run_at(replica, jobs, holder, most_bytes)
            except OutOfService:
                ask_primary()
        return await self.primary.run(jobs, holder, most_bytes)

    async def run_at(self, replica: Replica, jobs: Sequence[Job], holder: str, most_bytes: float = inf) -> list[Answer]:
        """Run jobs on a replica.

        Raises
        ------
        OutOfService
            Where it cannot answer.

        """
        epoch = replica.epoch
        answers = await self.of_replica[replica].run(jobs, holder, most_bytes)
        failed = any(isinstance(each, Unavailable) or _is_unknown(each) for each in answers)
        if failed or not epoch or replica.epoch != epoch:
            raise OutOfService(OUT_OF_SERVICE)
        return answers

    def close(self) -> None:
        """Close all connections."""
        for each in (self.primary, *self.of_replica.values()):
            each.close()


def _is_unknown(answer: Answer) -> bool:
    """Return whether an answer is an error that nobody expects, as where a replica lacks something."""
    return isinstance(answer, Exception) and not isinstance(answer, LakanaError)


class PublicStates:
    """The state of what the public may read, as the server knows it that the current request asks.

    Replicas follow the primary's log, in which commits may stand in another order than they become visible on the
    primary. So the same number may mean another state there, and what is kept of either is kept apart.

    Parameters
    ----------
    pool
        The public's connections.

    """

    def __init__(self, pool: ReadPool) -> None:
        self._of_primary = PublicState(pool.primary)
        self._of = {replica: PublicState(_At(pool, replica)) for replica in pool.of_replica}

    async def read(self) -> str:
        """Return the state as a text (see :meth:`geo.database.public_state.PublicState.read`)."""
        replica = chosen()
        if replica is not None:
            try:
                return f"{await self._of[replica].read()} replica"
            except OutOfService:
                ask_primary()
        return await self._of_primary.read()


@dataclass(frozen=True)
class _At:
    pool: ReadPool
    replica: Replica

    async def run(self, jobs: Sequence[Job], holder: str) -> list[Answer]:
        return await self.pool.run_at(self.replica, jobs, holder)
