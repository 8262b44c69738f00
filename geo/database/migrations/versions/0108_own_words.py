"""The English word for a shelter tells nothing either.

Revision ID: 0108
Revises: 0107
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take it for one of our own words in names too."""
    run("0108_own_words")


def downgrade() -> None:
    """Take it for one at front gates alone."""
    run_functions("0037_public_texts", "own_words")
