"""Questions that Python computes: read the data, compute in a worker process, hand the result to the database."""

from __future__ import annotations

from typing import Any

import orjson

from geo.audience import Caller
from geo.database.statements import Job, Statement
from geo.queries.base.question import Binds, Question
from geo.queries.base.two_step import Computed, statement_of
from geo.service import Resources

_STATEMENTS: dict[Any, dict[str, Statement]] = {}
"""By question and shape. It has only as many entries as the code has shapes: no shape contains a client's text."""


def binds_of(question: Question, caller: Caller) -> Binds:
    """Return the binds of a question, those of its caller included."""
    return question.binds() | {
        "caller_area_id": caller.area_id,
        "caller_organization_id": caller.organization_id,
        "caller_keeper": caller.keeper,
        "caller_owner": caller.owner,
        "caller_language": caller.language.name,
    }


def statements_for(question: Computed) -> dict[str, Statement]:
    """Return the statements that read the data which a question needs, by name."""
    key = (type(question), question.shape())
    if key not in _STATEMENTS:
        _STATEMENTS[key] = {name: statement_of(rows) for name, rows in question.needs().items()}
    return _STATEMENTS[key]


async def found_for(question: Computed, caller: Caller, resources: Resources) -> dict[str, str]:
    """Read the data that a question needs: JSON by name.

    Raises
    ------
    LakanaError
        If the database returns an error.

    """
    statements, binds = statements_for(question), binds_of(question, caller)
    jobs = [Job(each, each.values(binds)) for each in statements.values()]
    answers = await resources.of(caller.audience).run(jobs, caller.turn)
    found: dict[str, str] = {}
    for name, answer in zip(statements, answers, strict=True):
        if isinstance(answer, Exception):
            raise answer
        found[name] = answer or "null"
    return found


async def worked_out(question: Computed, caller: Caller, resources: Resources) -> str:
    """Return the answer of a question as JSON.

    Raises
    ------
    LakanaError
        If the database or the computation returns an error.

    """
    found = await found_for(question, caller, resources)
    pool = resources.worker_pools.of(caller.audience)
    return await pool.run(caller.turn, _work, question, found, timeout_s=caller.audience.timeout_ms / 1000)


def _work(question: Computed, found: dict[str, str]) -> str:
    return orjson.dumps(question.work_out({name: orjson.loads(text) for name, text in found.items()})).decode()
