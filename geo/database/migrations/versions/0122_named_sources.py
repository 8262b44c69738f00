"""A source is told while something public names it.

Revision ID: 0122
Revises: 0105
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0122"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Ask of each source whether something public names it; who hides a shelter reads that its source was public."""
    run("0122_named_sources")


def downgrade() -> None:
    """Tell every source again."""
    run("0122_down")
    run_functions("0037_asking", "exact.was_public")
