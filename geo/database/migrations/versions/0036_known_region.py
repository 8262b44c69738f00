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
    """Rank areas in force first, look at the border of the place's own area, and walk to the nearest actors."""
    run("0036_known_region")


def downgrade() -> None:
    """Rank by level alone, look at borders between areas, and measure every actor."""
    run_functions("0034_competence", "known_areas", "competent_at")
    run("0036_down")
