"""The hull of a country across the antimeridian is that of its narrower side.

Revision ID: 0094
Revises: 0093
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let places be entered on both sides of the antimeridian."""
    run("0094_hulls")


def downgrade() -> None:
    """Take hulls all around the earth again."""
    run_functions("0005_writes", "outside_nation_m")
    run_functions("0023_codes", "refuse_exchanged")
    run("0094_down")
