"""Whether a link was used is told to nobody, by the log or by how long one is open.

Revision ID: 0106
Revises: 0105
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Log invitations and not their withdrawals, and ask the newest link alone."""
    run("0106_link_use")


def downgrade() -> None:
    """Log and tell as before."""
    run("0106_down")
