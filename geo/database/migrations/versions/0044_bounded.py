"""Places are searched in a bounded time, and what is seeded beside a server makes nobody wait for it in turn.

Revision ID: 0044
Revises: 0043
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bound what a search of places and the next change of hours look at; let services be worked out later."""
    run("0044_bounded")


def downgrade() -> None:
    """Look at all again."""
    run("0044_down")
    run_functions("0034_by_set", "places_called")
    run_functions("0032_hours", "next_change")
