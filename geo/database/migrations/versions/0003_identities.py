"""A login for each audience, and the keys and people that are known.

Revision ID: 0003
Revises: 0001
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0003"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the logins and the tables."""
    run("0003_identities")


def downgrade() -> None:
    """Drop the tables; the logins belong to the whole cluster and stay."""
    op.execute("DROP SCHEMA identity CASCADE")
