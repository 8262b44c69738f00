"""Rivers, lakes and neighbouring countries are the ground of maps.

Revision ID: 0035
Revises: 0034
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the ground of maps."""
    run("0035_ground")


def downgrade() -> None:
    """Drop the ground of maps."""
    run("0035_down")
