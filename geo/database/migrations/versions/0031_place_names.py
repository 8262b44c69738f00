"""Places are found by any spelling, and what stands there by the place's name; strokes that lengthen a word fold away.

Revision ID: 0031
Revises: 0030
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Fold tatweel away, compute the folded names again, and index the parts of places' names."""
    run("0031_fold", "0013_name_keys", "0031_name_keys", "0031_places")


def downgrade() -> None:
    """Fold as 0013 does, and find places by their whole names alone."""
    run("0031_down", "0013_fold", "0013_name_keys", "0031_name_keys")
