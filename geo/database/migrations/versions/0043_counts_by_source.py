"""The sources of published counts are found by an index.

Revision ID: 0043
Revises: 0038
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0043"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    run("0043_counts_by_source")


def downgrade() -> None:
    """Drop it."""
    run("0043_down")
