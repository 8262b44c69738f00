"""Several nations in one database keep apart.

Revision ID: 0065
Revises: 0062
"""

from __future__ import annotations

from geo.database.migrations import run, run_functions

revision = "0065"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Know the nation of each area, and measure to the services of each nation's own."""
    run("0065_nations", "0065_apart")


def downgrade() -> None:
    """Measure to the nearest service of any nation again."""
    run_functions("0034_area_sets", "derive_area_within", "settle_places")
    run_functions("0034_by_set", "distances_if")
    run_functions("0041_loading", "area_set_among")
    run_functions(
        "0040_access",
        "nearest_to",
        "refresh_access",
        "follow_category",
        "follow_service_change",
        "follow_demand_change",
        "follow_truncation",
    )
    run("0065_down")
