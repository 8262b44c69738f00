"""Imports are undone beside others.

Revision ID: 0087
Revises: 0086
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Work out at the end what follows from many services that go."""
    run("0087_undoing")


def downgrade() -> None:
    """Work it out for each statement."""
    run("0087_down")
    run_functions("0056_undoing", "audit.undo_import")
    run_functions("0037_asking", "exact.keep_words")
