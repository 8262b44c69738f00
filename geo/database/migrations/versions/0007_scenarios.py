"""Scenarios of planners, and when the data that they rest on changed.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NOTED = {
    "service": ("note_insert", "note_update", "note_delete"),
    "demand_point": ("note_change",),
    "admin_area": ("note_change",),
    "area_crosswalk": ("note_change",),
    "travel_estimate": ("note_change",),
}


def upgrade() -> None:
    """Make the tables and functions, grant them to planners, and let planners belong to an organisation."""
    run("0007_scenarios")


def downgrade() -> None:
    """Take them back; planners belong to nobody again."""
    for table, triggers in NOTED.items():
        for trigger in triggers:
            op.execute(f"DROP TRIGGER {trigger} ON lakana.{table}")
    op.execute(
        "DROP FUNCTION lakana.scenarios_of, lakana.scenarios_together, lakana.distances_if, lakana.places_if, "
        "lakana.data_digests_on, lakana.data_digests, lakana.note_data_change"
    )
    op.execute("DROP TABLE lakana.scenario, lakana.data_change")
    op.execute("DROP FUNCTION lakana.scenario_owner, lakana.note_scenario_change")
    op.execute("REVOKE EXECUTE ON FUNCTION lakana.outside_nation_m FROM lakana_planner")
    for table in ("key", "person"):
        freed = f"UPDATE identity.{table} SET organization_id = NULL WHERE audience = 'PLANNER'"  # noqa: S608
        op.execute(freed)
        op.execute(f"ALTER TABLE identity.{table} DROP CONSTRAINT {table}_scope_check")
        op.execute(
            f"ALTER TABLE identity.{table} ADD CONSTRAINT {table}_scope_check CHECK "
            "((audience = 'PARTNER') = (organization_id IS NOT NULL) AND (area_id IS NULL OR audience = 'PARTNER'))"
        )
