"""How one may travel along a way, from its OpenStreetMap tags.

Source: OpenStreetMap Wiki, "Key:highway", "Key:oneway" and "Key:access".
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

BARRED = frozenset({"no", "private", "agricultural", "forestry", "emergency", "military"})
"""Values of access=… that exclude the public."""
ONE_WAY = frozenset({"yes", "1", "true"})
ONE_WAY_BY_KIND = frozenset({"motorway", "motorway_link"})
"""Roads that are one-way unless they are tagged oneway=no."""


@dataclass(frozen=True, slots=True)
class Way:
    """How one may travel along a way.

    Parameters
    ----------
    road_class
        The value of highway=…, or ``ferry``.
    on_foot
        Whether one may walk along it; always in both directions, whatever ``oneway`` says.
    forward, backward
        Whether one may drive along it in the direction in which it was drawn, and against it.

    """

    road_class: str
    on_foot: bool
    forward: bool
    backward: bool


def way_of(tags: Callable[[str], str | None], classes: Collection[str]) -> Way | None:
    """Return how one may travel along a way.

    Parameters
    ----------
    tags
        Returns the value of a key, or ``None``.
    classes
        The road classes in use.

    Returns
    -------
    Way or None
        ``None`` where it is no road, an area, or closed to all.

    """
    road_class = tags("highway") or ("ferry" if tags("route") == "ferry" else None)
    if road_class not in classes or road_class is None or tags("area") == "yes":
        return None

    def allowed(*keys: str) -> bool:
        # The most particular tag decides, whatever the general ones say.
        said = next((value for value in map(tags, keys) if value), None)
        return said not in BARRED

    on_foot, driving = allowed("foot", "access"), allowed("motor_vehicle", "vehicle", "access")
    oneway = tags("oneway")
    forward, backward = driving and oneway != "-1", driving
    implied = oneway is None and (road_class in ONE_WAY_BY_KIND or tags("junction") == "roundabout")
    if oneway in ONE_WAY or implied:
        backward = False
    if not (on_foot or forward or backward):
        return None
    return Way(road_class, on_foot, forward, backward)
