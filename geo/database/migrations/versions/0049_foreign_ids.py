"""Records of ours are known by what lists call them.

Revision ID: 0049
Revises: 0048
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of what lists call records."""
    run("0049_foreign_ids")


def downgrade() -> None:
    """Remove it."""
    run("0049_down")
