"""The kinds that can be imported, by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from seeds.loading.merging import Loader

NAMES = (
    "areas",
    "crosswalk",
    "population",
    "grid",
    "localities",
    "organizations",
    "presence",
    "services",
    "shelters",
    "incidents",
    "trainings",
    "guidance",
    "pathways",
    "context",
    "ground",
)
"""Each is a module of this package, with its ``LOADER``."""


class _Loaders(Mapping[str, Loader]):
    """The loaders by name; each is imported when it is asked for, so that a command starts without the others."""

    def __getitem__(self, name: str) -> Loader:
        if name not in NAMES:
            raise KeyError(name)
        loader: Loader = import_module(f"seeds.loading.{name}").LOADER
        return loader

    def __contains__(self, name: object) -> bool:
        return name in NAMES

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)


LOADERS: Mapping[str, Loader] = _Loaders()
