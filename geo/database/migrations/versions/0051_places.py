"""The areas of many localities are found together.

Revision ID: 0051
Revises: 0050
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a locality bring the areas that it lies in."""
    run("0051_places")


def downgrade() -> None:
    """Find them for each by itself."""
    run("0051_down")
