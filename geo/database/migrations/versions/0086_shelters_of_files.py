"""Open shelters of files are known in every list, imports tell less of shelters and incidents, waits for words end.

Revision ID: 0086
Revises: 0085
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note what open shelters are called and where they stand; withhold their imports; bound the wait for words."""
    run("0086_open_shelters", "0086_told_imports", "0086_words")


def downgrade() -> None:
    """Know shelters by their codes alone, and tell every import; what reports said before stays forgotten."""
    run("0086_down")
    run_functions("0026_asking", "hold_words")
