"""No state of what the public may read comes back, not even with an old backup.

Revision ID: 0046
Revises: 0045
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run, run_functions

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make versions of what the public may read that were never before."""
    run("0046_state")


def downgrade() -> None:
    """Count them."""
    op.execute("DROP TRIGGER never_before ON lakana.public_version")
    op.execute("DROP FUNCTION lakana.never_before")
    op.execute("UPDATE lakana.public_version SET version = slot")
    run_functions("0038_public_version", "public_version")
