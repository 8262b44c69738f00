"""What answers may tell of confidential services and of the places of shelters.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell of a shelter whether it has places and not how many, and of a confidential one its ages in bands."""
    run("0014_answers")


def downgrade() -> None:
    """Tell the numbers again."""
    run("0014_down")
