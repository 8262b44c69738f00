"""A list of services is called by its source, whatever its file and day are.

Revision ID: 0070
Revises: 0066
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0070"
down_revision = "0066"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Call the lists that were loaded by their sources."""
    run("0070_lists")


def downgrade() -> None:
    """Leave them: what they were called before is not known any more."""
