"""Pathways and their texts are those of a nation.

Revision ID: 0075
Revises: 0072
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0075"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say whose each is: of the one nation, where there is one."""
    run("0075_pathways_of_nations")


def downgrade() -> None:
    """Forget it; where there are several nations the pathways go."""
    run("0075_down")
