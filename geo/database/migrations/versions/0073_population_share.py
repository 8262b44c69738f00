"""The people of an area are spread over areas of another division by shares that an import brought.

Revision ID: 0073
Revises: 0072
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of shares."""
    run("0073_population_share")


def downgrade() -> None:
    """Forget the shares."""
    run("0073_down")
