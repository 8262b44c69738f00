"""Limits on what a holder may store; keys are bound to people.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bind keys to people, count by person, and limit what is stored."""
    run("0015_turns")


def downgrade() -> None:
    """Drop the columns and checks; the audit log keeps the people that it names."""
    run("0015_down")
