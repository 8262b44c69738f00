"""What is full is unavailable and not forbidden, and whoever is told an exact place gets the id of its log entry.

Revision ID: 0027
Revises: 0026
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run, run_functions

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell a cap by LK503, and an entry of the audit log by its id."""
    run("0027_full", "0027_located")


def downgrade() -> None:
    """Make the functions of 0015 again."""
    op.execute("DROP FUNCTION exact.locate")
    run_functions(
        "0015_turns", "lakana.bound_proposals", "lakana.bound_scenarios", "lakana.attribute_siting_job", "exact.locate"
    )
    op.execute("REVOKE EXECUTE ON FUNCTION exact.locate FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION exact.locate TO lakana_custodian")
