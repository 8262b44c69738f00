"""The kinds that can be imported, by name."""

from __future__ import annotations

from collections.abc import Mapping

from seeds.loading import areas, localities, population
from seeds.loading.merging import Loader

LOADERS: Mapping[str, Loader] = {each.kind.name: each for each in (areas.LOADER, localities.LOADER, population.LOADER)}
