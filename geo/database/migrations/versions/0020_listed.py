"""Whether an actor is in the directory follows from its public services alone.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remove actors without a public service from the directory."""
    run("0020_listed")


def downgrade() -> None:
    """Keep out only the actors that run a confidential site."""
    run("0020_down", "0012_unlisted")
