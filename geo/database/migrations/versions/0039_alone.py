"""Each spot says which service stands there alone.

Revision ID: 0039
Revises: 0038
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Keep the service of a spot that has one."""
    run("0039_alone")


def downgrade() -> None:
    """Look for the services of each spot."""
    run_functions("0016_spots", "follow_spots")
    run("0039_down")
