"""Maps as files, for the command line."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

from api.exports.asking import Asker
from api.graphql.compile.document_cache import Operations
from api.identity import admission
from api.maps import kinds
from api.pages.map_choices import Choices
from api.pages.map_questions import public
from api.pages.map_records import Answers, coverage, data
from api.settings import Settings
from geo.service import Resources
from maps.kinds import MapKind


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key that is shown, with the settings that it is checked by; the ``repr`` holds neither."""

    key: str = field(repr=False)
    settings: Settings = field(repr=False)


def map_file(owner_url: str, kind: MapKind, choices: Choices, credentials: Credentials | None = None) -> str:
    """Return a map of a kind as one HTML file: the public's, or that of the planner whose key is shown.

    Raises
    ------
    LakanaError
        As :func:`api.maps.kinds.answers` says; Forbidden without a key where the map is for planners.

    """
    return kinds.file(kind, _answers(owner_url, kind, choices, credentials), choices)


def brief_file(owner_url: str, choices: Choices) -> str:
    """Return the brief on the coverage of an area as one HTML file that prints as it stands; see :func:`map_file`."""
    from maps import brief  # noqa: PLC0415  shapely is slow to import, and only drawing needs it

    answers = _answers(owner_url, MapKind.COVERAGE, choices)
    area = data(answers["frame"])["nation"]["name"]
    return brief.draw(coverage(answers, choices), area, choices.locale).html


def _answers(owner_url: str, kind: MapKind, choices: Choices, shown: Credentials | None = None) -> Answers:
    from api.graphql.schema import compiled_schema  # noqa: PLC0415  the server has it already, the command line pays for it here

    async def ask() -> Answers:
        resources = Resources(owner_url, 2)
        operations = Operations(compiled_schema())
        by = public(operations, resources)
        try:
            if shown is not None:
                caller = await admission.Credentials(shown.settings, resources.gate).caller(
                    [f"Bearer {shown.key}".encode()]
                )
                by = replace(by, own=Asker(operations, resources, caller.speaking(choices.locale)).paid)
            return await kinds.answers(kind, by, choices)
        finally:
            resources.close()

    return asyncio.run(ask())
