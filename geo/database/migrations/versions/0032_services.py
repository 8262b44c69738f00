"""Referral and nearest for a real child: ages in months, hours that are read, closures, services without a point.

Revision ID: 0032
Revises: 0031
"""

from __future__ import annotations

from alembic import op

from geo.database.loading import keep_hours
from geo.database.migrations import run, run_functions

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep ages in months, read the hours of every service, and add what a service may say."""
    run("0032_ages", "0032_services", "0032_hours", "0032_referral", "0032_phones")
    connection = op.get_bind()
    keep_hours(
        connection,
        connection.exec_driver_sql("SELECT DISTINCT opening_hours FROM lakana.service WHERE opening_hours IS NOT NULL")
        .scalars()
        .all(),
    )


def downgrade() -> None:
    """Make the columns and functions of before again; what they cannot hold is lost."""
    run("0032_down")
    run_functions("0014_answers", "lakana.band_ages")
    run_functions("0023_telling", "lakana.hide_confidential_site")
    run_functions("0009_pathways", "lakana.clock_minute", "lakana.open_weekly", "lakana.week_minute")
    op.execute("REVOKE EXECUTE ON FUNCTION lakana.clock_minute, lakana.open_weekly, lakana.week_minute FROM PUBLIC")
    op.execute(
        "GRANT EXECUTE ON FUNCTION lakana.clock_minute, lakana.open_weekly, lakana.week_minute "
        "TO lakana_public, lakana_partner, lakana_planner, lakana_custodian, lakana_steward"
    )
