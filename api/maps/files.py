"""Maps as files, for the command line."""

from __future__ import annotations

import asyncio

from api.graphql.compile.document_cache import Operations
from api.maps import kinds
from api.pages.map_choices import Choices
from api.pages.map_questions import public
from api.pages.map_records import Answers, coverage, data
from geo.service import Resources
from maps.kinds import MapKind


def map_file(owner_url: str, kind: MapKind, choices: Choices) -> str:
    """Return the public's map of a kind as one HTML file.

    Raises
    ------
    LakanaError
        As :func:`api.maps.kinds.answers` says.

    """
    return kinds.file(kind, _answers(owner_url, kind, choices), choices)


def brief_file(owner_url: str, choices: Choices) -> str:
    """Return the brief on the coverage of an area as one HTML file that prints as it stands; see :func:`map_file`."""
    from maps import brief  # noqa: PLC0415  shapely is slow to import, and only drawing needs it

    answers = _answers(owner_url, MapKind.COVERAGE, choices)
    area = data(answers["frame"])["nation"]["name"]
    return brief.draw(coverage(answers, choices), area, choices.locale).html


def _answers(owner_url: str, kind: MapKind, choices: Choices) -> Answers:
    from api.graphql.schema import compiled_schema  # noqa: PLC0415  the server has it already, the command line pays for it here

    async def ask() -> Answers:
        resources = Resources(owner_url, 2)
        try:
            return await kinds.answers(kind, public(Operations(compiled_schema()), resources), choices)
        finally:
            resources.close()

    return asyncio.run(ask())
