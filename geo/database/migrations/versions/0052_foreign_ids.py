"""Records of ours are known by what lists call them.

Revision ID: 0052
Revises: 0051
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of what lists call records."""
    run("0052_foreign_ids")


def downgrade() -> None:
    """Remove it."""
    run("0052_down")
