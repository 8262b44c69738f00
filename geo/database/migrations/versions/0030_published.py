"""Shelters that were published are not withheld as hidden ones; releases that a restored database got back.

Revision ID: 0030
Revises: 0029
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Show the log's entries about shelters that were published, and mark releases that were given back."""
    run("0030_published", "0030_given_back")


def downgrade() -> None:
    """Forget which releases were given back."""
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.execute("SET CONSTRAINTS ALL DEFERRED")
    op.drop_column("release", "given_back", schema="lakana")
