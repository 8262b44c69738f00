"""Who takes an import back holds its rows first, as every writer does.

Revision ID: 0107
Revises: 0106
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let stewards hold the rows of an import, in the order of other writers."""
    run("0107_held_in_order")


def downgrade() -> None:
    """Hold them as before, as the owner alone."""
    run("0107_down")
    run_functions("0087_undoing", "audit.hold_import")
