"""What is written of confidential shelters is told of all of them at one time; proposals have no numbers.

Revision ID: 0022
Revises: 0021
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep what is written of confidential shelters apart until midnight or the end of the quarter."""
    run("0022_faster", "0022_at_midnight")


def downgrade() -> None:
    """Tell it as it is written again."""
    run("0022_down")
