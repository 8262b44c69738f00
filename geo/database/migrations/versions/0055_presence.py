"""Everybody reads where organisations are present, in the words of the lists that say so.

Revision ID: 0055
Revises: 0052
"""

from __future__ import annotations

from geo.database.migrations import run

revision = "0055"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let presence be read."""
    run("0055_presence")


def downgrade() -> None:
    """Let nobody read it."""
    run("0055_down")
