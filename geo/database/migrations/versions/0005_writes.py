"""Writes by the API, with versions, proposals and an audit log.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

from alembic import op

from geo.database.migrations import run

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

VERSIONED = ("organization", "actor", "service", "shelter")


def upgrade() -> None:
    """Make the tables, functions and triggers, and grant what each audience may write."""
    run("0005_writes", "0005_audit")


def downgrade() -> None:
    """Drop them; rows that they wrote to other tables stay."""
    op.execute("DROP SCHEMA audit CASCADE")
    op.execute("DROP TRIGGER change_confidence ON lakana.service")
    op.execute("DROP FUNCTION lakana.keep_to_own CASCADE")
    for table in VERSIONED:
        op.execute(f"DROP TRIGGER next_version ON lakana.{table}")
        op.execute(f"ALTER TABLE lakana.{table} DROP COLUMN version")
    op.execute("ALTER TABLE lakana.organization DROP COLUMN name_key")
    op.execute("DROP TABLE lakana.proposal")
    op.execute("DROP TYPE lakana.proposal_kind, lakana.proposal_status")
    op.execute(
        "DROP FUNCTION lakana.next_version, lakana.attribute_proposal, lakana.change_confidence, "
        "lakana.outside_nation_m, lakana.area_of, exact.settle, exact.locate, raw.record"
    )
