"""What a hidden name tells is asked by one function; messages hold no caller's text; codes are read as people write.

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
    """Know numbers whole and words joined, ask names and front gates alike, and mend those that tell.

    Texts of callers move to HINT, which is not logged; codes of areas and exchanged coordinates are recognised.
    """
    run("0023_numbers", "0023_words", "0023_telling", "0023_unlogged", "0023_codes")


def downgrade() -> None:
    """Ask as before. What keeps texts out of the log stays: 0022 answers the same with it."""
    run("0023_codes_down", "0023_down")
