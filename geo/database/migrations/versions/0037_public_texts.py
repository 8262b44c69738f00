"""Every text that everybody reads is kept apart from hidden names: labels, comments, addresses of the web, waters.

Revision ID: 0037
Revises: 0036
"""

from __future__ import annotations

from geo.database.migrations import run, run_again, run_functions

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Give the public texts of a record by one function, ask hidden names by it, and mend those that tell."""
    run("0037_public_texts", "0037_numbers", "0037_asking")
    run_again("0026_mended", revision)


def downgrade() -> None:
    """Ask by names alone. What was mended stays."""
    run("0037_down")
    run_functions("0023_numbers", "number_keys")
    run_functions("0026_asking", "names_in", "keep_names_untold")
    run_functions("0026_addresses", "telling_code")
    run_functions("0023_words", "own_words", "joined_words", "words_of", "telling_words", "exact.keep_words")
    run_functions("0012_unlinked", "exact.forget", "exact.was_public")
