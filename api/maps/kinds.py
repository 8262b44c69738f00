"""How a map of each kind is made: the questions that it asks, and the page that is drawn from the answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from api.maps import hotspots, pathway, presence, recommended, scenario, training
from api.maps.controls import controls_of
from api.pages import map_questions, map_records
from api.pages.map_choices import Choices
from api.pages.map_questions import Public
from api.pages.map_records import Answers, Drawn, Packed, packed
from maps.controls import Controls
from maps.kinds import MapKind


@dataclass(frozen=True, slots=True)
class Making:
    """How a map is made: ``ask`` gathers the answers, ``draw`` needs a processor and no database."""

    ask: Callable[[Public, Choices], Awaitable[Answers]]
    draw: Callable[[Answers, Choices, Controls | None], Drawn]


MAKING: dict[MapKind, Making] = {
    MapKind.OVERVIEW: Making(map_questions.overview, map_records.draw_overview),
    MapKind.COVERAGE: Making(map_questions.coverage, map_records.draw_coverage),
    MapKind.HOTSPOTS: Making(hotspots.ask, hotspots.draw),
    MapKind.PRESENCE: Making(presence.ask, presence.draw),
    MapKind.TRAINING: Making(training.ask, training.draw),
    MapKind.PATHWAY: Making(pathway.ask, pathway.draw),
    MapKind.SITES: Making(recommended.ask, recommended.draw),
    MapKind.SCENARIO: Making(scenario.ask, scenario.draw),
}


async def answers(kind: MapKind, by: Public, choices: Choices) -> Answers:
    """Return what a map is drawn from.

    Raises
    ------
    LakanaError
        As :mod:`api.pages.map_questions` says.

    """
    return await MAKING[kind].ask(by, choices)


def page(kind: MapKind, answers: Answers, choices: Choices) -> Packed:
    """Draw a map for all who will open its page, with what can be chosen, and compress it."""
    return packed(MAKING[kind].draw, answers, choices, controls_of(kind, answers, choices))


def file(kind: MapKind, answers: Answers, choices: Choices) -> str:
    """Draw a map as a file, which no server draws anew."""
    return MAKING[kind].draw(answers, choices, None)[0].decode()
