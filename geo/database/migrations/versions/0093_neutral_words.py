"""Confidential shelters are called by a neutral word of their country's language.

Revision ID: 0093
Revises: 0088
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0093"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Call them in English where that is the first of the country's languages that Lakana speaks."""
    run("0093_neutral_words")


def downgrade() -> None:
    """Call them in French everywhere."""
    run("0093_down")
    run_functions("0012_site", "neutral_source")
