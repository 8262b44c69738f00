"""Hidden names and front gates are asked as written and, where letters pass for Latin ones, by what they say in Latin.

Revision ID: 0048
Revises: 0047
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run, run_again, run_functions

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Ask every reading, of public words too, and mend the names that tell by one."""
    run("0048_readings")
    run_again("0026_mended", revision)


def downgrade() -> None:
    """Ask texts as they are written. What was mended stays."""
    run_functions("0043_look_alikes", "skeleton")
    op.execute("ALTER FUNCTION lakana.skeleton(text) CALLED ON NULL INPUT")  # as 0045 left it
    run_functions("0026_asking", "what_tells")
    run_functions("0037_asking", "keep_names_untold")
    run_functions("0037_public_texts", "words_of", "further_words")
    op.execute("DROP FUNCTION lakana.readings, lakana.latin_letters")
