"""Siting jobs, as their owner sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Text, select

from geo.database.tables import siting_job
from geo.queries.base.question import Page, bind


def own_jobs() -> Select[Any]:
    """Return the caller's jobs: those of the bind ``caller_keeper``."""
    return select(siting_job).where(siting_job.c.holder == bind("caller_keeper", Text))


@dataclass(frozen=True, kw_only=True)
class SitingJobs(Page):
    """The caller's jobs, the newest first."""

    def matching(self) -> Select[Any]:
        """Return the caller's jobs."""
        return own_jobs()
