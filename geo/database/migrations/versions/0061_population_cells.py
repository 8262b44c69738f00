"""Where people live by a grid, and whose demand points the importer makes.

Revision ID: 0061
Revises: 0060
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two tables."""
    run("0061_population_cells")


def downgrade() -> None:
    """Remove them."""
    run("0061_down")
