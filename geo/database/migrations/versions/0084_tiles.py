"""Points by their tiles, and outlines prepared for vector tiles.

Revision ID: 0084
Revises: 0079
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0084"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index points by their tiles, and prepare the outlines."""
    run("0084_tiles")


def downgrade() -> None:
    """Remove both."""
    run("0084_down")
