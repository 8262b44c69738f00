"""The migrations: each revision runs its SQL, which says what it is for."""

from __future__ import annotations

import re
from importlib import resources

from alembic import op


def run(*names: str) -> None:
    """Run files of ``geo/database/migrations/sql``, in this order."""
    for name in names:
        op.get_bind().exec_driver_sql(_read(name).replace("%", "%%"))


def run_again(name: str, revision: str) -> None:
    """Run a file of an earlier revision again, which logs that revision: here it logs this one."""
    text, earlier = _read(name), f"'revision', '{name[:4]}'"
    assert earlier in text, name  # noqa: S101  both are ours
    op.get_bind().exec_driver_sql(text.replace(earlier, f"'revision', '{revision}'").replace("%", "%%"))


def run_functions(name: str, *functions: str) -> None:
    """Make functions again (of ``lakana``, if no schema is named), each as this file of an earlier revision has it."""
    text = _read(name)
    for each in functions:
        called = re.escape(each if "." in each else f"lakana.{each}")
        form = rf"^CREATE (?:OR REPLACE )?(FUNCTION {called}\(.*?^(?:END )?\$\$;)"
        found = re.search(form, text, re.MULTILINE | re.DOTALL)
        assert found is not None, each  # noqa: S101  both files are ours
        op.get_bind().exec_driver_sql(f"CREATE OR REPLACE {found[1]}".replace("%", "%%"))


def _read(name: str) -> str:
    return resources.files("geo.database.migrations").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")
