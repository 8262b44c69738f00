"""What is full is unavailable and not forbidden.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell a cap by LK503."""
    run("0027_full")


def downgrade() -> None:
    """Make the functions of 0015 again."""
    run_functions("0015_turns", "bound_proposals", "bound_scenarios", "attribute_siting_job")
