"""Hidden names and public words are written one after the other, and asked again when what surrounds a word changes.

Revision ID: 0026
Revises: 0025
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Know addresses, codes of areas and short words that are glued; ask hidden names again; mend those that tell."""
    run("0026_addresses", "0026_asking", "0026_mended")


def downgrade() -> None:
    """Ask as before, by the functions of 0023. What was mended stays."""
    run("0026_down")
    run_functions(
        "0023_telling", "what_tells", "refuse_telling", "check_front_gate", "check_public_numbers", "keep_names_untold"
    )
