"""Levels are named as COD-AB names them, and areas have editions that their codes can name.

Revision ID: 0024
Revises: 0023
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the levels anew, keep what a country calls them, and give each area its edition."""
    run("0024_levels", "0024_editions", "0024_lists")


def downgrade() -> None:
    """Name the levels as before. The two that came with 0024 stay, unused: PostgreSQL takes no value out of a type."""
    run_functions("0023_codes", "area_in_force")
    run_functions("0023_unlogged", "locality_named")
    run("0024_down")
