"""Response pathways, referral and training.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of pathways, time zones and trained actors, and read opening hours."""
    run("0009_pathways")


def downgrade() -> None:
    """Take them back, with what was recorded in them."""
    op.execute("REVOKE INSERT ON lakana.training_event, lakana.training_organizer FROM lakana_steward")
    op.execute("DROP FUNCTION raw.record_participants")
    op.execute("DROP TABLE lakana.training_participants, raw.training_participants, lakana.trained_actor")
    op.execute("DROP TRIGGER audit ON lakana.training_event")
    op.execute("DROP TRIGGER audit_truncation ON lakana.training_event")
    op.execute("DROP INDEX lakana.training_event_name_key_id_idx")
    op.execute("ALTER TABLE lakana.training_event DROP COLUMN name_key, DROP COLUMN topics")
    op.execute("DROP FUNCTION lakana.week_minute, lakana.open_weekly, lakana.clock_minute")
    op.execute("DROP TABLE lakana.area_time_zone, lakana.pathway_step, lakana.guidance")
    op.execute("DROP TYPE lakana.stage")
