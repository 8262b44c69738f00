"""The number of places of a confidential shelter is stored where nobody can read it, and shown in tens.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Store the numbers separately."""
    run("0019_places")


def downgrade() -> None:
    """Bring the numbers back to where partners read them."""
    run("0019_down")
