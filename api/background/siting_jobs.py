"""The server's own worker: it runs siting jobs, one at a time, for as long as the server runs.

Jobs wait in a table, so a queued job survives a server that stops. If a server dies while it works on a job, the job
stops reporting progress; the next server to look (at its start and from time to time) marks it FAILED.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, suppress
from functools import partial
from typing import Any

import orjson
from sqlalchemy import func

from api.errors import WENT_WRONG, log_internal, worded_error
from api.graphql.compile.computed_answer import found_for
from geo.audience import Audience, Caller
from geo.errors import LakanaError, Unavailable
from geo.processes.beside import beside
from geo.processes.long_task import News, Tell
from geo.queries.planning.siting import LongSiteRecommendations, SiteRecommendations, read
from geo.service import Resources
from geo.vocabulary import SitingJobStatus
from geo.writes import siting

LOOK_EVERY_S = 30.0
"""How often we look for jobs that another server accepted or abandoned; our own are found at once."""
ENDING_TRIES = 20
"""How many times we try to store an answer, a second apart."""
GRACE_S = 60.0
"""How much longer than its time limit a job may take, to read its data and finish the current step."""


def sitings(resources: Resources) -> AbstractAsyncContextManager[None]:
    """Run siting jobs while the context is open."""
    return beside(partial(_serve, resources), log_internal)


async def _serve(resources: Resources) -> None:
    while True:
        if not await serve_one(resources):
            await resources.long_task.rest(LOOK_EVERY_S)


async def serve_one(resources: Resources) -> bool:
    """Fail the jobs of dead servers, then run the next job in turn; return whether there was one."""
    await resources.writer.run(siting.SERVER, siting.sweep)
    job = await resources.writer.run(siting.SERVER, siting.take)
    if job is None:
        return False
    try:
        answer = await _answer(resources, job)
    except asyncio.CancelledError:
        with suppress(LakanaError):
            await _end(resources, job, SitingJobStatus.FAILED, problem=siting.DIED)
        raise
    except LakanaError as error:
        await _end(resources, job, SitingJobStatus.FAILED, problem=worded_error(error))
    except Exception as error:  # noqa: BLE001  this job alone is lost
        log_internal(error)
        await _end(resources, job, SitingJobStatus.FAILED, problem=WENT_WRONG)
    else:
        if answer is not None:
            await _end(resources, job, SitingJobStatus.DONE, progress=1.0, answer=answer, **_figures(answer))
    return True


async def _answer(resources: Resources, job: siting.Taken) -> dict[str, Any] | None:
    """Return the answer, or None if the job was ended meanwhile."""
    question = LongSiteRecommendations.of(job.asked)
    found = await found_for(question, _owner(job), resources)

    async def heard(news: News) -> bool:
        told = {"progress": news.progress, "best_objective": news.best, "gap_percent": news.gap_percent}
        try:
            return await _note(resources, job, told)
        except Unavailable as error:
            log_internal(error)
            return True  # progress that cannot be written now is written with the next news

    limit_s = question.time_limit_s + GRACE_S
    answer: dict[str, Any] | None = await resources.long_task.run(
        solved, question, found, heard=heard, timeout_s=limit_s
    )
    return answer


def solved(question: SiteRecommendations, found: Mapping[str, str], tell: Tell) -> dict[str, Any]:
    """Compute the answer; this runs in a process of its own."""
    from geo.siting.solver import Clock  # noqa: PLC0415  the solver takes half a second to load

    rows = {name: orjson.loads(text) for name, text in found.items()}
    return question.answer(read(rows), Clock(question.time_limit_s, tell))


def _figures(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {"best_objective": answer["objective_after"], "gap_percent": answer["gap_percent"]}


def _owner(job: siting.Taken) -> Caller:
    return Caller(Audience.PLANNER, job.holder)


async def _end(resources: Resources, job: siting.Taken, status: SitingJobStatus, **values: Any) -> None:
    ended = {"status": status, "finished_at": func.now(), **values}
    for left in reversed(range(ENDING_TRIES)):
        try:
            await _note(resources, job, ended)
        except Unavailable:
            if not left:
                raise
            await asyncio.sleep(1)
        else:
            return


async def _note(resources: Resources, job: siting.Taken, told: Mapping[str, Any]) -> bool:
    # Counted as the server's turn, so that an owner who writes a lot does not lose their own job.
    return await resources.writer.run(
        _owner(job), lambda connection: siting.note(connection, job, **told), siting.SERVER.turn
    )
