"""Shelters that were published are not withheld as hidden ones.

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Show the log's entries about shelters that were published."""
    run("0030_published")


def downgrade() -> None:
    """Leave it."""
