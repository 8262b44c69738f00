"""Phone numbers that somebody says are wrong, for the stewards.

Revision ID: 0102
Revises: 0098
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0102"
down_revision = "0098"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what is said of public phone numbers, and who settled it."""
    run("0102_wrong_numbers")


def downgrade() -> None:
    """Forget what was said of phone numbers."""
    run("0102_down")
