"""Questions asked on a connection of a test's own, so that what it made up is seen and rolled back."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

from sqlalchemy import Connection

from api.graphql.compile.computed_answer import binds_of
from api.graphql.compile.document_cache import Operations
from api.graphql.schema import compiled_schema
from geo.audience import ANYBODY
from geo.database.statements import AGAIN, Job, Statement
from geo.queries.base.two_step import Computed, statement_of

_operations: list[Operations] = []


def answer(connection: Connection, document: str, **variables: Any) -> Any:
    """Return the data of a document's one root field."""
    if not _operations:
        _operations.append(Operations(compiled_schema()))
    operation = _operations[0].get(document, None)
    values = operation.variables(variables)
    [asked] = operation.selection(values)
    question, worked = operation.question(asked, values), None
    if isinstance(question, Computed):
        binds = binds_of(question, ANYBODY)
        statements = {name: statement_of(rows) for name, rows in question.needs().items()}
        found = {name: _run(connection, each, each.values(binds)) for name, each in statements.items()}
        worked = json.dumps(question.work_out(found))
    job: Job = operation.job(asked, question, values, ANYBODY, worked)
    text = _read(connection, job.statement, job.values)
    if text == AGAIN:
        job = operation.job(asked, question.otherwise(), values, ANYBODY)
        text = _read(connection, job.statement, job.values)
    return None if text is None else json.loads(text)


def _run(connection: Connection, statement: Statement, values: tuple[Any, ...]) -> Any:
    found = _read(connection, statement, values)
    return None if found is None else json.loads(found)


def _read(connection: Connection, statement: Statement, values: tuple[Any, ...]) -> str | None:
    with closing(connection.connection.cursor()) as cursor:
        cursor.execute(f"PREPARE asked AS {statement.sql}")
        try:
            cursor.execute(f"EXECUTE asked ({','.join(['%s'] * len(values))})" if values else "EXECUTE asked", values)
            row = cursor.fetchone()
        finally:
            cursor.execute("DEALLOCATE asked")
    return None if row is None else row[0]
