"""How many places a confidential shelter has is kept where nobody reads it, and told in tens.

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
    """Keep the numbers apart."""
    run("0019_places")


def downgrade() -> None:
    """Bring the numbers back to where partners read them."""
    run("0019_down")
