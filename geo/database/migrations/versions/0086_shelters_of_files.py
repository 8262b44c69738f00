"""Open shelters of files are known in every list, and what imports of shelters and incidents tell is less.

Revision ID: 0086
Revises: 0072
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0086"
down_revision = "0072"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note what open shelters are called and where they stand; withhold imports of shelters from stewards."""
    run("0086_open_shelters", "0086_told_imports")


def downgrade() -> None:
    """Know shelters by their codes alone, and tell every import; what reports said before stays forgotten."""
    run("0086_down")
