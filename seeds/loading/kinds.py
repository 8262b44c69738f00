"""The kinds that can be imported, by name."""

from __future__ import annotations

from collections.abc import Mapping

from seeds.loading import (
    areas,
    context,
    crosswalk,
    grid,
    ground,
    guidance,
    incidents,
    localities,
    organizations,
    pathways,
    population,
    presence,
    services,
    shelters,
    trainings,
)
from seeds.loading.merging import Loader

LOADERS: Mapping[str, Loader] = {
    each.kind.name: each
    for each in (
        areas.LOADER,
        crosswalk.LOADER,
        population.LOADER,
        grid.LOADER,
        localities.LOADER,
        organizations.LOADER,
        presence.LOADER,
        services.LOADER,
        shelters.LOADER,
        incidents.LOADER,
        trainings.LOADER,
        guidance.LOADER,
        pathways.LOADER,
        context.LOADER,
        ground.LOADER,
    )
}
