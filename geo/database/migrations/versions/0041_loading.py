"""The areas of many demand points are found together.

Revision ID: 0041
Revises: 0040
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find the areas of many places in one statement."""
    run("0041_loading")


def downgrade() -> None:
    """Find the areas of each place by itself."""
    run_functions("0034_area_sets", "area_set_of")
    run_functions("0040_blocks", "settle_block")
    run("0041_down")
