"""What stood before an import changed it is kept once: with the changes of the import.

Revision ID: 0079
Revises: 0078
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep it in ``audit.import_change`` alone, which is complete and what undoing reads."""
    op.drop_column("import_row", "former", schema="audit")


def downgrade() -> None:
    """Make room for it beside each row again; of rows that are there nothing is known."""
    op.add_column("import_row", sa.Column("former", JSONB), schema="audit")
