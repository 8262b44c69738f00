"""The migrations: each revision runs its SQL, which says what it is for."""

from __future__ import annotations

from importlib import resources

from alembic import op


def run(*names: str) -> None:
    """Run files of ``geo/database/migrations/sql``, in this order."""
    for name in names:
        statement = (
            resources.files("geo.database.migrations").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
        )
        op.get_bind().exec_driver_sql(statement.replace("%", "%%"))
