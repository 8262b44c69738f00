"""What the audit log still revealed about confidential shelters.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Seal who writes to a confidential service, and how full it is."""
    run("0012_gates", "0018_sealed")


def downgrade() -> None:
    """Go back to what 0012 kept."""
    run("0018_down")
