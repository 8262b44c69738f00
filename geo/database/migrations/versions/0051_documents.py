"""Documents of front ends are registered, and requests name them by their hash.

Revision ID: 0051
Revises: 0050
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of documents."""
    run("0051_documents")


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE identity.document")
