"""A release key is spent when illustrative counts that it rounded are removed.

Revision ID: 0105
Revises: 0102
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0105"
down_revision = "0102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell spent keys from the one in use."""
    run("0105_spent_key")


def downgrade() -> None:
    """Forget the spent ones."""
    run("0105_down")
