"""Of many localities the hidden names are asked once.

Revision ID: 0088
Revises: 0087
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Ask at the end."""
    run("0088_many_localities")


def downgrade() -> None:
    """Ask with each statement."""
    run("0088_down")
