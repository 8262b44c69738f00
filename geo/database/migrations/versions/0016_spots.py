"""Spots where services stand: a search for the nearest reads a spot once, however many services share it.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the spots from the existing services, and search by them."""
    run("0016_spots")


def downgrade() -> None:
    """Go back to searching by services."""
    run("0016_down")
