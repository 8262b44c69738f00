"""Counts may be released at grains that say less of areas.

Revision ID: 0028
Revises: 0027
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Name the grain of a release, and allow two that are coarser."""
    run("0028_grain")


def downgrade() -> None:
    """Name it as before. The coarser grains become the coarsest old one; what they say of areas is forgotten."""
    op.execute(
        """
        ALTER TABLE lakana.release DROP CONSTRAINT release_grain_check;
        ALTER TABLE lakana.release RENAME COLUMN grain TO localities;
        UPDATE lakana.release SET localities = 'years-all-types' WHERE starts_with(localities, 'area-');
        SET CONSTRAINTS ALL IMMEDIATE;
        SET CONSTRAINTS ALL DEFERRED;
        ALTER TABLE lakana.release ADD CONSTRAINT release_localities_check
          CHECK (localities IN ('by-type', 'types-by-year', 'all-types', 'years', 'years-all-types'));
        """
    )
