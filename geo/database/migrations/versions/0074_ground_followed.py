"""The ground of maps is loaded by the importer, and can be taken back.

Revision ID: 0074
Revises: 0073
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Follow what imports bring of it."""
    run("0074_ground_followed")


def downgrade() -> None:
    """Follow it no more."""
    run("0074_down")
