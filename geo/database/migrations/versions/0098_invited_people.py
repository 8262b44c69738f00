"""Stewards let partners and planners in by links, and keep them out.

Revision ID: 0098
Revises: 0097
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the view of people and the functions by which stewards invite them."""
    run("0098_invited_people")


def downgrade() -> None:
    """Drop them; whoever was let in stays so."""
    op.execute("DROP FUNCTION lakana.keep_out, lakana.let_in, lakana.make_link, lakana.invitable_person")
    op.execute("DROP VIEW lakana.known_person")
