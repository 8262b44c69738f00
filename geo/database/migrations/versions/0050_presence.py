"""Where organisations are present, by area, sector and period.

Revision ID: 0050
Revises: 0049
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of presence."""
    run("0050_presence")


def downgrade() -> None:
    """Remove it."""
    run("0050_down")
