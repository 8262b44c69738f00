"""A number rises with what the public may read, and with nothing else.

Revision ID: 0038
Revises: 0037
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Count the changes that the public may see."""
    run("0038_public_version")


def downgrade() -> None:
    """Count them no longer."""
    run("0038_down")
