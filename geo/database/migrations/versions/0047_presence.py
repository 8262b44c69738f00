"""Where organisations are present, by area, sector and period.

Revision ID: 0047
Revises: 0046
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of presence."""
    run("0047_presence")


def downgrade() -> None:
    """Remove it."""
    run("0047_down")
