"""No message of the database holds a text of the caller's, and organisations are told apart without blanks.

Revision ID: 0023
Revises: 0022
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write texts of the caller's in HINT, which is never logged; compare names of organisations without blanks."""
    run("0023_unlogged")


def downgrade() -> None:
    """Leave it: 0022 answers the same with it, and its log would tell more without."""
