"""Pathways and their texts are those of a nation.

Revision ID: 0085
Revises: 0084
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Say whose each is: of the one nation, where there is one."""
    run("0085_pathways_of_nations")


def downgrade() -> None:
    """Forget it; where there are several nations the pathways go."""
    run("0085_down")
