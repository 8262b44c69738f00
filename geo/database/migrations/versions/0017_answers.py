"""What answers may tell of confidential services and of the places of shelters.

Revision ID: 0017
Revises: 0012
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0017"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell of a shelter whether it has places and not how many, and of a confidential one its ages in bands."""
    run("0017_answers")


def downgrade() -> None:
    """Tell the numbers again."""
    run("0017_down")
