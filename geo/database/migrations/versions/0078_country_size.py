"""Services of a whole country are loaded in the time that their rows take.

Revision ID: 0078
Revises: 0074
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0078"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Walk the index of each table for itself, and ask of many rows together."""
    run("0078_nearest", "0078_together")


def downgrade() -> None:
    """Order both tables together, and ask row by row."""
    run("0078_down")
    run_functions("0071_many_services", "check_public_numbers")
    run_functions("0065_apart", "nearest_among")
