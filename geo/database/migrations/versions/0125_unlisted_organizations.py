"""Nothing tells whether an organisation that is not listed has a record or a login.

Revision ID: 0125
Revises: 0124
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0125"
down_revision = "0124"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep organisations that leave; refuse stewards who would take back lists that brought some."""
    run("0125_unlisted_organizations")


def downgrade() -> None:
    """Let them go again."""
    run_functions("0084_undoing", "audit.stands_on_import")
    run("0125_down")
