"""Travel times, estimated from distances.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of speeds and the functions that read it."""
    run("0006_travel")


def downgrade() -> None:
    """Take them back."""
    op.execute("DROP FUNCTION lakana.reach_m")
    op.execute("DROP TABLE lakana.travel_estimate")
    op.execute("DROP TYPE lakana.travel_mode, lakana.season")
