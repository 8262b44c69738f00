"""Siting jobs, as their owner sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Text, Uuid, select

from geo.arguments import RowId, argument, check_id
from geo.database.tables import siting_job
from geo.queries.base.question import Binds, Page, Question, bind


def own_jobs() -> Select[Any]:
    """Return the caller's jobs: those of the bind ``caller_keeper``."""
    return select(siting_job).where(siting_job.c.holder == bind("caller_keeper", Text))


@dataclass(frozen=True, kw_only=True)
class OneSitingJob(Question):
    """One of the caller's jobs by its id; no row if it is another holder's."""

    id: RowId = argument("The id that the start of the job gave.", check_id)

    def rows(self) -> Select[Any]:
        """Return one row or none."""
        return own_jobs().where(siting_job.c.id == bind("id", Uuid(as_uuid=False)))

    def binds(self) -> Binds:
        """Return the id."""
        return {"id": check_id("id", self.id)}


@dataclass(frozen=True, kw_only=True)
class SitingJobs(Page):
    """The caller's jobs, the newest first."""

    def matching(self) -> Select[Any]:
        """Return the caller's jobs."""
        return own_jobs()
