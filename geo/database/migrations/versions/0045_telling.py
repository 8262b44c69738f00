"""What a hidden name or a front gate tells is found in less than half of the time.

Revision ID: 0045
Revises: 0044
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Plan the question once a session, make all skeletons in one go, and write small functions out."""
    run("0045_telling")


def downgrade() -> None:
    """Plan it at every call."""
    run("0045_down")
    run_functions("0037_public_texts", "said_in_address", "telling_words")
