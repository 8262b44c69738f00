"""People without a provider sign in to the pages by a link that is good once.

Revision ID: 0097
Revises: 0096
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make links and sessions, and the functions by which the gate opens and ends them."""
    run("0097_sign_in")


def downgrade() -> None:
    """Drop them; everybody is signed out."""
    run("0097_down")
    run_functions("0029_holders", "organization_of_holder")
