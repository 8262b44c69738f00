"""Actors and services that are loaded at once bring the areas that they lie in.

Revision ID: 0062
Revises: 0061
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let them bring these."""
    run("0062_bring_areas")


def downgrade() -> None:
    """Find them for each by itself."""
    run("0062_down")
