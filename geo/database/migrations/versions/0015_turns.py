"""What a holder may keep has a bound; keys are bound to people.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bind keys, count people, and bound what is kept."""
    run("0015_turns")


def downgrade() -> None:
    """Take the columns and checks back; the audit log keeps who was written down."""
    run("0015_down")
