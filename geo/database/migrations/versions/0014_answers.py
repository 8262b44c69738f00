"""What answers may show of confidential services and of the places of shelters.

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
    """Show whether a shelter has places but not how many, and the ages of a confidential one only in bands."""
    run("0014_answers")


def downgrade() -> None:
    """Show the numbers again."""
    run("0014_down")
