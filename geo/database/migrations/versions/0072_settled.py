"""The areas of all places are found together when an edition comes.

Revision ID: 0072
Revises: 0071
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find them before any row is locked."""
    run("0072_settled")


def downgrade() -> None:
    """Find them row by row."""
    run_functions("0065_apart", "settle_places")
