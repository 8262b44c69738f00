"""What was imported is remembered: who, when, which files, and which row came from where.

Revision ID: 0046
Revises: 0044
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0046"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of imports."""
    run("0046_imports")


def downgrade() -> None:
    """Remove them."""
    run("0046_down")
