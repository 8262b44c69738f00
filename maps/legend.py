"""The panel beside the map: legend, switches of the layers, figures, ranking. Plain records; the page draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from maps import layers, palette
from maps.palette import Sign


@dataclass(frozen=True, slots=True)
class Swatch:
    """A small picture for the legend: an SVG path in a square box, by default of 24 by 24."""

    path: str
    fill: str
    stroke: str = palette.INK
    width: float = 1.2
    dash: str = ""
    opacity: float = 1.0
    box: float = 24


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the legend; if it has a layer or a family of sites, it switches them on and off."""

    label: str
    swatch: Swatch | None = None
    layer: str | None = None
    family: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group of lines under a heading that may switch a layer or all of the lines; short lines share a row."""

    heading: Entry
    entries: tuple[Entry, ...] = ()
    note: str = ""
    inline: bool = False

    @property
    def switches(self) -> bool:
        """Whether the heading switches all lines at once."""
        return not self.heading.layer and any(entry.layer or entry.family for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything in the panel beside the map."""

    title: str
    lead: str
    dated: str
    groups: tuple[Group, ...]
    figures: tuple[tuple[str, str], ...] = ()
    ranking: tuple[tuple[str, str], ...] = ()
    ranked: tuple[str, str] = ("ranking", "figure_uncovered")
    """The names of the words that stand above the ranking, and of its unit."""
    assumptions: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    regions: tuple[tuple[str, str], ...] = ()
    moments: tuple[tuple[str, str], ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)


def swatch(sign: Sign) -> Swatch:
    """Return the picture of a family of sites."""
    return Swatch(sign.path, sign.colour)


def area(colour: str) -> Swatch:
    """Return the dashed circle that stands for a whole area."""
    return replace(disc(colour, 9, 0.12), stroke=colour, dash="3.5 2.5")


def ring(*, dashed: bool) -> Swatch:
    """Return the ring of a place of which no count is published, dashed if nobody reported."""
    dash = layers.RING_DASH if dashed else ""
    return replace(disc(palette.UNKNOWN_LINE, layers.RING_PX, 0), width=1.4, dash=dash)


def hatch() -> Swatch:
    """Return the hatched box that stands for land out of reach."""
    return Swatch(palette.BOX, palette.HATCH, stroke=palette.GAP)


def unknown() -> Swatch:
    """Return the box that stands for land whose regions have no known border."""
    return Swatch(palette.BOX, palette.UNKNOWN, stroke=palette.UNKNOWN_LINE, dash="3.5 2.5")


def river() -> Swatch:
    """Return the line that stands for rivers."""
    return Swatch("M1 16c6-10 9 5 22-8", "none", stroke=palette.WATER, width=2.4)


def disc(colour: str, radius_px: float, opacity: float) -> Swatch:
    """Return a circle at the size that it has on the map."""
    box = max(24, round(2 * radius_px + 4))
    path = (
        f"M{box / 2:g} {box / 2 - radius_px:g}a{radius_px:g} {radius_px:g} 0 1 0 0 {2 * radius_px:g}"
        f"a{radius_px:g} {radius_px:g} 0 1 0 0 {-2 * radius_px:g}Z"
    )
    return Swatch(path, colour, stroke=colour, width=1.5, opacity=opacity, box=box)
