"""What was imported is remembered: who, when, which files, and which row came from where.

Revision ID: 0049
Revises: 0048
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of imports."""
    run("0049_imports")


def downgrade() -> None:
    """Remove them."""
    run("0049_down")
