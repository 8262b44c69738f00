"""A place lies in one area of each edition that is known, by an outline or a register.

Revision ID: 0034
Revises: 0033
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Find the areas of every place by outlines and by registers, and ask by all of them."""
    run("0034_area_sets", "0034_by_set", "0034_competence")


def downgrade() -> None:
    """Ask by the one area of before; the nearest town says again where a place lies."""
    run("0034_down")
    run_functions("0001_areas", "derive_area_within", "areas_at")
    run_functions("0005_writes", "area_of")
    run_functions("0012_distances", "distances_if", "refresh_access", "data_digests")
    run_functions("0019_places", "next_version")
    run_functions("0022_no_holes", "travel_minutes")
    run_functions("0023_unlogged", "home_area")
    run_functions("0024_editions", "locality_named")
    run_functions("0027_acronyms", "audit.told")
    run_functions("0031_places", "places_called")
    run_functions("0032_referral", "services_that_come")
    run("0034_down_after")
