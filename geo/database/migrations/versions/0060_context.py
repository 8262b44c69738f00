"""Figures that others publish of areas, with their source and what is censored.

Revision ID: 0060
Revises: 0057
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0060"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables of series and values."""
    run("0060_context")


def downgrade() -> None:
    """Remove them."""
    run("0060_down")
