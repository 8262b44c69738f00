"""Jobs that look for sites.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of jobs."""
    run("0008_siting")


def downgrade() -> None:
    """Take it back."""
    op.execute("DROP TABLE lakana.siting_job")
    op.execute("DROP FUNCTION lakana.attribute_siting_job")
    op.execute("DROP TYPE lakana.siting_job_status")
