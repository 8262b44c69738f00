"""What a name or a front gate tells of a confidential shelter is asked by one function, by words, numbers and forms.

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
    """Know numbers whole and words joined, ask names and front gates alike, and mend those that tell."""
    run("0023_numbers", "0023_words", "0023_telling")


def downgrade() -> None:
    """Ask as before."""
    run("0023_down")
