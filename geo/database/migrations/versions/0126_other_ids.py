"""Organisations that are not listed have ids that nobody can work out from their names.

Revision ID: 0126
Revises: 0125
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0126"
down_revision = "0125"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give other ids where they follow from names."""
    run("0126_other_ids")


def downgrade() -> None:
    """Leave the ids as they are; nothing hangs on them."""
