"""Distances are kept by blocks of demand points, and a write costs what it changes.

Revision ID: 0040
Revises: 0039
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Put the distances of demand points that stand close together into one row."""
    run("0040_blocks", "0040_access")


def downgrade() -> None:
    """Keep a row for each point and category again."""
    run("0040_down")
    run_functions("0001_access", "follow_category", "follow_demand_change")
    run_functions("0012_distances", "follow_service_change")
    run_functions("0012_unlinked", "change_confidence")
    run_functions("0034_by_set", "refresh_access")
    run("0040_down_after")
