"""Referral and nearest for a real child: ages in months.

Revision ID: 0032
Revises: 0029
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0032"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep ages of shelters in months."""
    run("0032_ages")


def downgrade() -> None:
    """Make the columns and functions of before again; what they cannot hold is lost."""
    run("0032_down")
    run_functions("0014_answers", "lakana.band_ages")
