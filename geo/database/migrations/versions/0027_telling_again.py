"""Hidden names and public words are written one after the other, and asked again when what surrounds a word changes.

Revision ID: 0027
Revises: 0024
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0027"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Know addresses, codes of areas and short words that are glued; ask hidden names again; mend those that tell."""
    run("0027_addresses", "0027_asking", "0027_mended")


def downgrade() -> None:
    """Ask as before, by the functions of 0023. What was mended stays."""
    run("0027_down")
    run_functions(
        "0023_telling", "what_tells", "refuse_telling", "check_front_gate", "check_public_numbers", "keep_names_untold"
    )
