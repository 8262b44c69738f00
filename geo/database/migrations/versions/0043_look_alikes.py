"""Hidden names are found behind look-alike letters of every script.

Revision ID: 0043
Revises: 0042
"""

from __future__ import annotations

from geo.database.migrations import run, run_again, run_functions

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Compare names by the look-alikes of Unicode, and mend those that tell by them."""
    run("0043_look_alikes")
    run_again("0026_mended", revision)


def downgrade() -> None:
    """Compare by those of before. What was mended stays."""
    run_functions("0021_faster", "skeleton")
