"""Sites that are tried are not called as the table of exact places, which no function of the public may read.

Revision ID: 0096
Revises: 0095
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give the sites another name inside the function that measures."""
    run("0096_sites_named")


def downgrade() -> None:
    """Give the function its words of before, and its owner's rights again."""
    run_functions("0065_apart", "distances_if")
    run("0095_sites_tried")
