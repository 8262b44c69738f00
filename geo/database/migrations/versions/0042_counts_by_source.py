"""The sources of published counts are found by an index.

Revision ID: 0042
Revises: 0041
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    run("0042_counts_by_source")


def downgrade() -> None:
    """Drop it."""
    run("0042_down")
