"""What the tags of a way say of travelling along it.

Source: OpenStreetMap Wiki, "Key:highway", "Key:oneway" and "Key:access".
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

BARRED = frozenset({"no", "private", "agricultural", "forestry", "emergency", "military"})
"""Values of access=… that keep the public out."""
ONE_WAY = frozenset({"yes", "1", "true"})
ONE_WAY_BY_KIND = frozenset({"motorway", "motorway_link"})
"""Roads that are one-way where they do not say oneway=no."""


@dataclass(frozen=True, slots=True)
class Way:
    """What a way's tags say of travelling along it.

    Parameters
    ----------
    road_class
        The value of highway=…, or ``ferry``.
    on_foot
        One may walk along it, in both directions whatever ``oneway`` says.
    forward, backward
        One may drive along it as it was drawn, and against that.

    """

    road_class: str
    on_foot: bool
    forward: bool
    backward: bool


def way_of(tags: Callable[[str], str | None], classes: Collection[str]) -> Way | None:
    """Say how one may travel along a way.

    Parameters
    ----------
    tags
        Gives the value of a key, or ``None``.
    classes
        Those that somebody travels on.

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
