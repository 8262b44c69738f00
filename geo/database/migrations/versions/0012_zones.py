"""The published place of a confidential service: its zone and nothing more precise.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run
from geo.errors import SetupError
from geo.writes import zones

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the zones; remove from confidential services what reveals their place, and log it in the audit log."""
    run("0012_zones")
    connection = op.get_bind()
    if connection.exec_driver_sql("SELECT EXISTS (SELECT FROM lakana.service WHERE confidential)").scalar():
        zones.make(connection)
    run("0012_site", "0012_names", "0012_unlinked", "0012_unlisted", "0012_distances", "0012_gates", "0012_data")


def downgrade() -> None:
    """Go back to areas, which revealed too much: only if there is no confidential service."""
    confidential = "SELECT EXISTS (SELECT FROM lakana.service WHERE confidential)"
    if op.get_bind().exec_driver_sql(confidential).scalar():
        raise SetupError("since 0012 confidential places are published by zone; older versions cannot go back to that.")
    run("0012_down", "0001_disclosure", "0004_disclosure")
