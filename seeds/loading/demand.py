"""Demand points: where the people live whom services are to reach.

They are made anew whenever areas, populations, localities or a grid change: a point for each locality of known
population, one for each cell of a grid that no locality holds, and where only the number of an area is known, its
people who live in no known locality are spread evenly over hexagons, which answers say.
"""

from __future__ import annotations

from seeds.loading.merging import Merging
from seeds.troubles import RowTrouble

HEXAGON_EDGE_M = 12_500
"""Edge of a hexagon in metres: 406 km² each, about 3,000 for a country like Mali."""


def refresh(merging: Merging) -> None:
    """Make the demand points of each nation that the importer makes them for, and tell how; what is the same stays.

    The points of an area add up to its people and children. A nation whose points another loader has made keeps these.
    A dry run says which there would be and writes none, since what is nearest to them is found while others wait.
    """
    if merging.report.refused and not merging.options.accept_partial:
        return  # nothing of it is to stay
    nations = list(merging.file("demand_nations").scalars().all())
    if not nations:
        return
    merging.run("DROP TABLE IF EXISTS demand_unit, demand_wanted")
    merging.file("demand_units", nations=nations)
    merging.file("demand_towns", nations=nations)
    merging.file("demand_shared")
    merging.file("demand_grid")
    merging.run("ANALYZE demand_unit, demand_wanted")
    merging.file("demand_hexagons", edge_m=HEXAGON_EDGE_M)
    merging.file("demand_people")
    merging.file("demand_children", nations=nations)
    merging.run("ANALYZE demand_wanted")
    made = merging.file("demand_compared", nations=nations).one()
    if not merging.options.dry_run:
        merging.file("demand_merged", nations=nations)
        merging.run(
            "INSERT INTO lakana.demand_nation SELECT unnest(CAST(:nations AS uuid[])) ON CONFLICT DO NOTHING",
            nations=nations,
        )
        merging.run("ANALYZE lakana.demand_point, lakana.demand_block")
    if made.altered:
        told = {"localities": made.localities, "cells": made.cells, "hexagons": made.hexagons}
        merging.note(RowTrouble.DEMAND_MADE, **told, people=int(made.spread))
