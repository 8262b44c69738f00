"""What was imported: who loaded what when, and what was wrong with it. Stewards read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, Select, Text, cast, column, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from geo.arguments import argument, search_text
from geo.database.tables import audit_import, audit_import_file
from geo.queries.base.question import Page, bind, constant

MOST_FILES, MOST_PROBLEMS = 100, 100


def imports() -> Select[Any]:
    """Return every import."""
    return select(audit_import)


def files_of(import_id: Any) -> Select[Any]:
    """Return the files of an import in their order, at most :data:`MOST_FILES`."""
    rows = select(audit_import_file).where(audit_import_file.c.import_id == import_id)
    return rows.order_by(audit_import_file.c.number).limit(MOST_FILES)


def problem_count(report: Any) -> Any:
    """Return how many problems a report counts, also those that it does not keep."""
    each = func.jsonb_each_text(report.op("->")(constant("troubles"))).table_valued("key", "value", name="counted")
    many = func.coalesce(func.sum(cast(each.c.value, Integer)), literal_column("0"))
    return select(cast(many, Integer)).select_from(each).scalar_subquery()


def problems_of(report: Any) -> Select[Any]:
    """Return the first problems of a report, those that refuse rows before notes; ``what`` and ``mend`` by language."""
    listed = func.jsonb_array_elements(report.op("->")(constant("problems")))
    each = listed.table_valued(column("problem", JSONB), with_ordinality="number", name="told").render_derived()
    told = each.c.problem
    is_note = told.op("->>")(constant("weight")) == constant("note")
    return (
        select(
            *(told.op("->>")(constant(name)).label(name) for name in ("file", "sheet", "column", "value", "trouble")),
            cast(told.op("->>")(constant("row")), Integer).label("row"),
            (~is_note).label("refused"),
            *(told.op("->")(constant(name)).label(name) for name in ("what", "mend")),
        )
        .order_by(is_note, each.c.number)
        .limit(MOST_PROBLEMS)
    )


@dataclass(frozen=True, kw_only=True)
class Imports(Page):
    """Imports, the newest first, of a kind or all."""

    kind: str | None = argument("Only those of this kind, as `lakana import` names it.", search_text, default=None)

    def matching(self) -> Select[Any]:
        """Return the imports that match."""
        rows = imports()
        return rows if self.kind is None else rows.where(audit_import.c.kind == bind("kind", Text))
