"""Files that a steward only tries are logged, and tell nothing of what stewards may not read.

Revision ID: 0124
Revises: 0123
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0124"
down_revision = "0123"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell the owner from a steward whose files the owner loads; withhold when shelters were tried."""
    run("0124_tried")


def downgrade() -> None:
    """Forget the difference."""
    run("0124_down")
