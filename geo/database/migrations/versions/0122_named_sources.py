"""A source is told while something public names it.

Revision ID: 0122
Revises: 0113
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0122"
down_revision = "0113"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Ask of each source whether something public names it."""
    run("0122_named_sources")


def downgrade() -> None:
    """Tell every source again."""
    run("0122_down")
