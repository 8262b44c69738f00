"""Mappings of columns are saved under names.

Revision ID: 0057
Revises: 0056
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add their table."""
    run("0057_mappings")


def downgrade() -> None:
    """Remove it."""
    run("0057_down")
