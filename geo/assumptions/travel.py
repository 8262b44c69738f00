"""The assumptions of travel times; figures replace ``%s``."""

from __future__ import annotations

from geo.assumptions.catalogue import Sentences

ALWAYS: Sentences = ("Waiting, capacity, opening hours, relief and insecurity are not taken into account.",)
ESTIMATE = (
    "ESTIMATE: where no road is known, time = straight line × %s / %s km/h (sources: settings of estimates); "
    "rivers stop nobody."
)
NETWORK = (
    "NETWORK: along the roads of OpenStreetMap, at a speed by class of road, mode and season; one walks to the road "
    "and from it in a straight line, at %s km/h. A place more than %s m from any road is beyond the network and has "
    "no time."
)
STALE = (
    "Services or localities have changed since the NETWORK times were computed (%s): none leads to a service that is "
    "gone, but a nearer one may have come."
)
