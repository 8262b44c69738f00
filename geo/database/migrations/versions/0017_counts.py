"""Counts rounded by sets of leaves, in one edition of areas.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Mark earlier releases, fix the edition of their areas, and add grains between the old ones."""
    run("0017_counts")


def downgrade() -> None:
    """Drop the mark and the edition; new grains become the next coarser old one."""
    op.execute(
        """
        DROP TABLE raw.released_edition;
        ALTER TABLE lakana.release DROP CONSTRAINT release_localities_check;
        ALTER TABLE lakana.release ALTER COLUMN localities SET DEFAULT 'by-type';
        UPDATE lakana.release SET localities = 'all-types' WHERE localities IN ('types-by-year', 'years-all-types');
        ALTER TABLE lakana.release ADD CONSTRAINT release_localities_check
          CHECK (localities IN ('by-type', 'all-types', 'years'));
        ALTER TABLE lakana.release DROP COLUMN rounding;
        """
    )
