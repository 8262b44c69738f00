"""Roads, and travel times along them.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the schema of the roads, the speeds, the times and what keeps them honest."""
    run("0010_network")


def downgrade() -> None:
    """Take them back."""
    for table in ("service", "demand_point"):
        for event in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER travel_{event} ON lakana.{table}")
    op.execute(
        "DROP FUNCTION lakana.travel_minutes, lakana.note_service_change, lakana.note_demand_change, "
        "lakana.note_travel_change"
    )
    op.execute("DROP TABLE lakana.travel_refresh, lakana.travel_time, lakana.road_network, lakana.road_speed")
    op.execute("DROP SCHEMA road CASCADE")
