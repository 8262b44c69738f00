"""What imports change is kept, so that they can be undone.

Revision ID: 0056
Revises: 0055
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep it, and add the functions that undo."""
    run("0056_undo", "0056_undoing")


def downgrade() -> None:
    """Keep nothing."""
    run("0056_down")
