"""What a locality reports for a quarter is a return; who is expected to report is listed, and who did is public.

Revision ID: 0033
Revises: 0032
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make returns of the counts that are there, and say of what was released who had reported."""
    run("0033_returns")


def downgrade() -> None:
    """Keep the counts, each by itself."""
    run("0033_down")
    run_functions("0005_writes", "raw.record")
