"""Points by their tiles, and outlines prepared for vector tiles.

Revision ID: 0084
Revises: 0079
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0084"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index points by their tiles, and prepare the outlines."""
    run("0084_tiles", "0084_undoing")


def downgrade() -> None:
    """Remove both."""
    run_functions("0056_undoing", "audit.stands_on_import")
    run("0084_down")
