"""The known region comes before that of an older division, and nobody is certain at a nation's border.

Revision ID: 0036
Revises: 0035
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rank areas in force first, and look at the border of the place's own area."""
    run("0036_known_region")


def downgrade() -> None:
    """Rank by level alone, and look at borders between areas."""
    run_functions("0034_competence", "known_areas", "competent_at")
