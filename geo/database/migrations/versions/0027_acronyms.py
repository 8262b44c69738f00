"""Organisations are found by their acronyms.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index the parts of names and acronyms together."""
    run("0027_acronyms")


def downgrade() -> None:
    """Find organisations by their names alone."""
    run("0027_down")
