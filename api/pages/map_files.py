"""Maps as files, for the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from api.graphql.compile.document_cache import Operations
from api.pages import map_questions
from api.pages.map_questions import Public, public
from api.pages.map_records import Answers, draw_coverage, draw_overview
from geo.service import Resources
from geo.vocabulary import Locale, ServiceCategory


def _now(owner_url: str, ask: Callable[[Public], Awaitable[Answers]]) -> Answers:
    from api.graphql.schema import compiled_schema  # noqa: PLC0415  the server has it already, the command line pays for it here

    async def run() -> Answers:
        resources = Resources(owner_url, 2)
        try:
            return await ask(public(Operations(compiled_schema()), resources))
        finally:
            resources.close()

    return asyncio.run(run())


def overview_page(owner_url: str, locale: Locale, area: str | None = None) -> str:
    """Return the public's overview map as one HTML file; ``area`` is the nation's code where there are several."""

    async def ask(by: Public) -> Answers:
        return await map_questions.overview(by, area)

    return draw_overview(_now(owner_url, ask), locale)[0].decode()


def coverage_page(
    owner_url: str, category: ServiceCategory, max_distance_m: float, locale: Locale, area: str | None = None
) -> str:
    """Return the public's coverage map as one HTML file; ``area`` is the nation's code where there are several."""

    async def ask(by: Public) -> Answers:
        return await map_questions.coverage(by, category, max_distance_m, locale, area)

    return draw_coverage(_now(owner_url, ask), category, max_distance_m, locale)[0].decode()
