"""Stewards write while many services are loaded.

Revision ID: 0071
Revises: 0070
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Hold what others wait for at the end alone."""
    run("0071_many_services")


def downgrade() -> None:
    """Hold it throughout."""
    run("0071_down")
    run_functions("0048_readings", "keep_names_untold")
    run_functions("0026_asking", "check_public_numbers")
    run_functions("0022_no_holes", "note_service_change")
    run("0071_down_after")
