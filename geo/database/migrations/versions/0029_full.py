"""What is full is unavailable; an exact place comes with the id of its log entry; partners read their own proposals.

A comparison of scenarios leaves out what is not there.

Revision ID: 0029
Revises: 0028
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run, run_functions

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tell a cap by LK503, entries of the log by id, partners their proposals; withhold keys by their organisation."""
    run("0029_own_proposals", "0029_full", "0029_located", "0029_holders", "0029_together")


def downgrade() -> None:
    """Make the functions of 0014 and 0015 and the policy of 0022 again."""
    run("0029_down")
    op.execute("DROP FUNCTION lakana.proposals_of, exact.locate")
    run_functions("0014_answers", "lakana.scenarios_together")
    run_functions(
        "0015_turns", "lakana.bound_proposals", "lakana.bound_scenarios", "lakana.attribute_siting_job", "exact.locate"
    )
    op.execute("REVOKE EXECUTE ON FUNCTION exact.locate FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION exact.locate TO lakana_custodian")
    op.execute("DROP FUNCTION lakana.is_there")
