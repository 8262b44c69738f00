"""What a holder may keep has a bound; keys are bound to people.

Revision ID: 0016
Revises: 0017
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bind keys, count people, and bound what is kept."""
    run("0016_turns")


def downgrade() -> None:
    """Take the columns and checks back; the audit log keeps who was written down."""
    run("0016_down")
