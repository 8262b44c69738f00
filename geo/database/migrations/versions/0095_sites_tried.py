"""Everybody may ask what a site would change: it follows from what is public.

Revision ID: 0095
Revises: 0094
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let every audience measure by services that have a place."""
    run("0095_sites_tried")


def downgrade() -> None:
    """Leave it to planners."""
    run("0095_down")
