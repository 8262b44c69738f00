"""The areas of many localities are found together.

Revision ID: 0048
Revises: 0047
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let a locality bring the areas that it lies in."""
    run("0048_places")


def downgrade() -> None:
    """Find them for each by itself."""
    run("0048_down")
