"""Open shelters that came by files are known in every list.

Revision ID: 0086
Revises: 0072
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0086"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note what those that are open are called, and where they stand."""
    run("0086_open_shelters")


def downgrade() -> None:
    """Know them by their codes alone."""
    op.execute("DELETE FROM audit.foreign_id WHERE subject = 'shelter' AND scheme IN ('', 'name')")
