"""A record is withdrawn from every surface at once, with what leads to it, and the log says why.

Revision ID: 0113
Revises: 0108
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run, run_functions

revision = "0113"
down_revision = "0108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let stewards withdraw records."""
    run("0113_withdrawal")


def downgrade() -> None:
    """Take the right to withdraw; what was withdrawn stays away."""
    run("0113_down")
    run_functions("0037_asking", "exact.was_public")
    op.execute("DROP FUNCTION audit.out_since")
