"""Leaves kept as they were released, and public places that follow their areas.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, keep the leaves of the releases so far, and replace the functions."""
    run("0004_releases", "0004_disclosure")


def downgrade() -> None:
    """Drop the tables and triggers; the function that checks for areas in force stays, since it hides no less."""
    op.execute(
        """
        DROP FUNCTION exact.publish_sites() CASCADE;
        DROP TABLE raw.released_area, raw.released_count;
        DROP INDEX lakana.published_count_period_idx;
        ALTER TABLE lakana.release DROP COLUMN localities;
        """
    )
