"""Siting jobs: planners start and cancel them, and a server that takes one up runs it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, insert, select, text, update

from geo.arguments import RowId, argument, check_id
from geo.audience import Audience, Caller
from geo.database.tables import siting_job
from geo.errors import BadInput, NotFound
from geo.queries.planning.siting import SiteRecommendations
from geo.texts import line
from geo.vocabulary import SitingJobStatus
from geo.writes.write import NOTHING, Saved, Write

SILENT_S = 30
"""How long the server that works on a job may stay silent before we take it for dead."""
UNFINISHED = (SitingJobStatus.QUEUED, SitingJobStatus.RUNNING)
DIED = "The server that worked on it stopped; start the job again."
SERVER = Caller(Audience.PLANNER, "server")
"""The caller in whose name a server looks for jobs."""


_CHECK_POINTS = text("""
SELECT lakana.refuse_exchanged(
  ST_SetSRID(ST_MakePoint((pair->>0)::float8, (pair->>1)::float8), 4326)::geography,
  'candidates.points.' || (position - 1))
FROM json_array_elements(CAST(:points AS json)) WITH ORDINALITY AS given(pair, position)
""")
_NAMED = text("""
SELECT lakana.area_in_force(:area_code, 'area_code')::text AS area_id,
       lakana.area_in_force(:candidates_area_code, 'candidates.localities.area_code')::text AS candidates_area_id
""")


@dataclass(frozen=True, kw_only=True)
class StartSiting(Write):
    """Queue a job."""

    question: SiteRecommendations
    asked: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        """Convert the question to JSON."""
        asked = self.question.asked()
        fields = {"area_code": "area_code", "candidates_area_code": "candidates.localities.area_code"}
        for name, called in fields.items():
            if asked[name] is not None:
                line(called, asked[name])
        object.__setattr__(self, "asked", asked)

    def apply(self, connection: Connection, caller: Caller) -> Saved:  # noqa: ARG002
        """Insert the job; the database counts the holder's jobs, refuses too many and deletes the oldest.

        Codes that name no area, and points that lie in the country only with longitude and latitude exchanged, are
        refused now and not by the job.
        """
        named = connection.execute(_NAMED, self.asked).mappings().one()
        if self.asked["points"] is not None:
            connection.execute(_CHECK_POINTS, {"points": json.dumps(self.asked["points"])})
        new_id = str(uuid.uuid4())
        connection.execute(insert(siting_job).values(id=new_id, asked=self.asked | dict(named)))
        return Saved(new_id, None)

    def follow_up(self, resources: Any) -> None:
        """Wake the server's own worker."""
        resources.long_task.wake()


@dataclass(frozen=True, kw_only=True)
class CancelSiting(Write):
    """Cancel one of the caller's jobs that waits or runs."""

    refusals = (BadInput, NotFound)

    id: RowId = argument("The job.")

    def apply(self, connection: Connection, caller: Caller) -> Saved:
        """Mark it as cancelled; the server that runs it notices and stops within seconds."""
        own = (siting_job.c.id == check_id("id", self.id), siting_job.c.holder == caller.keeper)
        status = connection.scalar(select(siting_job.c.status).where(*own).with_for_update())
        if status is None:
            raise NotFound(NOTHING)
        if status not in UNFINISHED:
            raise BadInput("id", f"the job is {status.name} already.")
        ended = {"status": SitingJobStatus.CANCELLED, "finished_at": func.now()}
        connection.execute(update(siting_job).where(*own).values(ended))
        return Saved(self.id, None)


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that this server works on."""

    id: str
    holder: str
    asked: dict[str, Any]


def sweep(connection: Connection) -> None:
    """Mark jobs as failed whose server no longer reports."""
    silent = siting_job.c.seen_at < func.now() - func.make_interval(0, 0, 0, 0, 0, 0, SILENT_S)
    failed = {"status": SitingJobStatus.FAILED, "problem": DIED, "finished_at": func.now()}
    connection.execute(update(siting_job).where(siting_job.c.status == SitingJobStatus.RUNNING, silent).values(failed))


def take(connection: Connection) -> Taken | None:
    """Take the longest waiting job of the holder whose turn it is, if there is one.

    That is the holder whose last job began longest ago, so that many jobs of one holder do not delay the others.
    """
    began = siting_job.alias()
    last = select(func.max(began.c.started_at)).where(began.c.holder == siting_job.c.holder).scalar_subquery()
    first = (
        select(siting_job.c.id)
        .where(siting_job.c.status == SitingJobStatus.QUEUED)
        .order_by(last.asc().nulls_first(), siting_job.c.number)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(siting_job)
        .where(siting_job.c.id == first.scalar_subquery())
        .values(status=SitingJobStatus.RUNNING, started_at=func.now(), seen_at=func.now())
        .returning(siting_job.c.id, siting_job.c.holder, siting_job.c.asked)
    )
    row = connection.execute(taken).one_or_none()
    return None if row is None else Taken(row.id, row.holder, row.asked)


def note(connection: Connection, job: Taken, **values: Any) -> bool:
    """Record the progress of a job; if it is no longer wanted, write nothing and return False."""
    running = (siting_job.c.id == job.id, siting_job.c.status == SitingJobStatus.RUNNING)
    noted = update(siting_job).where(*running).values(seen_at=func.now(), **values)
    return connection.execute(noted).rowcount == 1
