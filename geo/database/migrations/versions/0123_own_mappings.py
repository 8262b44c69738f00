"""Mappings of lists that are for few are their steward's own.

Revision ID: 0123
Revises: 0122
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0123"
down_revision = "0122"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write down whose a mapping is."""
    run("0123_own_mappings")


def downgrade() -> None:
    """Give every mapping to everybody again."""
    run("0123_down")
