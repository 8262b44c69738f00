"""A country has languages of its own.

Revision ID: 0066
Revises: 0065
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the languages of each nation."""
    run("0066_languages")


def downgrade() -> None:
    """Remove them."""
    run("0066_down")
