"""What a holder may keep has a bound; keys are bound to people.

Revision ID: 0016
Revises: 0017
"""

from __future__ import annotations

from alembic import op

from geo.migrations import run

revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bind keys, count people, and bound what is kept."""
    run("0016_turns")


def downgrade() -> None:
    """Take the columns and checks back; the functions that were replaced go with their own revisions."""
    for name, table in (
        ("attribute_proposal_persons", "lakana.proposal"),
        ("bound_proposals", "lakana.proposal"),
        ("bound_scenarios", "lakana.scenario"),
        ("check_bound", "identity.key"),
    ):
        op.execute(f"DROP TRIGGER {name} ON {table}")
    for name in (
        "lakana.attribute_persons",
        "lakana.bound_proposals",
        "lakana.bound_scenarios",
        "identity.check_bound",
    ):
        op.execute(f"DROP FUNCTION {name}")
    op.execute("DROP INDEX audit.answered_holder_answered_at_idx, audit.answered_answered_at_idx")
    op.execute("DROP INDEX lakana.proposal_proposed_by_idx, audit.entry_person_name_key_idx")
    op.execute("ALTER TABLE lakana.proposal DROP COLUMN proposed_person, DROP COLUMN reviewed_person")
    op.execute("ALTER TABLE identity.key DROP COLUMN person_id")
