"""Documents of front ends are registered, and requests name them by their hash.

Revision ID: 0047
Revises: 0046
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of documents."""
    run("0047_documents")


def downgrade() -> None:
    """Drop it."""
    op.execute("DROP TABLE identity.document")
