"""Names that look the same are the same.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Remove invisible characters when folding, and keep folded names of organisations unique."""
    run("0013_fold", "0013_name_keys", "0013_organizations")


def downgrade() -> None:
    """Fold as before."""
    op.execute("DROP TRIGGER keep_names_apart ON lakana.organization")
    op.execute("DROP FUNCTION lakana.keep_names_apart")
    op.execute(
        """
        CREATE OR REPLACE FUNCTION lakana.fold(name text) RETURNS text
        LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
          SELECT trim(regexp_replace(
            translate(lower(public.unaccent('public.unaccent'::regdictionary, name)), 'ɔɛɲŋ', 'oenn'),
            '[^[:alnum:]]+', ' ', 'g'))
        $$
        """
    )
    run("0013_name_keys")
